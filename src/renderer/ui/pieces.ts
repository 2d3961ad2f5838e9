import { createStore, type StoreApi } from 'zustand/vanilla';
import { afterATurn, usualStepMs, type StepSettings } from './in-steps.ts';

/** One piece of something long, such as the lines of a body. */
export interface PieceState<Row> {
  /** Which piece is shown, from 0. */
  readonly piece: number;
  /** Its rows; empty while it is being read. */
  readonly rows: readonly Row[];
  readonly isReading: boolean;
  /** Whether nothing comes after it; false while it is being read. */
  readonly isLast: boolean;
}

export interface PieceStore<Row> extends StoreApi<PieceState<Row>> {
  /** Goes to a piece that was read already or is the next one. */
  readonly show: (piece: number) => void;
  /** Continues reading until `stop`. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** How large a piece may be, and how it is read. */
export interface PieceLimits<Row> extends StepSettings {
  readonly rows: number;
  readonly size: number;
  readonly sizeOf: (row: Row) => number;
}

/**
 * Reads something of any length piece by piece, each only when it is asked for, in steps that hold nothing up. The first step
 * is taken at once, so that what is short is there from the beginning.
 */
export function createPieces<Row>(source: Iterator<Row | null>, limits: PieceLimits<Row>): PieceStore<Row> {
  const { stepMs = usualStepMs, later = afterATurn } = limits;
  const pieces: (readonly Row[])[] = [];
  let reading: Row[] = [];
  let size = 0;
  let isEnded = false;
  /** A row read ahead: a piece is only known not to be the last when there is one after it. */
  let ahead: Row | null = null;
  let wanted = 0;
  let cancel: (() => void) | null = null;

  const close = () => {
    pieces.push(reading);
    reading = [];
    size = 0;
  };
  const add = (row: Row) => {
    if (ahead !== null) {
      reading.push(ahead);
      size += limits.sizeOf(ahead);
    }
    ahead = row;
    if (reading.length >= limits.rows || size >= limits.size) close();
  };
  const end = () => {
    isEnded = true;
    if (ahead !== null) reading.push(ahead);
    ahead = null;
    if (reading.length > 0 || pieces.length === 0) close();
  };
  /** Reads for a while; true when the piece that is wanted is there. */
  const readOn = (): boolean => {
    const untilMs = performance.now() + stepMs;
    while (pieces.length <= wanted && !isEnded) {
      const step = source.next();
      if (step.done === true) end();
      else if (step.value !== null) add(step.value);
      if (performance.now() > untilMs) break;
    }
    return pieces.length > wanted || isEnded;
  };
  const current = (): PieceState<Row> => {
    const isThere = wanted < pieces.length;
    return { piece: wanted, rows: pieces[wanted] ?? [], isReading: !isThere && !isEnded, isLast: isEnded && wanted >= pieces.length - 1 };
  };

  readOn();
  const store = createStore<PieceState<Row>>(current);
  const goOn = () => {
    cancel = null;
    if (readOn()) store.setState(current(), true);
    else cancel = later(goOn);
  };
  const start = () => {
    if (cancel === null && store.getState().isReading) cancel = later(goOn);
  };
  return {
    ...store,
    show: (piece) => {
      wanted = Math.max(0, Math.min(piece, isEnded ? pieces.length - 1 : pieces.length));
      readOn();
      store.setState(current(), true);
      start();
    },
    start,
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}
