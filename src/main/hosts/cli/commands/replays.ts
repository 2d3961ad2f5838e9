import { Command, Option } from 'commander';
import { replayVerdict, type ReplayVerdict, type ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import { endText, replayVerdictTones, replayVerdictWords, toldVerdicts } from '#shared/replay-verdict-words.ts';
import { skippedCount } from '#shared/skip-words.ts';
import type { EngineClient } from '../engine-client.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table, toned } from '../output.ts';
import { describeReplay, sourceText } from './replay.ts';

/** The `replays` commands. */
export function replaysCommand(): Command {
  const list = addListFlags(new Command('list').description('List replays, newest first')).action(
    async (flags: ListFlags) =>
      await ask(
        flags,
        (client) => client.replays.list(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'STARTED', 'STATUS', 'DONE', 'SKIPPED', 'FOUND', 'WHAT'],
            items.map((replay) => [
              replay.id,
              formatTime(replay.createdAtMs),
              replay.status,
              String(replay.replayed),
              String(skippedCount(replay.skipped)),
              String(replay.total),
              sourceText(replay),
            ]),
          );
        },
      ),
  );
  const one = (name: 'get' | 'pause' | 'resume' | 'cancel', verb: string, description: string) =>
    addHostFlags(new Command(verb).description(description).argument('<id>', 'replay id')).action(
      async (id: string, flags: HostFlags) => await ask(flags, (client: EngineClient) => client.replays[name]({ id }), describeReplay),
    );
  return new Command('replays')
    .description('Look at replays, pause, resume and cancel them')
    .addCommand(list)
    .addCommand(verdictCommand())
    .addCommand(deliveriesCommand())
    .addCommand(one('get', 'show', 'Show a replay and how its deliveries stand'))
    .addCommand(one('pause', 'pause', 'Pause a replay'))
    .addCommand(one('resume', 'resume', 'Go on with a paused replay'))
    .addCommand(one('cancel', 'cancel', 'End a replay; what it scheduled already is sent'));
}

function verdictCommand(): Command {
  return addHostFlags(
    new Command('verdict')
      .description('Say what a replay fixed, what it broke and what fails as before; exits 1 where something fails')
      .argument('<id>', 'replay id'),
  ).action(
    async (id: string, flags: HostFlags) =>
      await ask(
        flags,
        async (client) => {
          const verdicts = await client.replays.verdicts({ id });
          if (verdicts.failures.length > 0) process.exitCode = 1;
          return verdicts;
        },
        describeVerdicts,
      ),
  );
}

function describeVerdicts({ id, counts, failures, moreFailures }: ReplayVerdicts): string {
  const told = toldVerdicts(counts).map(({ verdict, count }) =>
    toned(`${count} ${replayVerdictWords[verdict]}`, replayVerdictTones[verdict]),
  );
  return [
    `${id}  ${told.length === 0 ? 'nothing was replayed' : told.join(', ')}`,
    ...failures.map((group) => `${group.count} at ${group.endpointName}: ${endText(group)}, such as ${group.exampleId}`),
    ...(moreFailures === 0 ? [] : [`and ${moreFailures} more ways to fail`]),
  ].join('\n');
}

interface DeliveriesFlags extends ListFlags {
  readonly verdict?: ReplayVerdict;
}

function deliveriesCommand(): Command {
  return addListFlags(
    new Command('deliveries')
      .description('List the deliveries of a replay, oldest first, with how they ended before and since')
      .argument('<id>', 'replay id')
      .addOption(new Option('--verdict <verdict>', 'only those').choices(replayVerdict.options)),
  ).action(
    async (id: string, flags: DeliveriesFlags) =>
      await ask(
        flags,
        (client) => client.replays.deliveries({ id, ...pageOf(flags), ...(flags.verdict === undefined ? {} : { verdict: flags.verdict }) }),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['DELIVERY', 'VERDICT', 'BEFORE', 'SINCE', 'EVENT', 'ENDPOINT'],
            items.map(({ deliveryId, verdict, before, after, eventType, endpointName }) => [
              deliveryId,
              replayVerdictWords[verdict],
              before === null ? '' : endText(before),
              after === null ? '' : endText(after),
              eventType,
              endpointName,
            ]),
          );
        },
      ),
  );
}
