import type { WireFault } from '#shared/contract/wire-fault.ts';
import type { Clock } from '../../base/ports.ts';
import type { Reply } from '../answer.ts';
import type { Connection } from '../connection.ts';
import type { Peer } from '../peer.ts';
import type { Recorder } from '../recorder.ts';
import { finish, send } from '../send.ts';
import { carryOut, type Sent } from './carry-out.ts';
import type { FaultRoom } from './fault-room.ts';
import { isPlanned, type PlannedFault } from './wire-plan.ts';

interface FaultyDeps {
  readonly recorder: Pick<Recorder, 'answered'>;
  readonly clock: Clock;
  readonly faults: FaultRoom;
}

interface FaultyRequest {
  readonly peer: Peer;
  readonly connection: Connection;
  /** When the request began, by the monotonic clock. */
  readonly startedMs: number;
  /** The fault of the bin's own answer, which may act before the body of the request is read. */
  readonly fault: WireFault | null;
}

/** An answer that was sent before the body of the request was read. */
export interface EarlyAnswer {
  readonly reply: Reply;
  /** Whether the body is left unread. */
  readonly isClosing: boolean;
}

/** The part that faults have in one request and its answer. */
export interface FaultyExchange {
  /** Sends the answer now, where that is the fault; null otherwise. Resolves with null if the sender left during its delay. */
  readonly answerEarly: ((reply: Reply) => Promise<EarlyAnswer | null>) | null;
  /** How fast the body is read; undefined for as fast as it comes. */
  readonly readBytesPerSecond: number | undefined;
  /** Holds a place while a body is read slowly. */
  readonly whileReading: <Read>(reading: Promise<Read>) => Promise<Read>;
  /** Sends an answer with its fault, and notes what was sent of it. */
  readonly answer: (captureId: string, reply: Reply, early: EarlyAnswer | null) => Promise<void>;
}

export function createFaultyExchange(deps: FaultyDeps, { peer, connection, startedMs, fault }: FaultyRequest): FaultyExchange {
  const { clock, faults } = deps;
  const note = (captureId: string, { bytes, end }: Sent, isWhole: boolean) => {
    const endedMs = performance.now() - startedMs;
    deps.recorder.answered(captureId, isWhole ? endedMs : null, { bytes, endedMs, end });
  };
  const held = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const release = faults.hold(() => connection.leave('displaced'));
    try {
      return await work();
    } finally {
      release();
    }
  };
  /** What was sent of an answer of Node's server. */
  const noteWhenSent = (captureId: string, end: Sent['end']) => {
    peer.onSent((bytes) => note(captureId, { bytes, end }, true));
    peer.onUnsent((bytes) => note(captureId, { bytes, end: endOf(connection) }, false));
  };

  const answerPlanned = async (captureId: string, reply: Reply, planned: PlannedFault) => {
    const plan = peer.planOf(reply, planned);
    if (plan === null) {
      noteWhenSent(captureId, 'not-possible');
      return send(clock, reply, peer, connection);
    }
    const outlet = await peer.outlet(reply, planned);
    const sent: Sent = outlet === null ? { bytes: 0, end: endOf(connection) } : await carryOut(plan, outlet, connection, clock);
    return note(captureId, sent, false);
  };

  const answerNow = async (reply: Reply, isClosing: boolean): Promise<EarlyAnswer | null> => {
    if (!(await connection.wait(clock, reply.delayMs))) return null;
    peer.answer(isClosing ? { ...reply, isLast: true } : reply);
    return { reply, isClosing };
  };

  return {
    readBytesPerSecond: fault?.kind === 'slow-read' ? fault.bytesPerSecond : undefined,
    answerEarly: fault?.kind === 'early-answer' ? (reply) => answerNow(reply, fault.closes) : null,
    whileReading: (reading) => (fault?.kind === 'slow-read' ? held(() => reading) : reading),
    answer: async (captureId, reply, early) => {
      const isDisplaced = connection.gone() === 'displaced';
      if (isDisplaced || (early === null && !(await connection.wait(clock, reply.delayMs)))) {
        note(captureId, { bytes: 0, end: endOf(connection) }, false);
        return peer.cut();
      }
      if (reply.fault !== null && isPlanned(reply.fault)) {
        const planned = reply.fault;
        return held(() => answerPlanned(captureId, reply, planned));
      }
      // Those that act before the body is read can only be the bin's own: a rule is chosen by what was read.
      const wasGiven = reply.fault?.kind === 'close' || reply.fault?.kind === fault?.kind;
      noteWhenSent(captureId, wasGiven ? 'done' : 'not-possible');
      if (early === null) return send(clock, reply, peer, connection);
      if (!early.isClosing) return finish(clock, peer, connection);
      peer.end();
      return peer.cutSoon();
    },
  };
}

/** Why nothing can be sent any more. */
function endOf(connection: Connection): Sent['end'] {
  const gone = connection.gone();
  return gone === null || gone === 'over' ? 'sender-left' : gone;
}
