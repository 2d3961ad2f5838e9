import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** What the door knows about itself. */
export interface DoorFacts {
  readonly port: number;
  readonly token: string;
}

/** What of a request decides whether it may enter. */
export interface RequestFacts {
  readonly method: string;
  readonly isUpgrade: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly authorization: string | undefined;
  /** Value of the session cookie. */
  readonly session: string | undefined;
}

export type RefusedCode = 'HOST_REFUSED' | 'ORIGIN_REFUSED' | 'UNAUTHORIZED';

/** Why a request may not enter, for the answer. */
export interface Refused {
  readonly status: 401 | 403;
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
  if (request.origin !== undefined && !isOwnOrigin(request.origin, door)) {
    return {
      status: 403,
      code: 'ORIGIN_REFUSED',
      message: `Pages of ${request.origin} may not call Hookyard: call it from a script without an Origin header, or from Hookyard's own page.`,
    };
  }
  return null;
}

/** Whether a request may reach the engine, as null, or why not. */
export function refuseEntry(request: RequestFacts, door: DoorFacts): Refused | null {
  const stranger = refuseStranger(request, door);
  if (stranger !== null) return stranger;
  if (request.authorization !== undefined) {
    const token = /^bearer +(\S+) *$/i.exec(request.authorization)?.[1];
    if (token !== undefined && isSameText(token, door.token)) return null;
    return unauthorized('The token is wrong: use the one at the end of the "Ready at" line that this host printed when it started.');
  }
  if (request.session !== undefined && isSameText(request.session, sessionOf(door.token)))
    return hasOwnPage(request, door) ? null : foreignSession;
  return unauthorized(
    'Send the token as "Authorization: Bearer TOKEN"; it is at the end of the "Ready at" line that this host printed when it started.',
  );
}

/** The value of the session cookie: it proves the token and cannot be turned back into it. */
export function sessionOf(token: string): string {
  return createHmac('sha256', token).update('hookyard session').digest('base64url');
}

/** The value of the page cookie: it tells a browser that has opened the printed link, and opens nothing itself. */
export function pageMarkOf(token: string): string {
  return createHmac('sha256', token).update('hookyard page').digest('base64url');
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

/**
 * Cookies are sent to every port of a host and by pages of every port, so a session counts only with the browser's word
 * that our own page asks, or, for reading, that the user typed the address.
 */
function hasOwnPage(request: RequestFacts, door: DoorFacts): boolean {
  if (request.origin !== undefined) return isOwnOrigin(request.origin, door);
  if (request.isUpgrade) return false;
  return request.fetchSite === 'same-origin' || (request.fetchSite === 'none' && request.method === 'GET');
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
