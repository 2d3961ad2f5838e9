import { allPages } from '#shared/all-pages.ts';
import type { Source } from '#shared/contract/sources.ts';
import type { Change } from '#shared/contract/system.ts';
import type { EngineClient } from './engine-client.ts';
import { gapText } from './gap-text.ts';
import { formatTime, printJsonLine, printLine, printNote, toned } from './output.ts';

/** The source that a `listen` follows, which it prints the state of. */
export interface ListenedSource {
  /** Prints what has changed about it. */
  readonly follow: (change: Change) => Promise<void>;
  /** Pauses it where this command began to follow it; it goes on from there the next time. */
  readonly leave: () => Promise<void>;
}

/** Lets the bin capture what comes to a URL: by the source that it has for it, or by a new one. */
export async function openListenedSource(client: EngineClient, binId: string, url: string, json: boolean): Promise<ListenedSource> {
  const before = new Set((await allPages((from) => client.sources.list({ binId, limit: 200, ...from }))).map(({ id }) => id));
  const { id, wasActive } = await openSource(client, binId, url);
  let shown = '';
  let gapCount = before.has(id) ? (await client.sources.get({ id })).gapCount : 0;

  const print = (source: Source) => {
    const state = `${source.state} ${source.message}`;
    if (state !== shown) {
      shown = state;
      if (json) printJsonLine({ event: 'source', ...source });
      else
        printLine(
          `${toned(source.state, source.state === 'connected' ? 'good' : 'waiting')}  ${source.url}  ${source.message}${againText(source)}`,
        );
    }
    const fresh = source.gaps.slice(-Math.max(0, source.gapCount - gapCount) || source.gaps.length);
    if (source.gapCount > gapCount) for (const gap of fresh) printNote(`Gap: ${gapText(gap)}`);
    gapCount = source.gapCount;
  };
  print(await client.sources.get({ id }));
  return {
    follow: async ({ topic, ids }) => {
      if (topic === 'sources' && (ids.length === 0 || ids.includes(id))) print(await client.sources.get({ id }));
    },
    leave: async () => {
      if (!wasActive) await client.sources.update({ id, isActive: false });
    },
  };
}

/** Where nobody lets it in, that it goes on all the same, and how to end it. */
function againText({ state, nextTryAtMs }: Source): string {
  return state !== 'refused' || nextTryAtMs === null
    ? ''
    : ` It is tried again at ${formatTime(nextTryAtMs)}, and this bin goes on receiving; Ctrl+C ends it.`;
}

/** Whether it was followed before is known by whether it has to be resumed; the URL of a stream is not told, so the engine compares. */
async function openSource(client: EngineClient, binId: string, url: string): Promise<{ readonly id: string; readonly wasActive: boolean }> {
  const { id, isNew, wasActive } = await client.sources.open({ binId, url });
  return { id, wasActive: !isNew && wasActive };
}
