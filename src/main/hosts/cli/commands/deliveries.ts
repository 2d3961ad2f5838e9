import { Command, Option } from 'commander';
import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatDuration, formatTime, table } from '../output.ts';

interface DeliveryListFlags extends ListFlags {
  readonly status?: DeliveryStatus;
  readonly q?: string;
}

/** The `deliveries` commands. */
export function deliveriesCommand(): Command {
  const list = addListFlags(new Command('list').description('List deliveries, newest first'))
    .addOption(new Option('--status <status>', 'only those in this state').choices(deliveryStatus.options))
    .option('--q <text>', 'only those with this text in id, event type, endpoint, URL, outcome or body')
    .action(async (flags: DeliveryListFlags) => await listDeliveries(flags));
  const show = addHostFlags(new Command('show').description('Show a delivery with its attempts').argument('<id>', 'delivery id')).action(
    async (id: string, flags: HostFlags) =>
      await ask(flags, (client) => client.deliveries.get({ id, bodies: flags.json === true }), describeDelivery),
  );
  const redeliver = addHostFlags(
    new Command('redeliver').description('Try a delivery again now with the same body').argument('<id>', 'delivery id'),
  ).action(
    async (id: string, flags: HostFlags) =>
      await ask(
        flags,
        (client) => client.deliveries.redeliver({ id }),
        (delivery) => `${delivery.id} is tried again: attempt ${delivery.attemptCount + 1} to ${delivery.url}`,
      ),
  );
  return new Command('deliveries')
    .description('Look at deliveries and redeliver them')
    .addCommand(list)
    .addCommand(show)
    .addCommand(redeliver);
}

async function listDeliveries(flags: DeliveryListFlags): Promise<void> {
  const filter = { ...(flags.status === undefined ? {} : { status: flags.status }), ...(flags.q === undefined ? {} : { q: flags.q }) };
  await ask(
    flags,
    (client) => client.deliveries.list({ ...pageOf(flags), ...filter }),
    ({ items, next }) => {
      noteNext(next);
      return table(
        ['ID', 'CREATED', 'STATUS', 'ATTEMPTS', 'EVENT', 'ENDPOINT', 'LAST OUTCOME'],
        items.map((row) => [
          row.id,
          formatTime(row.createdAtMs),
          row.status,
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
    attempt.timings === null ? '-' : formatDuration(attempt.timings.totalMs),
    attempt.outcome?.message ?? '',
  ]);
  return [
    `${delivery.id}  ${delivery.status}  ${delivery.eventType} to ${delivery.endpointName} (${delivery.url})`,
    ...(delivery.nextAttemptAtMs === null ? [] : [`Next attempt at ${formatTime(delivery.nextAttemptAtMs)}`]),
    table(['#', 'STARTED', 'OUTCOME', 'STATUS', 'TIME', 'WHY'], attempts),
  ].join('\n');
}
