import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoggedFailureGroup } from '#shared/contract/failure-groups.ts';
import type { ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import type { Replay } from '#shared/contract/replays.ts';
import type { Client } from '../../base/client.ts';
import { failureText } from '#shared/failure-words.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import type { DeliveryFilter } from './filter.ts';
import { knownCauses } from './known-causes.ts';

type Answer = Awaited<ReturnType<Client['deliveries']['failureGroups']>>;

/** The newest replay of a group with what it came to. */
export interface GroupReplay {
  readonly replay: Replay;
  /** Null until it was read. */
  readonly counts: ReplayVerdicts['counts'] | null;
}

/** A group as it is shown. One that nothing fails in any more stays with its replay, and has a count of 0. */
export interface ShownGroup {
  readonly group: LoggedFailureGroup;
  readonly last: GroupReplay | null;
}

export interface FailureGroupsState {
  /** The answer last read; null before the first. */
  readonly answer: Omit<Answer, 'groups'> | null;
  readonly groups: readonly ShownGroup[];
  readonly isReading: boolean;
  readonly problem: Problem | null;
}

/** What failed, by its causes, as last read. */
export interface FailureGroupsStore extends StoreApi<FailureGroupsState> {
  /** Reads again, with the newest replays beside those that are `known`; while one answer is awaited, only the newest call waits with it. */
  readonly read: (asked: { readonly filter: DeliveryFilter; readonly known: readonly Replay[] }) => Promise<void>;
}

/** How many times as long as it took the next look waits, since each goes over all that failed. */
const restFactor = 3;

/** So many replays are read beside the groups. */
const newestReplays = 20;

/** So many replays are asked for their verdicts. */
const judgedReplays = 10;

/** A store over the engine's failure groups. */
export function createFailureGroupsStore(client: Pick<Client, 'deliveries' | 'replays'>): FailureGroupsStore {
  const store = createStore<FailureGroupsState>(() => ({ answer: null, groups: [], isReading: false, problem: null }));
  /** As they were last seen with something in them, in the order in which they were first seen, of the filter that was read last. */
  const seen = new Map<string, LoggedFailureGroup>();
  const causes = knownCauses(client);
  let seenBy = '';
  const read = oneAtATime<Parameters<FailureGroupsStore['read']>[0]>(async ({ filter, known }) => {
    store.setState({ isReading: true });
    try {
      const { groups, ...answer } = await client.deliveries.failureGroups({ ...filter });
      const by = JSON.stringify(filter);
      if (seenBy !== by) seen.clear();
      seenBy = by;
      for (const group of groups) {
        seen.set(group.key, group);
        causes.set(group.key, failureText(group));
      }
      // Read after the groups, so that one that a replay has emptied never goes for want of the replay, and the focus with it.
      const { items } = await client.replays.list({ limit: newestReplays });
      const newest = newestByGroup([...items, ...known]);
      const found = new Set(groups.map(({ key }) => key));
      // One that is missing among the largest may still fail.
      const gone = (answer.moreGroups > 0 ? [] : [...newest.keys()]).flatMap((key) => {
        const group = found.has(key) ? undefined : seen.get(key);
        return group === undefined ? [] : [{ ...group, count: 0, exhausted: 0 }];
      });
      const shown = inPlace([...groups, ...gone], seen);
      const judged = await verdictsOf(client, newest, shown);
      store.setState({
        answer,
        groups: shown.map((group) => ({ group, last: judged.get(group.key) ?? null })),
        isReading: false,
        problem: null,
      });
    } catch (error) {
      store.setState({ isReading: false, problem: toProblem(error) });
    }
  }, restFactor);
  return { ...store, read };
}

/**
 * Most first, where a group that nothing fails in any more counts as it was last `seen`: after its replay it stands where it stood, with
 * what came of it. Those that are alike stay in the order in which they were first seen.
 */
export function inPlace(
  groups: readonly LoggedFailureGroup[],
  seen: ReadonlyMap<string, LoggedFailureGroup>,
): readonly LoggedFailureGroup[] {
  const order = new Map([...seen.keys()].map((key, index) => [key, index]));
  const rank = ({ key, count }: LoggedFailureGroup) => (count > 0 ? count : (seen.get(key)?.count ?? 0));
  return groups.toSorted((one, other) => rank(other) - rank(one) || (order.get(one.key) ?? 0) - (order.get(other.key) ?? 0));
}

/** The newest replay of each group; the list has the newest first. */
function newestByGroup(replays: readonly Replay[]): ReadonlyMap<string, Replay> {
  const newest = new Map<string, Replay>();
  for (const replay of replays) {
    const key = replay.source.kind === 'redeliver' ? replay.source.filter.failureGroup : undefined;
    if (key !== undefined && !newest.has(key)) newest.set(key, replay);
  }
  return newest;
}

async function verdictsOf(
  client: Pick<Client, 'replays'>,
  newest: ReadonlyMap<string, Replay>,
  groups: readonly LoggedFailureGroup[],
): Promise<ReadonlyMap<string, GroupReplay>> {
  const wanted = groups.flatMap(({ key }) => newest.get(key) ?? []);
  const counts = new Map<string, ReplayVerdicts['counts']>();
  for (const { id } of wanted.slice(0, judgedReplays)) counts.set(id, (await client.replays.verdicts({ id })).counts);
  return new Map(
    groups.flatMap(({ key }) => {
      const replay = newest.get(key);
      return replay === undefined ? [] : [[key, { replay, counts: counts.get(replay.id) ?? null }]];
    }),
  );
}
