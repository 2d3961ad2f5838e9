import type { BenchHost } from '../host.ts';

/** What an act is done to. */
export type HostileGroup =
  | 'nothing'
  | 'bulk'
  | 'search'
  | 'templates'
  | 'messages'
  | 'deliveries'
  | 'captures'
  | 'cases'
  | 'crowds'
  | 'verifying'
  | 'socket'
  | 'events'
  | 'profiles'
  | 'answers'
  | 'imports'
  | 'relays'
  | 'environments'
  | 'proxies'
  | 'custom'
  | 'preview'
  | 'replays'
  | 'keys';

/** Something that a person, a script or a stranger does to a host and that must not block others. */
export interface HostileAct {
  readonly name: string;
  readonly group: HostileGroup;
  /** Made before the act, and not counted. */
  readonly prepare?: (host: BenchHost) => Promise<void>;
  /** Returns the answer. */
  readonly act: (host: BenchHost, round: number) => Promise<string>;
}

export const mib = 1_048_576;

/** A large body, below the limit that a workspace has at first. */
export const bodyBytes = 15 * mib;
/** A text again and again, to so many characters or a little more. */
export const run = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));

/** Calls the host's REST door; returns the status and the beginning of the answer. */
export async function callRest(
  host: BenchHost,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${host.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${host.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Calls it likewise; returns the status, and what a refusal says. */
export async function rest(host: BenchHost, method: string, path: string, body?: unknown): Promise<string> {
  const { status, text } = await callRest(host, method, path, body);
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text.slice(0, 2000))?.[1] ?? '';
  return status < 300 ? String(status) : `${status}: ${message}`;
}
