import type { OutageAnswer, SwitchedOff, WhatIfTotals } from '../contract/what-if.ts';
import { spanText } from '../duration-text.ts';
import { beganAtMs, type Scenario } from './scenario.ts';

/**
 * What jitter can change of the totals, which are without it: nothing where the rules have none, `untold` where it was not computed, else
 * the totals with the shortest and with the longest delays.
 */
export type JitterRange = null | 'untold' | { readonly shortest: WhatIfTotals; readonly longest: WhatIfTotals };

/** How a lane ends, in sentences; times are counted from the beginning of the first outage. */
export function endingText(totals: WhatIfTotals, off: SwitchedOff | null, scenario: Pick<Scenario, 'outages'>, range: JitterRange): string {
  const { events, late, lost } = totals;
  if (events === 0) return 'There is no event in this time.';
  const sentences = [
    ...(late === 0 && lost === 0 ? [`${all(events)} delivered at once.`] : []),
    ...lateTexts(totals, range),
    ...lostTexts(totals, range),
  ];
  if (off !== null) {
    const after = `Switched off ${spanText(Math.max(0, off.atMs - beganAtMs(scenario)))} after the outage began`;
    sentences.push(range === null ? `${after}.` : `${after}, without jitter.`);
  }
  return sentences.join(' ');
}

function lateTexts({ late, lateness }: WhatIfTotals, range: JitterRange): readonly string[] {
  const lates = spread(late, range, (of) => of.late);
  if (late === 0 || lateness === null) return lates.most > 0 ? [`With jitter, up to ${lates.most} come late.`] : [];
  const { p50Ms, maxMs } = lateness;
  const longest = spread(maxMs, range, (of) => of.lateness?.maxMs ?? null);
  const last = `${spanText(maxMs)}${aside(longest, spanText)}`;
  const count = `${late}${aside(lates, String)}`;
  if (late === 1) return [`${count} comes ${last} late.`];
  if (p50Ms === maxMs) return [`${count} come late, by up to ${last}.`];
  return [`${count} come late: half of them by up to ${spanText(p50Ms)}${range === null ? '' : ' without jitter'}, the last by ${last}.`];
}

function lostTexts(totals: WhatIfTotals, range: JitterRange): readonly string[] {
  const { late, lost } = totals;
  const { least, most } = spread(lost, range, (of) => of.lost);
  const varied = least === most ? [] : [`With jitter, ${least === 0 ? `up to ${most}` : `${least} to ${most}`} may be lost.`];
  if (lost > 0) return [lostText(totals), ...varied];
  if (late === 0) return varied;
  return range === 'untold' || most > 0 ? ['Nothing is lost without jitter.', ...varied] : ['Nothing is lost.'];
}

interface Spread {
  readonly least: number;
  readonly most: number;
}

/** From where to where jitter can bring a number; the same twice where it changes nothing. */
function spread(usual: number, range: JitterRange, numberOf: (totals: WhatIfTotals) => number | null): Spread {
  const others = range === null || range === 'untold' ? [] : [numberOf(range.shortest), numberOf(range.longest)];
  const possible = [usual, ...others.filter((other) => other !== null)];
  return { least: Math.min(...possible), most: Math.max(...possible) };
}

/** What jitter can make of a number, behind it; empty where that reads the same. */
function aside({ least, most }: Spread, textOf: (number: number) => string): string {
  return textOf(least) === textOf(most) ? '' : ` (${textOf(least)} to ${textOf(most)} with jitter)`;
}

function lostText({ lost, exhausted, off, unsent }: WhatIfTotals): string {
  const parts = [
    ...(exhausted === 0 ? [] : [`${exhausted} used up ${exhausted === 1 ? 'its' : 'their'} attempts`]),
    ...(off === 0 ? [] : [`${off} waited when it was switched off`]),
    ...(unsent === 0 ? [] : [`${unsent} came after ${off === 0 ? 'it was switched off' : 'that'}`]),
  ];
  const verb = lost === 1 ? 'is' : 'are';
  return exhausted === lost ? `${lost} ${verb} lost: every attempt failed.` : `${lost} ${verb} lost: ${parts.join(', ')}.`;
}

function all(events: number): string {
  return events === 1 ? 'The one event is' : `${events === 2 ? 'Both' : `All ${events}`} are`;
}

/** An answer of an outage in words: `connection refused`, `503 with Retry-After: 120`. */
export function answerText(answer: OutageAnswer): string {
  if (answer.kind === 'status')
    return answer.retryAfter === null ? String(answer.status) : `${answer.status} with Retry-After: ${answer.retryAfter}`;
  return answer.code === 'refused' ? 'connection refused' : answer.code === 'timeout' ? 'no answer in time' : answer.code;
}

/** What the model leaves out, each a sentence. */
export const leavesOut: readonly string[] = [
  'Attempts take no time, but for timeouts, which take the time-out of the rules.',
  'Limits on the rate and on attempts at the same time, ordered delivery and failures beyond the outage are left out.',
  'Nobody steps in: nothing is redelivered by hand, and a subscription that was switched off stays off.',
];
