import type { WireEnd } from '#shared/contract/wire-fault.ts';
import type { Clock } from '../../base/ports.ts';
import type { Connection } from '../connection.ts';
import type { WirePlan } from './wire-plan.ts';

/** Where the bytes of an answer with a fault go. */
export interface Outlet {
  /** Passes bytes on and calls back when they are taken, with an error or null. */
  readonly write: (bytes: Uint8Array, done: (error?: Error | null) => void) => void;
  /** Ends the answer properly, or its connection where that is how it ends. */
  readonly close: () => void;
  readonly reset: () => void;
}

/** What was sent, and how it ended. */
export type Sent = Pick<WireEnd, 'bytes' | 'end'>;

/** Pieces in which bytes are passed on, so that little lies in memory and a sender that left is noticed. */
const pieceBytes = 16_384;
/** Slower rates send single bytes. */
const shortestPauseMs = 50;

/** Sends an answer as a plan says, until it is through or the sender is gone. Never rejects. */
export async function carryOut(plan: WirePlan, outlet: Outlet, connection: Connection, clock: Clock): Promise<Sent> {
  const cancelLimit = clock.at(clock.now() + plan.limitMs, () => connection.leave('over'));
  const progress = { bytes: 0 };
  const isThrough = await sendAll(plan, outlet, { connection, clock, progress });
  const hasHeld = isThrough && (plan.holdMs === 0 || (await connection.wait(clock, plan.holdMs)));
  cancelLimit();
  const gone = connection.gone();
  if (hasHeld && plan.end === 'reset') outlet.reset();
  else outlet.close();
  return { bytes: progress.bytes, end: hasHeld || gone === null || gone === 'over' ? 'done' : gone };
}

interface Sending {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly progress: { bytes: number };
}

/** False when the sender or the time was gone before the last byte. */
async function sendAll(plan: WirePlan, outlet: Outlet, { connection, clock, progress }: Sending): Promise<boolean> {
  const { bytes, repeated, bytesPerSecond } = plan;
  const total = bytes.byteLength + (repeated?.maxBytes ?? 0);
  const startedAtMs = clock.now();
  while (progress.bytes < total) {
    const due = bytesPerSecond === null ? total : Math.min(total, 1 + Math.floor(((clock.now() - startedAtMs) * bytesPerSecond) / 1000));
    while (progress.bytes < due) {
      const piece = pieceAt(plan, progress.bytes, Math.min(due - progress.bytes, pieceBytes));
      if (!(await passed(outlet, piece, connection))) return false;
      progress.bytes += piece.byteLength;
    }
    if (progress.bytes >= total) break;
    const pauseMs = Math.max(shortestPauseMs, Math.ceil(1000 / (bytesPerSecond ?? 1000)));
    if (!(await connection.wait(clock, pauseMs))) return false;
  }
  return connection.gone() === null;
}

function pieceAt({ bytes, repeated }: WirePlan, at: number, length: number): Uint8Array {
  if (at < bytes.byteLength || repeated === null) return bytes.subarray(at, at + length);
  const { unit } = repeated;
  const from = (at - bytes.byteLength) % unit.byteLength;
  return unit.subarray(from, from + length);
}

/** Whether bytes were taken before the sender left. */
function passed(outlet: Outlet, piece: Uint8Array, connection: Connection): Promise<boolean> {
  if (connection.gone() !== null) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const unfollow = connection.onGone(() => resolve(false));
  outlet.write(piece, (error) => {
    unfollow();
    resolve(error === undefined || error === null);
  });
  return promise;
}
