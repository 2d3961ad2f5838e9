import { setTimeout as delay } from 'node:timers/promises';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { startEngine, untilIdle, type EngineClient } from './support/engine.ts';
import type { FailingSinkState } from './support/failing-sink.ts';
import { summarise, type Figure } from './support/figures.ts';
import { keepBusy } from './support/keep-busy.ts';
import { timed, type Timed } from './support/longest-turn.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

/** Messages handed over at once. */
const outstanding = 64;
const usualDeliveries = 100_000;
const mostReplayed = 10_000;
const usualRounds = 5;

/** How long it takes to group what failed, when no two answers are the same, and to judge what a large replay came to. */
export async function benchFailures(sizes: Sizes): Promise<Findings> {
  const deliveries = sizes.messages ?? usualDeliveries;
  const rounds = sizes.rounds ?? usualRounds;
  const replayed = Math.min(mostReplayed, deliveries);
  const sink: Child<'state' | 'mend', FailingSinkState> = await startChild('failing-sink.ts');
  const folder = createTempFolder();
  const engine = await startEngine(folder.path);
  try {
    const { client } = engine;
    const { port } = await sink.ask('state');
    await client.endpoints.create({ name: 'Shop', url: `http://127.0.0.1:${port}/`, events: ['*'], retryPolicy: 'none' });
    await keepBusy(replayed, outstanding, async (number) => void (await client.messages.send({ type: 'order.made', data: { number } })));
    await keepBusy(
      deliveries - replayed,
      outstanding,
      async (number) => void (await client.messages.send({ type: 'order.paid', data: { number } })),
    );
    await untilIdle(client);
    const grouping = await several(rounds, () => client.deliveries.failureGroups({}));
    assertOneGroup(grouping, deliveries);
    const replayId = await replay(client, sink);
    const judging = await several(rounds, () => client.replays.verdicts({ id: replayId }));
    for (const { value } of judging)
      if (value.counts.fixed !== replayed) throw new Error(`Of ${replayed} only ${value.counts.fixed ?? 0} are fixed.`);
    return findingsOf({ deliveries, replayed, rounds }, grouping, judging);
  } finally {
    await engine.stop();
    folder.remove();
    await sink.stop();
  }
}

async function several<T>(rounds: number, work: () => Promise<T>): Promise<readonly Timed<T>[]> {
  const runs: Timed<T>[] = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await timed(work));
  return runs;
}

/** Grouping that finds something else measures something else. */
function assertOneGroup(
  runs: readonly Timed<Awaited<ReturnType<EngineClient['deliveries']['failureGroups']>>>[],
  deliveries: number,
): void {
  for (const { value } of runs)
    if (value.groups.length !== 1 || value.groups[0]?.count !== deliveries)
      throw new Error(
        `One group of ${deliveries} was expected, and not ${value.groups.map(({ count, answer }) => `${count}: ${answer ?? ''}`).join('; ')}`,
      );
}

/** Replays the first event type once the receiver is mended; settles when all attempts were made. */
async function replay(client: EngineClient, sink: Child<'state' | 'mend', FailingSinkState>): Promise<string> {
  await sink.ask('mend');
  const { id } = await client.replays.start({
    source: { kind: 'redeliver', filter: { eventType: 'order.made', status: 'exhausted' } },
    ratePerSecond: null,
  });
  while ((await client.replays.get({ id })).status === 'running') await delay(50);
  await untilIdle(client);
  return id;
}

function findingsOf(
  sizes: { readonly deliveries: number; readonly replayed: number; readonly rounds: number },
  grouping: readonly Timed<unknown>[],
  judging: readonly Timed<unknown>[],
): Findings {
  const figure = (name: string, values: readonly number[]): Figure => ({ name, unit: 'ms', ...summarise(values) });
  const figures = [
    figure(
      `grouping ${sizes.deliveries} failed deliveries`,
      grouping.map(({ tookMs }) => tookMs),
    ),
    figure(
      'longest turn of the main thread meanwhile',
      grouping.map(({ longestTurnMs }) => longestTurnMs),
    ),
    figure(
      `verdict of ${sizes.replayed} replayed deliveries`,
      judging.map(({ tookMs }) => tookMs),
    ),
    figure(
      'longest turn of the main thread meanwhile, for the verdict',
      judging.map(({ longestTurnMs }) => longestTurnMs),
    ),
  ];
  return {
    method: [
      `${sizes.deliveries} messages were sent to a receiver in a process of its own that refused each with another answer (422, 100 bytes of JSON with two ids and a number), one attempt each. They have one cause.`,
      'Grouping: `deliveries.failureGroups` over all of them, called in process; the first run normalises every answer, later ones too, since the thread remembers 5,000.',
      `Verdict: ${sizes.replayed} of them are replayed at no limit to the receiver, which takes them now; then \`replays.verdicts\`.`,
      `${counted(sizes.rounds, 'run')} of each. The longest turn is by the processor time of the thread, so that what else runs on the machine does not count.`,
    ],
    sizes,
    figures,
    ratios: [],
    table: tableOf(figures, []),
  };
}
