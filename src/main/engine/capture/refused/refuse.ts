import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HeaderField } from '#shared/contract/common.ts';
import type { RefusalReason } from '#shared/contract/refused-requests.ts';
import type { Clock } from '../../base/ports.ts';
import { bareAnswer } from '../../http/bare-answer.ts';
import type { Flow } from '../../http/intake.ts';
import type { SocketConnection } from '../connection.ts';
import { slugOf } from '../request-target.ts';
import { adviceFor } from './advice.ts';
import { diagnose, targetOfBroken, type Diagnosis, type RefusedHead } from './diagnosis.ts';
import type { RefusedRecorder } from './recorder.ts';
import { firstBytesKept, type OpenHead, type RequestBytes, type RequestTrail } from '../../http/request-bytes.ts';

/** How long a refused connection stays open for the sender to read the answer. */
const lingerMs = 5_000;

export interface RefuseDeps {
  readonly clock: Clock;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** The id of the bin that a path names, or null. */
  readonly binAt: (slug: string) => string | null;
  readonly limits: RefusedHead['limits'];
}

/** The error of Node's server for input that it cannot parse. */
export interface ClientError extends NodeJS.ErrnoException {
  readonly reason?: unknown;
  readonly bytesParsed?: unknown;
  readonly rawPacket?: Uint8Array;
}

/** The input of a connection whose request is refused. */
export interface Refusable {
  readonly connection: SocketConnection;
  readonly bytes: RequestBytes;
  readonly flow: Pick<Flow, 'waiting' | 'drop'>;
}

/** Answers and records input that is not HTTP, or that ended within a request. */
export function refuseUnreadable(deps: RefuseDeps, error: ClientError, { connection, bytes, flow }: Refusable): void {
  const { socket } = connection;
  const isGone = !socket.writable || error.code === 'ECONNRESET';
  if (!connection.setUnreadable(typeof error.reason === 'string' ? error.reason : error.message)) {
    if (isGone) socket.destroy();
    return;
  }
  // Within a body, the request that it belongs to is kept and answered.
  if (!isGone && connection.interruptReading(error.code === 'HPE_INVALID_EOF_STATE' ? 'disconnected' : 'malformed')) return;
  const open = bytes.openHead(flow.waiting());
  flow.drop();
  if (isGone && (open === null || open.trail.receivedBytes() === 0)) return void socket.destroy();
  const head = headOf(error, open, deps.limits);
  const { first, receivedBytes } = head;
  const diagnosis = diagnose(head);
  const target = targetOfBroken(first);
  const slug = target === null ? null : slugOf(target);
  const remoteAddress = socket.remoteAddress ?? '';
  const status = statusFor(diagnosis.reason);
  // Requests before the broken one come first: the sender takes answers in the order of its requests.
  const answer = () => {
    const isAnswered = !isGone && socket.writable;
    if (open !== null)
      deps.refused.note({
        ...diagnosis,
        slug,
        binId: slug === null ? null : deps.binAt(slug),
        status: isAnswered ? status : null,
        trail: { first: () => first, receivedBytes: () => receivedBytes },
        remoteAddress,
      });
    if (isAnswered) endWith(deps.clock, socket, status, answerTo(diagnosis));
    else socket.destroy();
  };
  if (isGone) answer();
  else connection.whenIdle(answer);
  return undefined;
}

/** The answer to a head that the parser refused, at any port. */
export function explainUnreadable(
  error: ClientError,
  open: OpenHead,
  limits: RefusedHead['limits'],
): { readonly status: number; readonly sentence: string } {
  const diagnosis = diagnose(headOf(error, open, limits));
  return { status: statusFor(diagnosis.reason), sentence: answerTo(diagnosis) };
}

function headOf(error: ClientError, open: OpenHead | null, limits: RefusedHead['limits']): RefusedHead {
  return {
    first: open?.trail.first() ?? new Uint8Array(),
    receivedBytes: open?.trail.receivedBytes() ?? 0,
    code: error.code ?? '',
    parserSays: typeof error.reason === 'string' ? error.reason : '',
    faultAt: faultIn(error, open?.parsedBytes ?? 0),
    isFollowing: open?.isFollowing ?? false,
    limits,
  };
}

/** Answers and records a connection beyond the limit. */
export function refuseConnection(deps: RefuseDeps, socket: Socket, flow: Refusable['flow']): void {
  flow.drop();
  noteConnection(deps, socket.remoteAddress, statusFor('too-many-connections'));
  endWith(deps.clock, socket, statusFor('too-many-connections'), answerTo(tooManyConnections(deps.limits)));
}

/** Records a connection that got no answer because too many refused ones are still open. */
export function noteConnection(deps: RefuseDeps, remoteAddress: string | undefined, status: number | null): void {
  const trail = { first: () => new Uint8Array(), receivedBytes: () => 0 };
  deps.refused.note({
    ...tooManyConnections(deps.limits),
    slug: null,
    binId: null,
    status,
    trail,
    remoteAddress: remoteAddress ?? '',
  });
}

function tooManyConnections({ connections }: RefuseDeps['limits']): Diagnosis {
  return { reason: 'too-many-connections', seen: `${connections} connections were open, as many as this port takes.` };
}

/** Answers and records a CONNECT, which Node passes on as a bare socket. */
export function refuseProxying(deps: RefuseDeps, socket: Duplex, remoteAddress: string, trail: RequestTrail): void {
  const diagnosis: Diagnosis = { reason: 'proxy', seen: 'The method is CONNECT, which asks a proxy for a connection.' };
  const status = statusFor(diagnosis.reason);
  deps.refused.note({ ...diagnosis, slug: null, binId: null, status, trail, remoteAddress });
  endWith(deps.clock, socket, status, answerTo(diagnosis));
}

/** Answers and records what came on a socket that no server reads. */
export function refuseOnBareSocket(
  { clock, refused }: Pick<RefuseDeps, 'clock' | 'refused'>,
  socket: Socket,
  diagnosis: Diagnosis,
  first: Uint8Array,
): void {
  const status = statusFor(diagnosis.reason);
  noteOnBareSocket(refused, socket, { diagnosis, status, first });
  endWith(clock, socket, status, answerTo(diagnosis));
}

interface OnBareSocket {
  readonly diagnosis: Diagnosis;
  /** Null for one that gets no answer. */
  readonly status: number | null;
  readonly first: Uint8Array;
}

/** Records what came on a socket that no server reads. It belongs to no bin, so it cannot make up kinds. */
export function noteOnBareSocket(refused: RefuseDeps['refused'], socket: Socket, { diagnosis, status, first }: OnBareSocket): void {
  const trail = { first: () => first.subarray(0, firstBytesKept), receivedBytes: () => first.byteLength };
  refused.note({ ...diagnosis, slug: null, binId: null, status, trail, remoteAddress: socket.remoteAddress ?? '' });
}

/** Why a connection is not taken whose sender is not on the allow-list. */
export const strangerDiagnosis: Diagnosis = {
  reason: 'not-allowed',
  seen: 'The connection came from an address that is not on the allow-list.',
};

/** What is read at most of a sender that is not on the allow-list. */
const strangerBytes = 65_536;

/** Answers a sender that is not on the allow-list with a bare 404 as soon as it asks for something, and records both. */
export function refuseStranger({ clock, refused }: Pick<RefuseDeps, 'clock' | 'refused'>, socket: Socket): void {
  const cancel = clock.at(clock.now() + lingerMs, () => socket.destroy());
  let seenBytes = 0;
  socket.on('data', (bytes: Uint8Array) => {
    if (seenBytes === 0) {
      noteOnBareSocket(refused, socket, { diagnosis: strangerDiagnosis, status: 404, first: bytes });
      socket.end(bareAnswer(404, [['Content-Type', 'text/plain; charset=utf-8']], 'Not found\n'));
    }
    seenBytes += bytes.byteLength;
    if (seenBytes >= strangerBytes) socket.pause();
  });
  socket.once('end', () => socket.destroy());
  socket.once('close', () => {
    cancel();
    if (seenBytes === 0) noteOnBareSocket(refused, socket, { diagnosis: strangerDiagnosis, status: null, first: new Uint8Array() });
  });
}

/** Why no bin gets a request that could be parsed. */
export function noBinDiagnosis(slug: string | null): Diagnosis {
  if (slug === null) return { reason: 'no-path', seen: 'The path names no bin.' };
  if (/^(\.|%2e){1,2}$/i.test(slug))
    return { reason: 'dot-path', seen: 'The path begins with a segment of dots, which is not the slug of any bin.' };
  // Nothing but a slug is quoted: a browser could interpret anything else.
  return {
    reason: 'no-bin',
    seen: /^[a-z0-9-]{1,63}$/i.test(slug) ? `There is no bin with the slug ${slug}.` : 'There is no bin at this path.',
  };
}

/** The place in the request at which the parser stopped: all of it up to the piece that broke was read. */
function faultIn({ bytesParsed, rawPacket }: ClientError, handedBytes: number): number | null {
  if (typeof bytesParsed !== 'number' || rawPacket === undefined) return null;
  return Math.max(0, handedBytes - (rawPacket.byteLength - bytesParsed));
}

function statusFor(reason: RefusalReason): number {
  if (reason === 'head-too-large') return 431;
  if (reason === 'head-too-slow' || reason === 'nothing-sent') return 408;
  if (reason === 'heads-no-room' || reason === 'too-many-connections') return 503;
  return reason === 'proxy' ? 405 : 400;
}

function answerTo({ reason, seen }: Diagnosis): string {
  return `${seen} ${adviceFor(reason)}`;
}

/** Answers on the bare socket and closes it. */
function endWith(clock: Clock, socket: Duplex, status: number, sentence: string): void {
  const headers: readonly HeaderField[] = [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['X-Content-Type-Options', 'nosniff'],
    ...(status === 503 ? [['Retry-After', '5'] satisfies HeaderField] : []),
  ];
  socket.on('error', () => undefined);
  socket.end(bareAnswer(status, headers, `${sentence}\n`));
  const cancel = clock.at(clock.now() + lingerMs, () => socket.destroy());
  socket.once('close', cancel);
}
