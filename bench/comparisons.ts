import { counted } from './support/counted.ts';
import { startEngine, type EngineClient } from './support/engine.ts';
import { summarise, type Figure } from './support/figures.ts';
import { timed } from './support/longest-turn.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

const [usualLarge, usualRounds] = [5, 3];

/** How long a comparison of small requests takes beside several of 10 MB each, which are all asked for before it. */
export async function benchComparisons(sizes: Sizes): Promise<Findings> {
  const count = sizes.messages ?? usualLarge;
  const rounds = sizes.rounds ?? usualRounds;
  const folder = createTempFolder();
  const engine = await startEngine(folder.path, { withCaptures: true });
  try {
    const { client } = engine;
    const bin = await client.bins.create({ name: 'Orders' });
    const large: string[] = [];
    for (let number = 0; number <= count; number += 1) large.push(await captured(client, bin, largeBody(number)));
    const small = [await captured(client, bin, '{"total":1}'), await captured(client, bin, '{"total":2}')];
    const compare = (before = '', after = '') => client.comparing.compare({ before: { captureId: before }, after: { captureId: after } });
    // The threads are started, as they are in a host that was used before.
    await Promise.all([compare(small[0], small[1]), compare(large[0], large[1])]);
    const seen = { alone: [] as number[], beside: [] as number[], large: [] as number[], last: [] as number[], turns: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      seen.alone.push((await timed(() => compare(small[0], small[1]))).tookMs);
      const startedMs = performance.now();
      const all = await timed(async () => {
        const each = Array.from({ length: count }, async (_, at) => {
          await compare(large[at], large[at + 1]);
          seen.large.push(performance.now() - startedMs);
        });
        const { tookMs } = await timed(() => compare(small[0], small[1]));
        seen.beside.push(tookMs);
        await Promise.all(each);
      });
      seen.last.push(all.tookMs);
      seen.turns.push(all.longestTurnMs);
    }
    return findingsOf({ large: count, rounds }, [
      figure('a small comparison alone', seen.alone),
      figure(`a small comparison behind ${count} of 10 MB`, seen.beside),
      figure('each of the large ones', seen.large),
      figure('the last of the large ones', seen.last),
      figure('longest turn of the main thread meanwhile', seen.turns),
    ]);
  } finally {
    await engine.stop();
    folder.remove();
  }
}

/** Some 10 MB of JSON in which every element has another value than with another number. */
function largeBody(number: number): string {
  return JSON.stringify(Array.from({ length: 160_000 }, (_, index) => ({ index, text: 'some words of an order', first: number })));
}

async function captured(client: EngineClient, bin: { readonly id: string; readonly url: string }, body: string): Promise<string> {
  await fetch(bin.url, { method: 'POST', body });
  const { items } = await client.captures.list({ binId: bin.id, limit: 1 });
  return items[0]?.id ?? '';
}

function figure(name: string, values: readonly number[]): Figure {
  return { name, unit: 'ms', ...summarise(values) };
}

function findingsOf(sizes: { readonly large: number; readonly rounds: number }, figures: readonly Figure[]): Findings {
  return {
    method: [
      `${sizes.large + 1} captures of some 10 MB of JSON, of which each is compared with the next, all at once; right behind them, two captures of 11 bytes are compared. Called in process.`,
      `${counted(sizes.rounds, 'round')}. The longest turn is by the processor time of the thread, so that what else runs on the machine does not count.`,
    ],
    sizes,
    figures,
    ratios: [],
    table: tableOf(figures, []),
  };
}
