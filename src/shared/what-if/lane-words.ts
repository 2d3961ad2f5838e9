import type { OutageAnswer, SwitchedOff, WhatIfTotals } from '../contract/what-if.ts';
import { spanText } from '../duration-text.ts';
import { beganAtMs, type Scenario } from './scenario.ts';

/** How a lane ends, in sentences; times are counted from the beginning of the first outage. */
export function endingText(totals: WhatIfTotals, off: SwitchedOff | null, scenario: Pick<Scenario, 'outages'>): string {
  const { events, late, lost, lateness } = totals;
  if (events === 0) return 'There is no event in this time.';
  const sentences = [
    ...(late === 0 && lost === 0 ? [`${all(events)} delivered at once.`] : []),
    ...(late > 0 && lateness !== null ? [lateText(late, lateness)] : []),
    ...(lost === 0 ? (late > 0 ? ['Nothing is lost.'] : []) : [lostText(totals)]),
  ];
  if (off !== null) sentences.push(`Switched off ${spanText(Math.max(0, off.atMs - beganAtMs(scenario)))} after the outage began.`);
  return sentences.join(' ');
}

function lateText(late: number, { p50Ms, maxMs }: NonNullable<WhatIfTotals['lateness']>): string {
  if (late === 1) return `1 comes ${spanText(maxMs)} late.`;
  return p50Ms === maxMs
    ? `${late} come late, by up to ${spanText(maxMs)}.`
    : `${late} come late: half of them by up to ${spanText(p50Ms)}, the last by ${spanText(maxMs)}.`;
}

function lostText({ lost, exhausted, off, unsent }: WhatIfTotals): string {
  const parts = [
    ...(exhausted === 0 ? [] : [`${exhausted} used up ${exhausted === 1 ? 'its' : 'their'} attempts`]),
    ...(off === 0 ? [] : [`${off} waited when it was switched off`]),
    ...(unsent === 0 ? [] : [`${unsent} came after ${off === 0 ? 'it was switched off' : 'that'}`]),
  ];
  const verb = lost === 1 ? 'is' : 'are';
  return exhausted === lost ? `${lost} ${verb} lost: no attempt was left.` : `${lost} ${verb} lost: ${parts.join(', ')}.`;
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
