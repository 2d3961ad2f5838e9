/** Limits the memory of all request bodies, or of all answers, together, so that many large ones at once cannot crash the host. */
export interface BodyRoom {
  readonly begin: () => BodyLease;
  /** Whether large bodies have to wait. */
  readonly isFull: () => boolean;
  /** Calls back whenever room was released; returns a function that unsubscribes. */
  readonly follow: (listener: () => void) => () => void;
  readonly takenBytes: () => number;
}

/** The room of one body, from its first byte until its call is answered, or of one answer until it is out. */
export interface BodyLease {
  /** Requests so much in all; returns false, without taking any, when there is no room. A single body gets any amount. */
  readonly growTo: (bytes: number) => boolean;
  /** Takes so much in all even without room, for what has already arrived. */
  readonly holdTo: (bytes: number) => void;
  readonly end: () => void;
}

/** Bodies up to this are let in beside large ones that take up all the room. */
export const smallBodyBytes = 65_536;

export interface BodyRoomSize {
  readonly bytes: number;
  /** Room that large bodies leave to small ones. */
  readonly smallBytes: number;
}

/** A call takes several times its body while it is worked on: as bytes, as text and as what that says. */
const usualSize: BodyRoomSize = { bytes: 134_217_728, smallBytes: 16_777_216 };

export function createBodyRoom({ bytes: roomBytes, smallBytes }: BodyRoomSize = usualSize): BodyRoom {
  const listeners = new Set<() => void>();
  let takenBytes = 0;
  return {
    begin: () => {
      let ownBytes = 0;
      const holdTo = (bytes: number) => {
        takenBytes += bytes - ownBytes;
        ownBytes = bytes;
      };
      return {
        growTo: (bytes) => {
          const others = takenBytes - ownBytes;
          const isSmall = bytes <= smallBodyBytes;
          const fits = others + bytes <= roomBytes + (isSmall ? smallBytes : 0) || others <= smallBytes;
          if (fits) holdTo(Math.max(bytes, ownBytes));
          return fits;
        },
        holdTo,
        end: () => {
          if (ownBytes === 0) return;
          holdTo(0);
          for (const tell of listeners) tell();
        },
      };
    },
    isFull: () => takenBytes >= roomBytes,
    follow: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    takenBytes: () => takenBytes,
  };
}
