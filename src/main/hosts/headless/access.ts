import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** The door's own settings. */
export interface DoorFacts {
  readonly port: number;
  readonly token: string;
}

/** The parts of a request that decide whether it is let in. */
export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/** The parts of a WebSocket upgrade that decide; a browser cannot send Authorization with one. */
export interface SocketFacts extends RequestFacts {
  /** Value of the session cookie. */
  readonly session: string | undefined;
  /** Whether it proves that it comes from a page with the page key, which no other page has. */
  readonly isPageProven: boolean;
}

/**
 * Who may use a route: any local program (`page`: the files of the window, which hold no data), holders of the key of a stream
 * (`stream`), or holders of the token. A route that declares nothing is for the token.
 */
export type RouteAccess = 'page' | 'stream' | 'token';

export type RefusedCode = 'HOST_REFUSED' | 'ORIGIN_REFUSED' | 'UNAUTHORIZED' | 'STREAM_UNKNOWN';

/** Why a request is not let in, for the answer. */
export interface Refused {
  readonly status: 401 | 403 | 404;
  readonly code: RefusedCode;
  readonly message: string;
}

/**
 * Whether a request's Host and Origin are ours, as null, or why not. A name that an attacker points at 127.0.0.1
 * (DNS rebinding) shows in Host; a page of another site that calls us shows in Origin.
 */
export function refuseStranger(request: RequestFacts, door: DoorFacts): Refused | null {
  if (!ownHosts(door.port).includes(request.host?.toLowerCase() ?? '')) {
    return {
      status: 403,
      code: 'HOST_REFUSED',
      message: `Hookyard answers to 127.0.0.1:${door.port} and localhost:${door.port} only, not to "${request.host ?? ''}": use one of these in the URL.`,
    };
  }
  return request.origin !== undefined && !isOwnOrigin(request.origin, door) ? refusedOrigin(request.origin) : null;
}

function refusedOrigin(origin: string): Refused {
  return {
    status: 403,
    code: 'ORIGIN_REFUSED',
    message: `Pages of ${origin} may not call Hookyard: call it from a script without an Origin header, or from Hookyard's own page.`,
  };
}

/** Whether a call with the token may reach the engine, as null, or why not. No cookie opens this way. */
export function refuseCall(request: RequestFacts, door: DoorFacts): Refused | null {
  const stranger = refuseStranger(request, door);
  if (stranger !== null) return stranger;
  if (request.authorization === undefined)
    return unauthorized(
      'Send the token as "Authorization: Bearer TOKEN"; it is at the end of the "Ready at" line that this host printed when it started.',
    );
  const token = /^bearer +(\S+) *$/i.exec(request.authorization)?.[1];
  if (token !== undefined && isSameText(token, door.token)) return null;
  return unauthorized('The token is wrong: use the one at the end of the "Ready at" line that this host printed when it started.');
}

/**
 * Whether a stream may be followed, as null, or why not. Its key is the right, whatever name the request came by: whoever points another
 * name here does not know it. Nothing tells apart a key that never was, one that was revoked, and one whose bin is gone.
 */
export function refuseStream(request: Pick<RequestFacts, 'origin'>, door: DoorFacts, isKnown: boolean): Refused | null {
  if (request.origin !== undefined && !isOwnOrigin(request.origin, door)) return refusedOrigin(request.origin);
  if (isKnown) return null;
  return {
    status: 404,
    code: 'STREAM_UNKNOWN',
    message: 'No stream has this URL: it was revoked, or is not whole. Ask for a new stream URL where you got it.',
  };
}

/**
 * Whether a WebSocket may be opened, as null, or why not: with the token, or from our own page. Browsers send cookies to
 * every port of a host, so a neighbour may hold the cookie, and outside a browser an Origin is easily forged. What makes
 * it our page is the proof that it has the key, which it alone has.
 */
export function refuseSocket(request: SocketFacts, door: DoorFacts): Refused | null {
  if (request.authorization !== undefined || request.session === undefined) return refuseCall(request, door);
  const stranger = refuseStranger(request, door);
  if (stranger !== null) return stranger;
  if (request.origin === undefined) return foreignSession;
  if (!isSameText(request.session, sessionOf(door.token)) || !request.isPageProven)
    return unauthorized('This page has not been let in: open the link of the "Ready at" line that Hookyard printed when it last started.');
  return null;
}

/** The value of the session cookie: it proves the token, cannot be reversed to it, and gives no access without the page key. */
export function sessionOf(token: string): string {
  return derived(token, 'hookyard session');
}

/** The value of the page cookie: it marks a browser that has opened the printed link, and gives no access by itself. */
export function pageMarkOf(token: string): string {
  return derived(token, 'hookyard page');
}

/** The key that the window keeps in the storage of its origin, which no page of another port can read. */
export function pageKeyOf(token: string): string {
  return derived(token, 'hookyard page key');
}

/** Compares in constant time. */
export function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

function derived(token: string, purpose: string): string {
  return createHmac('sha256', token).update(purpose).digest('base64url');
}

function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

function isOwnOrigin(origin: string, door: DoorFacts): boolean {
  return ownHosts(door.port).some((host) => origin.toLowerCase() === `http://${host}`);
}

const foreignSession: Refused = {
  status: 403,
  code: 'ORIGIN_REFUSED',
  message: 'The session cookie works from the page of this Hookyard only: send the token as "Authorization: Bearer TOKEN" instead.',
};

function unauthorized(message: string): Refused {
  return { status: 401, code: 'UNAUTHORIZED', message };
}
