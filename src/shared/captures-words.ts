import type { CaptureFilter } from './contract/capture-filter.ts';

/** Which captures a filter means, in a few words: `captures of Shop that match a filter`. */
export function capturesWords({ binId, ids, ...others }: CaptureFilter, nameOf: (id: string) => string): string {
  const isNarrowed = Object.values(others).some((value) => value !== undefined);
  const which = binId === undefined ? '' : ` of ${nameOf(binId)}`;
  if (ids !== undefined) return ids.length === 1 ? '1 capture' : `${ids.length.toLocaleString('en')} captures`;
  return `captures${which}${isNarrowed ? ' that match a filter' : ''}`;
}
