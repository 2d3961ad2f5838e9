import type { Changes } from '../base/changes.ts';
import type { Boot, Clock, Log } from '../base/ports.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { formatDurationMs } from '#shared/duration-text.ts';

/** The last observation of the time, as stored between runs. */
export interface SeenTime {
  readonly wallMs: number;
  /** Null when the boot of the computer has no known id. */
  readonly boot: Boot | null;
  /** By how much the wall clock is ahead of the observed time. */
  readonly unexplainedMs: number;
  /** Observed time since the clock last jumped ahead. */
  readonly calmMs: number;
}

/** What the clock did since the last observation. */
export interface Judged {
  /** By how much it was set, if that can be determined; negative is back. */
  readonly setMs: number;
  readonly seen: SeenTime;
}

/** Within one boot two clocks are compared; some systems report the time since the boot in whole seconds. */
const differenceMs = 5000;
/** Between two boots, only a difference of more than this back is certainly not drift. */
const setBackMs = 60_000;
/** A computer may well have been off for this long; for a longer time the only evidence is the clock in doubt. */
const usualGapMs = 86_400_000;
/** A clock that nobody has corrected for this long is assumed to be right. */
const calmEnoughMs = 3 * 86_400_000;
/** Less than this makes no difference to limits of days. */
const worthTellingMs = 3_600_000;

/** Compares the clock with the last observation. */
export function judgeTime(seen: SeenTime, now: Pick<SeenTime, 'wallMs' | 'boot'>): Judged {
  const gapMs = now.wallMs - seen.wallMs;
  const isSameBoot = seen.boot !== null && now.boot?.id === seen.boot.id && now.boot.uptimeMs >= seen.boot.uptimeMs;
  if (isSameBoot && seen.boot !== null && now.boot !== null) {
    const passedMs = now.boot.uptimeMs - seen.boot.uptimeMs;
    const setMs = Math.abs(gapMs - passedMs) < differenceMs ? 0 : gapMs - passedMs;
    return { setMs, seen: { ...now, ...afterSet(afterPassed(seen, passedMs), setMs) } };
  }
  if (gapMs < 0) return { setMs: gapMs <= -setBackMs ? gapMs : 0, seen: { ...now, ...afterSet(seen, gapMs) } };
  // Off for long, or set ahead meanwhile: what was due is sent either way, but nothing counts as old because of it.
  if (gapMs > usualGapMs) return { setMs: 0, seen: { ...now, ...afterSet(seen, gapMs) } };
  return { setMs: 0, seen: { ...now, ...afterPassed(seen, gapMs) } };
}

type Doubt = Pick<SeenTime, 'unexplainedMs' | 'calmMs'>;

/** The doubt after the clock was set: ahead adds to it, back subtracts from it. */
function afterSet({ unexplainedMs, calmMs }: Doubt, setMs: number): Doubt {
  return { unexplainedMs: Math.max(0, unexplainedMs + setMs), calmMs: setMs > 0 ? 0 : calmMs };
}

/** The doubt after some observed time. */
function afterPassed({ unexplainedMs, calmMs }: Doubt, passedMs: number): Doubt {
  const calm = calmMs + Math.max(0, passedMs);
  return { unexplainedMs: calm >= calmEnoughMs ? 0 : unexplainedMs, calmMs: calm };
}

/** Checks the wall clock against a second clock, so that a wrong setting does not remove things by age. */
export interface ClockWitness {
  /** Compares the clock with the last run; returns by how much it was set since. Called at start, before anything is noted. */
  readonly start: () => number;
  /** Stores an observation for the next run. */
  readonly note: () => Promise<void>;
  /** The time for judging age: the wall clock, without time that was not observed. */
  readonly trustedNowMs: () => number;
  /** A sentence when the clock is ahead of the observed time, with what to do; null when it is not. */
  readonly notice: () => string | null;
  /** Somebody confirmed that the clock is right. */
  readonly trust: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ClockWitnessDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: SettingsBook;
  readonly changes: Changes;
  readonly log: Log;
  /** The latest time in the log, for a data file without an observation; 0 when it is empty. */
  readonly newestSeenMs: () => number;
}

export function createClockWitness({ database, clock, settings, changes, log, newestSeenMs }: ClockWitnessDeps): ClockWitness {
  const nowSeen = () => ({ wallMs: clock.now(), boot: clock.boot?.() ?? null });
  let seen: SeenTime = { ...nowSeen(), unexplainedMs: 0, calmMs: 0 };
  let movedMs = clock.movedMs?.() ?? 0;

  const look = () => {
    const now = nowSeen();
    const setMs = (clock.movedMs?.() ?? 0) - movedMs;
    movedMs += setMs;
    const wasAhead = seen.unexplainedMs;
    seen = { ...now, ...afterSet(afterPassed(seen, now.wallMs - seen.wallMs - setMs), setMs) };
    if (seen.unexplainedMs !== wasAhead) changes.publish('health', []);
  };
  const save = () => database.write((writer) => settings.remember(writer, 'internal.clock', seen));
  const note = async () => {
    look();
    await save().catch((error: unknown) => log.warn({ error: String(error) }, 'What was seen of the time could not be kept'));
  };
  const leave = clock.followJumps?.(() => void note()) ?? (() => undefined);

  return {
    start: () => {
      const kept = settings.recall<SeenTime>('internal.clock');
      const newestMs = kept === undefined ? newestSeenMs() : 0;
      const last = kept ?? (newestMs === 0 ? undefined : { wallMs: newestMs, boot: null, unexplainedMs: 0, calmMs: 0 });
      if (last === undefined) return 0;
      const judged = judgeTime(last, nowSeen());
      ({ seen } = judged);
      return judged.setMs;
    },
    note,
    trustedNowMs: () => {
      look();
      return seen.wallMs - seen.unexplainedMs;
    },
    notice: () => {
      look();
      return seen.unexplainedMs < worthTellingMs ? null : noticeOf(seen.unexplainedMs);
    },
    trust: async () => {
      look();
      const before = seen;
      seen = { ...seen, unexplainedMs: 0 };
      try {
        await save();
      } catch (error) {
        seen = before;
        throw error;
      }
      changes.publish('health', []);
      changes.publish('retention', []);
    },
    stop: async () => {
      leave();
      await note();
    },
  };
}

function noticeOf(unexplainedMs: number): string {
  return `The clock is ${formatDurationMs(unexplainedMs)} ahead of the time that Hookyard saw go by, so by age nothing is removed that would not have been without that. If the clock is wrong, set it right. If it is right, say so in the settings, or with "hookyard storage trust-clock"; left as it is, it is taken to be right after 3 days.`;
}
