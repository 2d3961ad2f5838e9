import { spanText } from '#shared/duration-text.ts';
import type { Run } from '#shared/what-if/scenario.ts';

/** Attempts told one by one; the rest is counted. */
const toldAttempts = 8;

/** What becomes of one event, as a sentence. */
export function followedText({ events, attempts, off }: Run, followed: number, clock: (atMs: number) => string): string {
  const event = events[followed];
  if (event === undefined) return '';
  const about = `Event of ${clock(event.atMs)}:`;
  if (event.end === 'unsent') return `${about} not sent, since it was switched off ${off === null ? '' : `at ${clock(off.atMs)}`}.`;
  const made = attempts.filter((attempt) => attempt.event === followed);
  const later = made.slice(1).map(({ atMs }) => `+${spanText(atMs - event.atMs)}`);
  const more = later.length > toldAttempts ? ` and ${later.length - toldAttempts} more` : '';
  const tried =
    later.length === 0 ? 'one attempt' : `${made.length} attempts, at once and ${later.slice(0, toldAttempts).join(', ')}${more}`;
  switch (event.end) {
    case 'delivered':
      return event.attempts === 1
        ? `${about} delivered at once.`
        : `${about} ${tried}; delivered ${clock(event.endedAtMs)}, ${spanText(event.endedAtMs - event.atMs)} late.`;
    case 'exhausted':
      return `${about} ${tried}; lost ${clock(event.endedAtMs)}. ${event.reason ?? ''}`.trim();
    case 'off':
      return `${about} ${tried}; waited when it was switched off${off === null ? '' : ` at ${clock(off.atMs)}`}.`;
  }
}
