import { createStore, type StoreApi } from 'zustand/vanilla';

/** The areas of the window in the order of the rail, and the one that others lead to. */
export const areas = ['compose', 'endpoints', 'deliveries', 'captures', 'verify', 'tests', 'events', 'settings', 'compare'] as const;
export type Area = (typeof areas)[number];

/** What the window shows: `#/deliveries/dlv_1?status=failed`. */
export interface Route {
  readonly area: Area;
  /** Id of the item shown in detail, or null; `new` for the form of a new one. */
  readonly id: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** The address itself, shortened, if it names none of the areas. */
  readonly unknownAddress?: string;
}

/** The route as a store, with the ways to change it. Back, forward and edits of the address are followed. */
export interface Router {
  readonly route: StoreApi<Route>;
  /** Goes to another route; Back returns here. */
  readonly go: (route: RouteTarget) => void;
  /**
   * Goes to another selection or filter of the same area. Back returns here, but selections or filters that follow one another within a
   * second, as while typing or moving through a list, count as one.
   */
  readonly visit: (route: RouteTarget) => void;
  /** Replaces the address in place: what it named is gone, or has been handled. */
  readonly replace: (route: RouteTarget) => void;
  /** The route that an area had when it was left, or the area itself. */
  readonly lastOf: (area: Area) => RouteTarget;
  readonly stop: () => void;
}

/** A route with optional parts; a missing one is empty. */
export interface RouteTarget {
  readonly area: Area;
  readonly id?: string | null;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** The part of a window that a router needs. */
export interface RouterHost {
  readonly location: { hash: string };
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  readonly addEventListener: (type: 'hashchange' | 'popstate', listener: () => void) => void;
  readonly removeEventListener: (type: 'hashchange' | 'popstate', listener: () => void) => void;
}

const start: Route = { area: 'compose', id: null, query: {} };

/** Reads an address; an unknown one leads to Compose and is returned with the route. */
export function parseRoute(hash: string): Route {
  const match = /^#\/([a-z]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(hash);
  const area = areas.find((name) => name === match?.[1]);
  if (area === undefined) {
    const isBlank = /^#?\/?$/.test(hash);
    return isBlank ? start : { ...start, unknownAddress: decode(hash).slice(0, 60) };
  }
  const id = match?.[2] === undefined || match[2] === '' ? null : decode(match[2]);
  return { area, id, query: Object.fromEntries(new URLSearchParams(match?.[3] ?? '')) };
}

/** The address of a route; the inverse of {@link parseRoute}. */
export function formatRoute({ area, id, query }: RouteTarget): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') params.set(name, value);
  const search = params.toString();
  return `#/${area}${id === null || id === undefined ? '' : `/${encodeURIComponent(id)}`}${search === '' ? '' : `?${search}`}`;
}

/** Within this time, a visit replaces the one before. */
const sameVisitMs = 1000;

/** A router over the hash of a window; `now` is in milliseconds on any steady clock. */
export function createRouter(host: RouterHost, now: () => number = () => performance.now()): Router {
  const route = createStore<Route>(() => parseRoute(host.location.hash));
  const last = new Map<Area, Route>();
  last.set(route.getState().area, route.getState());
  route.subscribe((shown) => last.set(shown.area, shown));
  let lastVisit: { readonly kind: string; readonly atMs: number } | null = null;
  const read = () => {
    lastVisit = null;
    if (formatRoute(route.getState()) !== host.location.hash) route.setState(parseRoute(host.location.hash), true);
  };
  host.addEventListener('hashchange', read);
  host.addEventListener('popstate', read);
  const move = (target: RouteTarget, how: 'pushState' | 'replaceState') => {
    const address = formatRoute(target);
    if (address === host.location.hash) return;
    host.history[how](null, '', address);
    route.setState(parseRoute(address), true);
  };
  return {
    route,
    go: (target) => {
      lastVisit = null;
      move(target, 'pushState');
    },
    visit: (target) => {
      const kind = visitKind(route.getState(), target);
      const isSame = lastVisit !== null && lastVisit.kind === kind && now() - lastVisit.atMs <= sameVisitMs;
      lastVisit = { kind, atMs: now() };
      move(target, isSame ? 'replaceState' : 'pushState');
    },
    replace: (target) => move(target, 'replaceState'),
    lastOf: (area) => last.get(area) ?? { area },
    stop: () => {
      host.removeEventListener('hashchange', read);
      host.removeEventListener('popstate', read);
    },
  };
}

/** What a visit changes: the filter, the selection, or whether there is one. */
function visitKind({ id }: Route, target: RouteTarget): string {
  const next = target.id ?? null;
  if (id === next) return `${target.area} filter`;
  return `${target.area} ${next === null ? 'closed' : 'selected'}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
