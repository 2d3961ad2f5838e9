import type { SourceGap } from '#shared/contract/sources.ts';
import { formatTime } from './output.ts';

/** What a source missed and when: `2026-12-01 16:45:39 to 2026-12-01 16:45:42  The channel keeps nothing for later: …`. */
export function gapText({ fromMs, toMs, message }: SourceGap): string {
  return `${fromMs === null ? '' : `${formatTime(fromMs)} to `}${formatTime(toMs)}  ${message}`;
}
