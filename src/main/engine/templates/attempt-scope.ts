/** What a template can name of the attempt that it is rendered for. */
export interface AttemptScope {
  readonly attemptId: string;
  /** 1 for the first attempt, and one more for each that follows, redeliveries included. */
  readonly attempt: number;
  /** Retries since the schedule last began: 0 for the first attempt, and for that of a redelivery. */
  readonly retry: number;
  /** How often the delivery was redelivered. */
  readonly redelivery: number;
  /** Outcome code of the attempt before; empty when there was none. */
  readonly lastOutcome: string;
  /** Status that the attempt before was answered with; empty when there was none. */
  readonly lastStatus: number | '';
  /** When the first attempt began, ISO 8601 in UTC. */
  readonly firstAttemptTimestamp: string;
}

/** What is known of an attempt before its request is made. */
export interface AttemptFacts {
  readonly attemptId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Retries since the schedule last began. */
  readonly retry: number;
  /** Null when no attempt was made before, and where nothing of the target names it. */
  readonly past: AttemptPast | null;
}

/** The attempts of a delivery that were made before. */
export interface AttemptPast {
  readonly redelivery: number;
  readonly lastOutcome: string;
  readonly lastStatus: number | null;
  readonly firstAttemptAtMs: number;
}

/** The names of an attempt at `nowMs`. */
export function attemptScope({ attemptId, attempt, retry, past }: AttemptFacts, nowMs: number): AttemptScope {
  return {
    attemptId,
    attempt,
    retry,
    redelivery: past?.redelivery ?? 0,
    lastOutcome: past?.lastOutcome ?? '',
    lastStatus: past?.lastStatus ?? '',
    firstAttemptTimestamp: new Date(past?.firstAttemptAtMs ?? nowMs).toISOString(),
  };
}

/** What a body template can name of the attempt, and its time, which is another than that of the message. */
export interface BodyAttemptScope extends AttemptScope {
  /** ISO 8601 in UTC. */
  readonly attemptTimestamp: string;
  readonly attemptTimestampUnix: number;
  readonly attemptTimestampMs: number;
}

/** The same for a body. */
export function bodyAttemptScope(facts: AttemptFacts, nowMs: number): BodyAttemptScope {
  return {
    ...attemptScope(facts, nowMs),
    attemptTimestamp: new Date(nowMs).toISOString(),
    attemptTimestampUnix: Math.floor(nowMs / 1000),
    attemptTimestampMs: nowMs,
  };
}

/** The attempt that the body of a new message is rendered for. Its id is not known yet: a body is rendered before it is accepted. */
export const firstAttempt: AttemptFacts = { attemptId: '', attempt: 1, retry: 0, past: null };

const pastNames = /\b(?:redelivery|lastOutcome|lastStatus|firstAttemptTimestamp)\b/;

/** Whether a text may name something of the attempts before. */
export function mayNamePast(text: string): boolean {
  return pastNames.test(text);
}
