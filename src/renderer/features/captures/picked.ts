import type { CaptureFilter, ListedCapture } from './captures-store.ts';

/** Captures of a bin that something is to be done with: those that were picked, or all that a filter finds up to the newest of the list. */
export type Picked =
  | { readonly kind: 'some'; readonly binId: string; readonly ids: ReadonlySet<string> }
  | {
      readonly kind: 'all';
      readonly binId: string;
      /** With the newest that was shown as its end, so that nothing is meant that nobody saw. */
      readonly filter: CaptureFilter & { readonly untilId: string };
      /** Null until they were counted. */
      readonly count: number | null;
    };

/** More cannot be asked for by their ids at once; a filter can. */
const mostIds = 1000;

/** The captures as calls take them. */
export function selectionOf(picked: Picked): CaptureFilter | { readonly binId: string; readonly ids: string[] } {
  return picked.kind === 'all' ? picked.filter : { binId: picked.binId, ids: [...picked.ids].slice(0, mostIds) };
}

/** How many they are; null until that is known. */
export function pickedCount(picked: Picked): number | null {
  return picked.kind === 'all' ? picked.count : Math.min(mostIds, picked.ids.size);
}

/** Whether there is something that keys act on, rather than on the capture that is open. */
export function arePicked(picked: Picked | null): boolean {
  return picked !== null && pickedCount(picked) !== 0;
}

/** Whether they are two, which can be compared. */
export function areTwo(picked: Picked | null): picked is Picked & { readonly kind: 'some' } {
  return picked?.kind === 'some' && picked.ids.size === 2;
}

/** Picks a capture, or no longer picks it. Of all that match, it becomes the only one. */
export function toggled(picked: Picked | null, binId: string, id: string): Picked {
  const ids = new Set(picked?.kind === 'some' ? picked.ids : []);
  if (!ids.delete(id)) ids.add(id);
  return { kind: 'some', binId, ids };
}

/** What is compared; the second is still to be chosen where it is null. */
export type Compared = readonly [first: string, second: string | null];

/** The two that are picked, the older one first; otherwise the one that is open. */
export function comparedOf(picked: Picked | null, items: readonly ListedCapture[], openId: string | null): Compared | null {
  if (!areTwo(picked)) return openId?.startsWith('cap_') === true ? [openId, null] : null;
  const listed = items.filter(({ id }) => picked.ids.has(id)).map(({ id }) => id);
  // Those that are not listed any more are taken as they were picked.
  const [newer = '', older = ''] = listed.length === 2 ? listed : [...picked.ids].toReversed();
  return [older, newer];
}
