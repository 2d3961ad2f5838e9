import type { Bin } from '#shared/contract/bins.ts';
import type { Route } from '../../base/router.ts';

/** The id in the address of the form of a new bin. */
export const newId = 'new';

/** Values of `show` in the address. */
export const show = { refused: 'refused', relays: 'relays' } as const;

/** Whose rows are listed: those of a bin, all that was refused, or the relays. */
export type ListPlace = 'bin' | 'refused' | 'relays';

/** What stands beside the list. */
export type DetailPlace =
  | { readonly kind: 'new' | 'reach' | 'edit' | 'none' }
  | { readonly kind: 'capture' | 'refused'; readonly id: string };

type Address = Pick<Route, 'id' | 'query'>;

/** The list that an address asks for. A refused request without a bin is one of all that was refused. */
export function listPlace({ id, query }: Address): ListPlace {
  if (query['show'] === show.relays) return 'relays';
  const isOfAllRefused = id?.startsWith('ref_') === true && query['bin'] === undefined;
  return query['show'] === show.refused || isOfAllRefused ? 'refused' : 'bin';
}

/** The detail that an address asks for. */
export function detailPlace({ id, query }: Address): DetailPlace {
  if (id === newId) return { kind: 'new' };
  if (id?.startsWith('cap_') === true) return { kind: 'capture', id };
  if (id?.startsWith('ref_') === true) return { kind: 'refused', id };
  if (query['reach'] !== undefined) return { kind: 'reach' };
  return { kind: query['edit'] === undefined ? 'none' : 'edit' };
}

/** The bin that an address names; that of the opened capture where it names no other. */
export function binIdAt({ id, query }: Address, openedBinId: string | undefined): string | undefined {
  if (id?.startsWith('bin_') === true) return id;
  return query['bin'] ?? (id?.startsWith('cap_') === true ? openedBinId : undefined);
}

/** Says that the address names something that does not exist, since a bin is shown anyway; null if it exists. */
export function unknownIn(id: string | null, binId: string | undefined, bins: readonly Bin[]): string | null {
  const shown = bins.length === 0 ? '' : ` This is ${bins[0]?.name ?? ''}.`;
  if (binId !== undefined)
    return bins.some((bin) => bin.id === binId) ? null : `There is no bin ${binId}; it may have been deleted.${shown}`;
  const isOther = id !== null && id !== newId && !/^(?:cap|ref)_/.test(id);
  return isOther ? `There is no bin ${id}: the address needs the id of a bin or of a capture.${shown}` : null;
}
