import type { RunWaiting } from './contract/runs.ts';
import { coarseText, durationText } from './duration-text.ts';

/** What is done about the gaps of a run, such as `gaps of 2 h take 2.00 s`; null where it has none. */
export function gapsText(gapsMs: number, speed: number | null): string | null {
  if (gapsMs === 0) return null;
  if (speed === null) return `gaps of ${durationText(gapsMs)} are left out`;
  if (speed === 1) return `gaps of ${durationText(gapsMs)}`;
  return `gaps of ${durationText(gapsMs)} take ${durationText(gapsMs / speed)} (${speed} times as fast)`;
}

/** What a run is waiting for, `passedMs` after it said so, such as `1 attempt made (503), next in 12 s, 48 s left`. */
export function waitingText(waiting: RunWaiting, passedMs: number): string {
  const { attempts, status } = waiting;
  const left = (ms: number | null) => (ms === null ? '' : coarseText(ms - passedMs));
  const [nextIn, most] = [left(waiting.nextInMs), left(waiting.leftMs)];
  if (waiting.for === 'captures') return `${most} left`;
  if (waiting.for === 'gap') return `sent in ${nextIn}`;
  const answered = status === null ? '' : ` (${status})`;
  const made = attempts === 0 ? '' : `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} made${answered}, `;
  const next = waiting.for === 'retry' ? `next in ${nextIn}` : `attempt ${attempts + 1} not ended after ${coarseText(passedMs)}`;
  return `${made}${next}, ${most} left`;
}
