import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { Slice } from './request-bytes.ts';

/** Cuts the bytes of one connection into pieces for its parser. */
export interface FlowRules {
  /** How much of the waiting bytes goes to the parser next. */
  readonly next: (waiting: Uint8Array) => Slice;
  /** False while the connection has enough to do; {@link Flow.wake} is called when that is over. */
  readonly mayGoOn: () => boolean;
}

/** The input of one connection. */
export interface Flow {
  readonly wake: () => void;
  /** Bytes that were received but not yet given to the parser. */
  readonly waiting: () => Uint8Array;
  /** Stops parsing it: waiting and later bytes are dropped. */
  readonly drop: () => void;
}

/** Sits between the sockets of a server and their parsers. */
export interface Intake {
  readonly follow: (socket: Socket, rules: FlowRules) => Flow;
}

/** What all connections together may cost in one turn of the event loop, in typical requests. */
const usualCostInTurn = 64;

/** How much Node reads from a socket at once. */
const droppedBytes = 65_536;

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Shares the turns of the event loop out to the connections of a server. Node hands whatever a socket has to the parser at once,
 * and that can be thousands of requests sent ahead, or a hundred thousand chunks: everything else would wait until all of them
 * have begun. Here a turn takes a few of them, the connections by turns; a usual request goes through at once, also beside those that wait.
 */
export function createIntake(costInTurn = usualCostInTurn): Intake {
  const waiting = new Set<() => void>();
  let left = costInTurn;
  /** Reserved for typical requests while costly ones are queued. */
  let leftForSmall = costInTurn;
  let isTurnDue = false;

  const turn = () => {
    isTurnDue = false;
    left = costInTurn;
    leftForSmall = costInTurn;
    // A connection with more to read goes to the end of the queue.
    for (const step of waiting) {
      if (left <= 0) break;
      waiting.delete(step);
      step();
    }
    if (waiting.size > 0) askForTurn();
  };
  const askForTurn = () => {
    if (!isTurnDue) setImmediate(turn);
    isTurnDue = true;
  };

  const follow: Intake['follow'] = (socket, { next, mayGoOn }) => {
    const push = socket.push.bind(socket);
    const read = socket._read.bind(socket);
    let held = nothing;
    let hasEnded = false;
    let isDropped = false;

    // Only then do pushed bytes reach the parser before `push` returns.
    const isOpen = () => socket.readableFlowing === true && socket.readableLength === 0 && mayGoOn();
    const wait = () => {
      waiting.add(step);
      askForTurn();
    };
    const step = () => {
      if (socket.destroyed) return;
      if (isDropped) return readOn();
      // Bytes in the socket itself are about to be read; a paused socket reports when it is resumed.
      if (!isOpen()) return void (socket.readableFlowing === true && socket.readableLength > 0 && wait());
      if (held.length > 0) letThrough();
      if (held.length > 0) wait();
      else if (hasEnded) push(null);
    };
    /** Dropped input is read in turns too: many refused senders may go on sending. */
    const readOn = () => {
      left -= 1;
      askForTurn();
      read(droppedBytes);
    };
    const isSmall = (piece: Uint8Array) => {
      const { bytes, cost } = next(piece);
      return bytes === piece.length && cost === 1;
    };
    /** Whether a piece may skip the queue. */
    const isNext = (piece: Uint8Array) => {
      if (held.length > 0 || !isOpen()) return false;
      if (waiting.size === 0 && left > 0) return true;
      if (leftForSmall <= 0 || !isSmall(piece)) return false;
      leftForSmall -= 1;
      return true;
    };
    const letThrough = () => {
      const slice = next(held);
      left -= slice.cost;
      askForTurn();
      const isAll = slice.bytes === held.length;
      const bytes = isAll ? held : held.subarray(0, slice.bytes);
      held = isAll ? nothing : held.subarray(slice.bytes);
      return push(bytes);
    };

    // Called for each piece that was read; false ends the reading until `_read` asks for more.
    socket.push = (piece: Uint8Array | null) => {
      if (isDropped && piece !== null) {
        wait();
        return false;
      }
      if (piece === null) {
        hasEnded = held.length > 0;
        return hasEnded ? true : push(null);
      }
      const goesOn = isNext(piece);
      held = held.length === 0 ? piece : Buffer.concat([held, piece]);
      const isWanted = !goesOn || letThrough();
      if (held.length === 0) return isWanted;
      wait();
      return false;
    };
    socket._read = (size) => {
      if (held.length === 0) read(size);
    };
    // Node's server reads on as soon as the socket is resumed, which is to wait for what is held.
    const resumed = socket.listeners('resume');
    socket.removeAllListeners('resume');
    socket.on('resume', () => {
      if (held.length > 0) wait();
      else for (const listener of resumed) listener.call(socket);
    });
    return {
      wake: () => {
        if (held.length > 0) wait();
      },
      waiting: () => held,
      drop: () => {
        isDropped = true;
        held = nothing;
        socket.resume();
      },
    };
  };
  return { follow };
}
