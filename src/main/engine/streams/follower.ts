import type { Background } from '../background/background.ts';
import type { Turns } from '../base/turns.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { StreamedCapture, StreamPosition } from '../capture/stream-page.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import { bodyLine, eventEnd, exactStart, gapEvent, lineBytes, pingBytes, readyEvent } from './event-bytes.ts';
import type { LargeBodies } from './large-bodies.ts';
import { smeeInput, type StreamForm, type StreamPage } from './page.ts';
import { smeeEventTask } from './smee-form.ts';

/** Where the events of one follower go. */
export interface StreamSink {
  /** Passes bytes on; false when the reader has to catch up first. The bytes are not changed afterwards. */
  readonly write: (bytes: Uint8Array) => boolean;
  /** Settles when the reader has caught up, or is gone. */
  readonly drained: () => Promise<void>;
  /** Whether bytes wait for the reader. */
  readonly isWaiting: () => boolean;
  /** Ends the connection at once. */
  readonly end: () => void;
}

export interface FollowerDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
  readonly bodies: LargeBodies;
  /** Divides the turns of the event loop among all followers. */
  readonly turns: Turns;
  /** The page behind a position. */
  readonly page: (position: StreamPosition) => StreamPage;
  readonly form: StreamForm;
  readonly onGap: (message: string) => void;
}

/** One connection that follows. It has a position and no queue, so a slow reader costs no memory: it reads from the data file when it can. */
export interface Follower {
  /** Something may have come. */
  readonly wake: () => void;
  readonly ping: () => void;
  /** Stops telling; what waits for the reader is dropped. */
  readonly close: () => void;
  readonly done: Promise<void>;
}

const goneSentence =
  'The capture that this follower had come to is no longer kept. Captures that came after it may have been removed before they were told: compare with the list of the bin.';

export function startFollower(deps: FollowerDeps, sink: StreamSink, from: StreamPosition, firstGap: string | null): Follower {
  let position = from;
  let isOpen = true;
  let isAwake = true;
  let wakeUp: () => void = () => undefined;
  /** Whether it has been told everything there was; then a capture that goes takes nothing untold with it. */
  let isAtEnd = false;

  const put = async (bytes: Uint8Array) => {
    if (isOpen && !sink.write(bytes)) await sink.drained();
  };
  const tellGap = async (message: string) => {
    deps.onGap(message);
    await put(gapEvent(message));
  };
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    sink.end();
    wakeUp();
  };

  const tellLarge = async (capture: StreamedCapture) => {
    const isExact = deps.form === 'exact';
    const read = () => readBody(deps.database, capture.bodyHash);
    const encode = () => deps.background.run('texts', smeeEventTask, smeeInput(capture, ownBytes(read())));
    const held = await deps.bodies.hold(`${deps.form} ${capture.id}`, capture.bodyBytes, isExact ? read : encode, close);
    try {
      if (isExact) await put(exactStart(capture));
      for (let at = 0; isOpen && at < held.bytes.byteLength; at += lineBytes) {
        const piece = held.bytes.subarray(at, at + lineBytes);
        await put(isExact ? bodyLine(piece) : piece);
        held.progress();
        await deps.turns();
      }
      if (isExact) await put(eventEnd);
    } finally {
      held.release();
    }
  };

  const tellPage = async ({ parts, isGone }: StreamPage) => {
    if (isGone && !isAtEnd) await tellGap(goneSentence);
    isAtEnd = parts.length === 0;
    for (const part of parts) {
      if (!isOpen) return;
      await deps.turns();
      if (part.kind === 'events') {
        await put(part.bytes);
        position = part.last;
        continue;
      }
      try {
        await tellLarge(part.capture);
      } catch (error) {
        // It may have been removed meanwhile, or take too long to be put into the form of smee: the others go on.
        if (isOpen)
          await tellGap(`The capture ${part.capture.id} could not be told: ${error instanceof Error ? error.message : String(error)}`);
      }
      position = { seq: part.capture.seq, id: part.capture.id };
    }
  };

  const run = async () => {
    await put(readyEvent(position));
    if (firstGap !== null) await tellGap(firstGap);
    while (isOpen) {
      isAwake = false;
      await tellPage(deps.page(position));
      if (isAtEnd && !isAwake && isOpen) await new Promise<void>((resolve) => (wakeUp = resolve));
    }
  };

  return {
    wake: () => {
      isAwake = true;
      wakeUp();
    },
    ping: () => {
      // A reader that takes nothing is cut off after a while, which a write would put off.
      if (isOpen && !sink.isWaiting()) sink.write(pingBytes);
    },
    close,
    done: run().finally(close),
  };
}
