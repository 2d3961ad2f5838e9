import { Option, type Command } from 'commander';
import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import { matchedVerdict } from '#shared/contract/request-match.ts';
import { allPages } from '#shared/all-pages.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { findBin } from './find-bin.ts';
import { timeAgo } from './time-flags.ts';

/** Options that choose captures. */
export interface CaptureFlags {
  readonly bin?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: string;
  readonly verdict?: NonNullable<CaptureSelection['verdict']>;
  readonly event?: string;
  readonly eventId?: string;
  readonly tag?: string;
  /** True with --pinned, false with --no-pinned. */
  readonly pinned?: boolean;
  readonly rule?: string;
  readonly source?: string;
  readonly since?: number;
  readonly until?: number;
  readonly q?: string;
}

export const captureFlagNames = [
  'bin',
  'method',
  'path',
  'status',
  'verdict',
  'event',
  'eventId',
  'tag',
  'pinned',
  'rule',
  'source',
  'since',
  'until',
  'q',
] as const satisfies readonly (keyof CaptureFlags)[];

/** Adds the options that choose captures, in the words of those that choose deliveries. */
export function addCaptureFlags(command: Command): Command {
  return command
    .option('--bin <bin>', 'only those of the bin with this id, slug or name')
    .option('--method <method>', 'only those with this method')
    .option('--path <path>', "only those with this path behind the bin's own; * stands for anything, as in /orders/*")
    .option('--status <status>', 'only those answered like this: 404, or 4xx for a class')
    .addOption(new Option('--verdict <verdict>', 'only those with this verdict').choices(matchedVerdict.options))
    .option('--event <type>', 'only those that name this event: order.paid, order.*, or * for any')
    .option('--event-id <id>', 'only those whose sender gave the event this id')
    .option('--tag <tag>', 'only those with this tag')
    .option('--pinned', 'only those that are pinned')
    .option('--no-pinned', 'leave out those that are pinned')
    .option('--rule <rule>', "only those answered by the rule with this id or name, or own for the bin's own answer")
    .option('--source <source>', 'only those brought by the source with this id or name')
    .option('--since <time>', 'only those received since: 2h, 7d, or a time such as 2026-08-20T14:03:00Z', timeAgo)
    .option('--until <time>', 'only those received before', timeAgo)
    .option('--q <text>', 'only those with this text in id, method, target, headers, body, note or tags');
}

/** The filter that the options say. */
export async function readCaptures(client: EngineClient, flags: CaptureFlags): Promise<CaptureSelection> {
  const binId = flags.bin === undefined ? undefined : await findBin(client, flags.bin);
  return {
    ...(binId === undefined ? {} : { binId }),
    ...(flags.method === undefined ? {} : { method: flags.method }),
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.status === undefined ? {} : { status: flags.status }),
    ...(flags.verdict === undefined ? {} : { verdict: flags.verdict }),
    ...(flags.event === undefined ? {} : { eventType: flags.event }),
    ...(flags.eventId === undefined ? {} : { messageId: flags.eventId }),
    ...(flags.tag === undefined ? {} : { tag: flags.tag }),
    ...(flags.pinned === undefined ? {} : { isPinned: flags.pinned }),
    ...(flags.rule === undefined ? {} : { answeredBy: flags.rule }),
    ...(flags.source === undefined ? {} : { sourceId: await sourceIdOf(client, flags.source, binId) }),
    ...(flags.since === undefined ? {} : { fromMs: flags.since }),
    ...(flags.until === undefined ? {} : { toMs: flags.until }),
    ...(flags.q === undefined ? {} : { q: flags.q }),
  };
}

/** A source that was removed has no name any more, but what it brought stays: the engine knows it by its id. */
async function sourceIdOf(client: EngineClient, wanted: string, binId: string | undefined): Promise<string> {
  if (wanted.startsWith('src_')) return wanted;
  const sources = await allPages((from) => client.sources.list({ limit: 200, ...(binId === undefined ? {} : { binId }), ...from }));
  const [first, ...others] = sources.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (first === undefined) throw usageError(`There is no source "${wanted}". hookyard sources list names those that there are.`);
  if (others.length > 0)
    throw usageError(
      `${others.length + 1} sources are called "${wanted}": give one of the ids ${[first, ...others].map(({ id }) => id).join(', ')}.`,
    );
  return first.id;
}

/** What is done with several captures is told by their ids or by options, and those of every bin are never meant. */
export async function readSelection(client: EngineClient, ids: readonly string[], flags: CaptureFlags): Promise<CaptureSelection> {
  const filter = await readCaptures(client, flags);
  const isFiltered = Object.keys(filter).length > 0;
  if (ids.length > 0 && isFiltered) throw usageError('Give ids of captures, or options that choose them, and not both.');
  if (ids.length > 0) return { ids: [...ids] };
  if (filter.binId === undefined) throw usageError('Give ids of captures, or --bin and what else they have to be.');
  return filter;
}
