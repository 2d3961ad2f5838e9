import { comparedPhase, type ComparedPhase, type TimingComparison } from '#shared/contract/comparisons.ts';
import type { Timings } from '#shared/contract/deliveries.ts';
import { phaseWords } from '#shared/comparison-words.ts';
import { durationText } from '#shared/duration-text.ts';
import { capitalised } from '#shared/text/capitalised.ts';

/** How long one of the two took; a phase that is not there is one that its kind does not have. */
export interface ComparedTimes {
  /** Milliseconds in each phase; null where it did not happen. */
  readonly phases: ReadonlyMap<ComparedPhase, number | null>;
  readonly totalMs: number | null;
  /** What is to be known of them, as clauses that follow `The first` and `The second`. */
  readonly clauses: readonly string[];
}

/** The times of a request in a text that tells none. */
export const unknownTimes: ComparedTimes = { phases: new Map(), totalMs: null, clauses: ['is from a text, which tells no times'] };

/** The times of an attempt; null for one that was interrupted. */
export function attemptTimes(timings: Timings | null, isReused: boolean): ComparedTimes {
  if (timings === null) return { phases: new Map(), totalMs: null, clauses: ['was interrupted, so its times are not known'] };
  const { queuedMs, dnsMs, connectMs, tlsMs, firstByteMs, downloadMs, totalMs } = timings;
  return {
    phases: new Map([
      ['queued', queuedMs],
      ['dns', dnsMs],
      ['connect', connectMs],
      ['tls', tlsMs],
      ['wait', firstByteMs],
      ['download', downloadMs],
    ]),
    totalMs,
    clauses: isReused ? ['went over a connection that was open already, so it has no lookup, connect or TLS handshake'] : [],
  };
}

/** The times of a capture. */
export function captureTimes({
  bodyMs,
  totalMs,
  isBrought,
}: {
  readonly bodyMs: number;
  readonly totalMs: number | null;
  readonly isBrought: boolean;
}): ComparedTimes {
  if (isBrought) return { phases: new Map(), totalMs: null, clauses: ['came by a source, which tells no times'] };
  return {
    phases: new Map([
      ['receive', bodyMs],
      ['respond', totalMs === null ? null : Math.max(0, totalMs - bodyMs)],
    ]),
    totalMs,
    clauses: totalMs === null ? ['has no end of its answer in the log: it was not out, or the sender left'] : [],
  };
}

/** Compares how long both took, phase by phase. */
export function compareTimings(before: ComparedTimes, after: ComparedTimes): TimingComparison {
  const total = pairOf(before.totalMs, after.totalMs);
  const phases = comparedPhase.options
    .filter((phase) => before.phases.has(phase) || after.phases.has(phase))
    .map((phase) => ({ phase, ...pairOf(before.phases.get(phase) ?? null, after.phases.get(phase) ?? null) }));
  return {
    summary: summaryOf(total, phases),
    phases,
    total,
    notes: [...before.clauses.map((clause) => `The first ${clause}.`), ...after.clauses.map((clause) => `The second ${clause}.`)],
  };
}

/** A difference is worth a word from this share of the longer time on. */
const tellingShare = 0.1;

function pairOf(beforeMs: number | null, afterMs: number | null): TimingComparison['total'] {
  return { beforeMs, afterMs, differenceMs: beforeMs === null || afterMs === null ? null : afterMs - beforeMs };
}

function summaryOf({ beforeMs, afterMs, differenceMs }: TimingComparison['total'], phases: TimingComparison['phases']): string {
  if (beforeMs === null || afterMs === null || differenceMs === null)
    return `How long ${afterMs !== null ? 'the first' : beforeMs !== null ? 'the second' : 'both'} took is not known.`;
  const sides = `${durationText(beforeMs)} and ${durationText(afterMs)}`;
  const apart = apartClause({ beforeMs, afterMs, differenceMs });
  if (apart === null) return `Both took about the same time: ${sides}.`;
  const most = phases.find((phase) => phase.differenceMs !== null && phase.differenceMs / differenceMs > 0.5);
  // The times of the phase are other ones than those of the whole, so each pair stands behind what it is of.
  const where = most === undefined ? '' : ` Most of that is in the phase “${phaseWords[most.phase]}”: ${phaseSides(most)}.`;
  return `${capitalised(apart)}: ${sides}.${where}`;
}

function phaseSides({ beforeMs, afterMs }: TimingComparison['phases'][number]): string {
  return `${durationText(beforeMs ?? 0)} and ${durationText(afterMs ?? 0)}`;
}

/** How far apart two times are, as a clause; null where that is not worth a word, or one is not known. */
export function apartClause({ beforeMs, afterMs, differenceMs }: TimingComparison['total']): string | null {
  if (beforeMs === null || afterMs === null || differenceMs === null) return null;
  const apartMs = Math.abs(differenceMs);
  if (apartMs <= Math.max(1, Math.max(beforeMs, afterMs) * tellingShare)) return null;
  return `the second took ${durationText(apartMs)} ${differenceMs > 0 ? 'longer' : 'less'}`;
}
