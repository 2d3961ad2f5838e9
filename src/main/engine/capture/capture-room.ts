import type { Log } from '../base/ports.ts';

/** Whether there is room for captures, so that nobody who can reach the capture port can fill the disk. */
export interface CaptureRoom {
  /** False while captures are so far over their limit that no more are kept until a clean-up has removed the oldest. */
  readonly hasRoom: () => boolean;
  /** What all captures together may take up; a single larger one cannot be kept. Null without a limit. */
  readonly limitBytes: () => number | null;
  /** Notes what all captures take up after one was added. */
  readonly note: (bytes: number) => void;
}

export interface CaptureRoomDeps {
  /** The limit; null without one. */
  readonly limitBytes: () => number | null;
  /** What all captures take up now. */
  readonly keptBytes: () => number;
  /** Begins a clean-up, unless one is under way. */
  readonly cleanUp: () => void;
  readonly log: Log;
}

/** A clean-up begins when this share over the limit is reached, not with each capture at the limit. */
const cleanUpShare = 1 / 16;
/** Beyond this share over the limit nothing more is kept: captures arrive faster than clean-ups remove them. */
const stopShare = 1 / 4;

export function createCaptureRoom({ limitBytes, keptBytes, cleanUp, log }: CaptureRoomDeps): CaptureRoom {
  let kept = keptBytes();
  let isTold = false;
  const isOver = (share: number) => kept > (limitBytes() ?? Number.POSITIVE_INFINITY) * (1 + share);
  return {
    limitBytes,
    hasRoom: () => {
      if (!isOver(stopShare)) return true;
      // Only here do the results of clean-ups show.
      kept = keptBytes();
      const hasRoom = !isOver(stopShare);
      if (!hasRoom) cleanUp();
      if (!hasRoom && !isTold)
        log.warn(
          { keptBytes: kept, limitBytes: limitBytes() },
          'Captures are far over their limit; new ones are refused until the oldest are removed',
        );
      isTold = !hasRoom;
      return hasRoom;
    },
    note: (bytes) => {
      kept = bytes;
      if (isOver(cleanUpShare)) cleanUp();
    },
  };
}
