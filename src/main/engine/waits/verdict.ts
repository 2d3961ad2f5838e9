import { durationText } from '#shared/duration-text.ts';
import { capitalised } from '#shared/text/capitalised.ts';

/** What a wait asks for, of captures or deliveries alike. */
export interface Expectation {
  /** What is counted, in the singular and the plural. */
  readonly noun: readonly [string, string];
  /** Where they are waited for, such as ` to the bin orders`; empty for anywhere. */
  readonly where: string;
  readonly count: number;
  /** Null for any number. */
  readonly atMost: number | null;
  /** How many have to come one after the other; 0 where the order does not matter. */
  readonly steps: number;
  readonly oncePerId: boolean;
  readonly withinMs: number;
}

/** What was seen so far. */
export interface Tally {
  /** How many were looked at. */
  readonly looked: number;
  readonly matchCount: number;
  /** Two that match and have one id of an event; null for none. */
  readonly repeated: { readonly eventId: string; readonly ids: readonly [string, string] } | null;
  /** One that matches and has no id that could be compared; null for none. */
  readonly withoutId: string | null;
  /** Those that nobody can tell of whether they match, since their bodies were not read, or are not whole. */
  readonly unread: readonly string[];
}

export interface Verdict {
  readonly isMet: boolean;
  readonly message: string;
}

/** More that match are not kept count of. */
export const mostMatches = 100_000;

/** Whether it is decided what a wait comes to, and how; null while it has to go on. */
export function verdictOf(expectation: Expectation, tally: Tally, isOver: boolean): Verdict | null {
  const { noun, where, atMost, steps, oncePerId, withinMs } = expectation;
  const { matchCount, repeated, withoutId } = tally;
  const fails = (message: string): Verdict => ({ isMet: false, message });
  const matched = `${counted(matchCount, noun)} matched`;
  if (atMost !== null && matchCount > atMost)
    return fails(atMost === 0 ? `${matched}; none was expected.` : `${matched}; at most ${expected(atMost)}.`);
  if (repeated !== null) return fails(`The event ${repeated.eventId} came twice: as ${repeated.ids.join(' and ')}.`);
  if (oncePerId && withoutId !== null)
    return fails(`${withoutId} has no id of an event in a header that Hookyard knows, so nobody can tell whether that event came twice.`);
  const [unread] = tally.unread;
  if (unread !== undefined && (oncePerId || (atMost !== null && matchCount + tally.unread.length > atMost)))
    return fails(`The body of ${unread} was not read to its end, so nobody can tell whether that matches.`);
  const within = `within ${durationText(withinMs)}`;
  const wanted = steps > 0 ? steps : expectation.count;
  const isEnough = matchCount >= wanted;
  if (isEnough && !isWatched(expectation)) return { isMet: true, message: metText(expectation, matched, within) };
  if (matchCount >= mostMatches) return fails(`${matched}, which is as many as one wait counts: wait for less, or for a shorter time.`);
  if (isEnough && isOver) return { isMet: true, message: metText(expectation, matched, within) };
  if (!isOver) return null;
  if (steps > 0) return fails(`${capitalised(within)} ${matchCount} of ${steps} steps came in this order; step ${matchCount + 1} did not.`);
  const wish = `${expected(wanted)} ${within}.`;
  if (tally.looked === 0) return fails(`No ${noun[0]} came${where}; ${wish}`);
  return fails(`${matchCount === 0 ? 'None' : matchCount} of ${counted(tally.looked, noun)} matched; ${wish}`);
}

/** Whether more may come that breaks what is met so far. */
function isWatched({ atMost, oncePerId }: Expectation): boolean {
  return atMost !== null || oncePerId;
}

/** So many that match end a look: more would change nothing. */
export function enoughFor(expectation: Expectation): number {
  if (isWatched(expectation)) return mostMatches;
  return Math.max(1, expectation.steps > 0 ? expectation.steps : expectation.count);
}

function metText({ noun, atMost, steps, oncePerId }: Expectation, matched: string, within: string): string {
  if (steps > 0) return `${counted(steps, noun)} came in this order.`;
  if (atMost === 0) return `No ${noun[0]} matched ${within}.`;
  if (oncePerId) return `${matched} ${within}, and no event came twice.`;
  return atMost === null ? `${matched}.` : `${matched} ${within}.`;
}

function expected(count: number): string {
  return `${count} ${count === 1 ? 'was' : 'were'} expected`;
}

function counted(count: number, [one, many]: Expectation['noun']): string {
  return `${count} ${count === 1 ? one : many}`;
}
