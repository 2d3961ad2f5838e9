import { pageKeyFragment } from '#shared/host-bridge.ts';

/** The parts of a window that {@link takePageKey} needs. */
export interface PageKeyHost {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: Pick<History, 'replaceState'>;
  /** Throws if the browser stores nothing for pages. */
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Where the storage of this origin keeps the key. Code that clears the storage must leave it; otherwise the link has to be opened again.
 */
export const pageKeyStorage = 'hookyard.page-key';

/**
 * The key that tells the headless host that it is our own page that calls: from the printed link, whose address it is removed from at
 * once, else from the storage of this origin, which other tabs and reloads share and no page of another port can read. Null when this
 * browser has not opened the link.
 */
export function takePageKey(page: PageKeyHost): string | null {
  const { hash, pathname, search } = page.location;
  if (!hash.startsWith(pageKeyFragment)) return stored(page);
  const key = hash.slice(pageKeyFragment.length);
  page.history.replaceState(null, '', `${pathname}${search}`);
  try {
    page.localStorage.setItem(pageKeyStorage, key);
  } catch {
    // This page still has it; a reload needs the link again.
  }
  return key;
}

function stored(page: PageKeyHost): string | null {
  try {
    return page.localStorage.getItem(pageKeyStorage);
  } catch {
    return null;
  }
}
