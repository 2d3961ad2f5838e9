import { durationText } from '#shared/duration-text.ts';
import { Command } from 'commander';
import type { DeliveryDetail, DeliverySummary } from '#shared/contract/deliveries.ts';
import { addDeliveryFlags, assertNarrowed, readFilter, type DeliveryFlags } from '../delivery-flags.ts';
import { addHostFlags, addListFlags, ask, noteNext, noteSearchedInPart, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, printNote, table } from '../output.ts';
import { deliveryGroupsCommand } from './delivery-groups.ts';

type DeliveryListFlags = ListFlags & DeliveryFlags;

/** The `deliveries` commands. */
export function deliveriesCommand(): Command {
  const list = addDeliveryFlags(addListFlags(new Command('list').description('List deliveries, newest first'))).action(
    async (flags: DeliveryListFlags) => await listDeliveries(flags),
  );
  const show = addHostFlags(new Command('show').description('Show a delivery with its attempts').argument('<id>', 'delivery id')).action(
    async (id: string, flags: HostFlags) =>
      await ask(flags, (client) => client.deliveries.get({ id, bodies: flags.json === true }), describeDelivery),
  );
  const redeliver = addHostFlags(
    new Command('redeliver').description('Try a delivery again now with the same body').argument('<id>', 'delivery id'),
  )
    .option('--original-timestamp', 'sign as of the first attempt, so that the request is the same again (default: as of now)')
    .action(
      async (id: string, flags: HostFlags & { readonly originalTimestamp?: boolean }) =>
        await ask(
          flags,
          (client) => client.deliveries.redeliver({ id, timestamp: flags.originalTimestamp === true ? 'original' : 'now' }),
          (delivery) => `${delivery.id} is tried again: attempt ${delivery.attemptCount + 1} to ${delivery.url}`,
        ),
    );
  const next = addHostFlags(
    new Command('next').description('Jump to the next attempt: make it now').argument('<id>', 'delivery id'),
  ).action(
    async (id: string, flags: HostFlags) =>
      await ask(
        flags,
        (client) => client.deliveries.attemptNow({ id }),
        (delivery) => `${delivery.id} makes attempt ${delivery.attemptCount + 1} now, to ${delivery.url}`,
      ),
  );
  return new Command('deliveries')
    .description('Look at deliveries and redeliver them')
    .addCommand(list)
    .addCommand(deliveryGroupsCommand())
    .addCommand(show)
    .addCommand(redeliver)
    .addCommand(next)
    .addCommand(cancelCommand());
}

/** Cancels one by its id, or all of a filter. */
function cancelCommand(): Command {
  return addDeliveryFlags(addHostFlags(new Command('cancel').description('Stop trying a delivery, or every one that matches')))
    .argument('[id]', 'delivery id; without it, those that the options choose')
    .option('--all', 'every delivery that is not final')
    .option('--dry-run', 'count what would be cancelled, and cancel nothing')
    .action(async (id: string | undefined, flags: HostFlags & DeliveryFlags & { readonly all?: boolean; readonly dryRun?: boolean }) => {
      if (id !== undefined)
        return await ask(
          flags,
          (client) => client.deliveries.cancel({ id }),
          (delivery) => `${delivery.id} is cancelled.`,
        );
      const dryRun = flags.dryRun === true;
      return await ask(
        flags,
        async (client) => {
          const filter = await readFilter(client, flags);
          assertNarrowed(filter, flags.all);
          return await client.deliveries.cancelMatching({ ...filter, dryRun });
        },
        ({ waiting, inFlight }) => `${dryRun ? 'Would cancel' : 'Cancelled'} ${waiting} that waited and ${inFlight} under way.`,
      );
    });
}

async function listDeliveries(flags: DeliveryListFlags): Promise<void> {
  await ask(
    flags,
    async (client) => await client.deliveries.list({ ...pageOf(flags), ...(await readFilter(client, flags)) }),
    ({ items, next, searchedInPart, warnings }) => {
      noteNext(next);
      noteSearchedInPart(searchedInPart);
      for (const { message } of warnings) printNote(message);
      return table(
        ['ID', 'CREATED', 'STATUS', 'ATTEMPTS', 'EVENT', 'ENDPOINT', 'LAST OUTCOME'],
        items.map((row) => [
          row.id,
          formatTime(row.createdAtMs),
          statusText(row),
          `${row.attemptCount}/${row.maxAttempts}`,
          row.eventType,
          row.endpointName,
          row.lastOutcome?.message ?? '',
        ]),
      );
    },
  );
}

function describeDelivery(delivery: DeliveryDetail): string {
  const attempts = delivery.attempts.map((attempt) => [
    String(attempt.number),
    formatTime(attempt.startedAtMs),
    attempt.outcome?.code ?? 'in flight',
    attempt.response === null ? '-' : String(attempt.response.status),
    attempt.timings === null ? '-' : durationText(attempt.timings.totalMs),
    attempt.outcome?.message ?? '',
  ]);
  return [
    `${delivery.id}  ${statusText(delivery)}  ${delivery.eventType} to ${delivery.endpointName} (${delivery.url})`,
    ...(delivery.endReason === null ? [] : [delivery.endReason]),
    ...(delivery.nextAttemptAtMs === null ? [] : [`Next attempt at ${formatTime(delivery.nextAttemptAtMs)}`]),
    table(['#', 'STARTED', 'OUTCOME', 'STATUS', 'TIME', 'WHY'], attempts),
  ].join('\n');
}

function statusText({ status, isTest }: Pick<DeliverySummary, 'status' | 'isTest'>): string {
  return isTest ? `${status} (test)` : status;
}
