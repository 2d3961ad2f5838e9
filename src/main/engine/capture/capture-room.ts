import type { Log } from '../base/ports.ts';

/** Whether captures have room, so that nobody who can reach the capture port fills the disk. */
export interface CaptureRoom {
  /** False while captures are so far over their limit that no more are kept until a clean-up has taken the oldest out. */
  readonly hasRoom: () => boolean;
  /** What all captures together may take up, so that a single one larger than this cannot be kept; null without a limit. */
  readonly limitBytes: () => number | null;
  /** Notes what all captures take up after one more came. */
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

/** Clean-ups begin this share over the limit, and not with each capture that comes at the limit. */
const cleanUpShare = 1 / 16;
/** Beyond this share over the limit nothing more is kept: captures come faster than clean-ups take them out. */
const stopShare = 1 / 4;

export function createCaptureRoom({ limitBytes, keptBytes, cleanUp, log }: CaptureRoomDeps): CaptureRoom {
  let kept = keptBytes();
  let isTold = false;
  const isOver = (share: number) => kept > (limitBytes() ?? Number.POSITIVE_INFINITY) * (1 + share);
  return {
    limitBytes,
    hasRoom: () => {
      if (!isOver(stopShare)) return true;
      // What clean-ups took out shows here only.
      kept = keptBytes();
      const hasRoom = !isOver(stopShare);
      if (!hasRoom) cleanUp();
      if (!hasRoom && !isTold)
        log.warn(
          { keptBytes: kept, limitBytes: limitBytes() },
          'Captures are far over their limit; the next are refused until the oldest are taken out',
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
