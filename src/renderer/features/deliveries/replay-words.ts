import { allOf } from '#shared/all-of.ts';
import { capturesWords } from '#shared/captures-words.ts';
import { deliveriesWords } from '#shared/deliveries-words.ts';
import { IconBan, IconCheck, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { coarseText } from '#shared/duration-text.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Replay, ReplayDetail, ReplayPreview, ReplaySource, ReplayStatus } from '#shared/contract/replays.ts';
import type { ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import { replayVerdictWords, toldVerdicts } from '#shared/replay-verdict-words.ts';
import { skippedCount, skipWords } from '#shared/skip-words.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { exactText } from '../../base/time-format.ts';
import type { Badge } from '../../ui/meaning.ts';
import type { NamedEndpoint } from './filter.ts';

/** States of a replay as they are shown. */
export const replayBadges: Readonly<Record<ReplayStatus, Badge>> = {
  running: { word: 'running', meaning: 'waiting', icon: IconPlayerPlay },
  paused: { word: 'paused', meaning: 'trouble', icon: IconPlayerPause },
  completed: { word: 'completed', meaning: 'good', icon: IconCheck },
  cancelled: { word: 'cancelled', meaning: 'waiting', icon: IconBan },
};

/** What a replay covers, in a few words. */
export function sourceWords(source: ReplaySource, nameOf: (id: string) => string, isUtc: boolean): string {
  const timeText = (atMs: number) => exactText(atMs, isUtc).slice(0, 19);
  switch (source.kind) {
    case 'redeliver':
      return deliveriesWords(source.filter, nameOf, timeText);
    case 'captures':
      return `${capturesWords(source.filter, nameOf)} to ${nameOf(source.endpointId)}`;
    case 'recover':
      return `what failed at ${nameOf(source.endpointId)} since ${timeText(source.sinceMs)}`;
    case 'missing':
      return `what ${nameOf(source.endpointId)} missed since ${timeText(source.sinceMs)}`;
  }
}

/** Names for {@link sourceWords} of what is going to be replayed: those of the catalogue. */
export function namedBy(endpoints: readonly NamedEndpoint[]): (id: string) => string {
  return (id) => endpoints.find((endpoint) => endpoint.id === id)?.name ?? id;
}

/** What a replay of the log covers, in a few words; `causes` are those of failure groups by their keys. */
export function replayWords({ source, names }: Replay, isUtc: boolean, causes: ReadonlyMap<string, string>): string {
  return sourceWords(source, (id) => names[id] ?? causes.get(id) ?? id, isUtc);
}

/** What a replay that is over came to, as one sentence: `6 fixed, 1 same failure.`; null while that is not known of any. */
export function verdictSentence({ status }: Pick<Replay, 'status'>, counts: ReplayVerdicts['counts']): string | null {
  const told = toldVerdicts(counts);
  const isOver = status === 'completed' || status === 'cancelled';
  if (!isOver || told.every(({ verdict }) => verdict === 'waiting' || verdict === 'unknown')) return null;
  return `${told.map(({ verdict, count }) => `${numberText(count)} ${replayVerdictWords[verdict]}`).join(', ')}.`;
}

/** Reasons with their counts: `3 skipped: endpoint disabled; 1 skipped: attempt under way`. */
export function skippedWords(skipped: Replay['skipped']): string {
  return skipped.map(({ reason, count }) => `${numberText(count)} skipped: ${skipWords[reason]}`).join('; ');
}

/** The dry run as one sentence, with how long it takes at a rate (deliveries per second; null for no limit). */
export function previewSentence(preview: ReplayPreview, ratePerSecond: number | null): string {
  if (preview.total === 0) return 'Nothing matches, so nothing would be sent.';
  const will = `${countText(preview.replayable, 'delivery', 'deliveries')} will be sent`;
  const takesMs = ratePerSecond === null ? 0 : ((preview.replayable - 1) / ratePerSecond) * 1000;
  const time = takesMs < 2000 ? '' : `, over ${coarseText(takesMs)}`;
  const skipped = preview.skipped.length === 0 ? '' : `; ${skippedWords(preview.skipped)}`;
  return `${preview.replayable === 0 ? 'None of these can be sent' : `${will}${time}`}${skipped}.`;
}

/** One part of a drawn progress. */
export interface ProgressPart {
  readonly key: DeliveryStatus | 'skipped' | 'left';
  readonly label: string;
  readonly count: number;
}

const partLabels: Readonly<Record<ProgressPart['key'], string>> = {
  delivered: 'delivered',
  exhausted: 'exhausted',
  failed: 'failed, will retry',
  pending: 'being sent',
  cancelled: 'cancelled',
  skipped: 'skipped',
  left: 'still to come',
};

/** The parts of a replay in the order they are drawn; those without anything are left out. */
export function progressParts(replay: Replay | ReplayDetail): readonly ProgressPart[] {
  const byStatus = 'byStatus' in replay ? replay.byStatus : { pending: replay.replayed };
  const isOver = replay.status === 'completed' || replay.status === 'cancelled';
  const counts: Readonly<Record<ProgressPart['key'], number>> = {
    delivered: byStatus.delivered ?? 0,
    exhausted: byStatus.exhausted ?? 0,
    failed: byStatus.failed ?? 0,
    pending: byStatus.pending ?? 0,
    cancelled: byStatus.cancelled ?? 0,
    skipped: skippedCount(replay.skipped),
    left: isOver ? 0 : Math.max(0, replay.total - replay.replayed - skippedCount(replay.skipped)),
  };
  return (Object.keys(counts) as ProgressPart['key'][])
    .map((key) => ({ key, label: partLabels[key], count: counts[key] }))
    .filter(({ count }) => count > 0);
}

function allText(count: number): string {
  if (count === 0) return 'Nothing was';
  return count === 1 ? '1 delivery was' : allOf(count, 'delivery was', 'deliveries were');
}

/** The progress of a replay, as one sentence. */
export function replaySentence(replay: Replay): string {
  const done = replay.replayed + skippedCount(replay.skipped);
  const left = Math.max(0, replay.total - done);
  switch (replay.status) {
    case 'running': {
      const leftMs = replay.ratePerSecond === null ? 0 : (left / replay.ratePerSecond) * 1000;
      const rest = leftMs < 2000 ? '' : `, about ${coarseText(leftMs)} to go`;
      return `${numberText(done)} of ${countText(replay.total, 'delivery', 'deliveries')} scheduled${rest}.`;
    }
    case 'paused':
      return `Paused after ${numberText(done)} of ${countText(replay.total, 'delivery', 'deliveries')}.`;
    case 'completed':
      return `${allText(replay.replayed)} scheduled${left === 0 ? '' : `; ${numberText(left)} no longer matched`}.`;
    case 'cancelled':
      return `Cancelled after ${numberText(done)} of ${countText(replay.total, 'delivery', 'deliveries')}; those are still sent.`;
  }
}
