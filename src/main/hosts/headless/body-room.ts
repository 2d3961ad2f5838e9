/** What the bodies of calls take up in memory, all together: many large ones at once are not to end the host. */
export interface BodyRoom {
  readonly begin: () => BodyLease;
  /** Whether large bodies have to wait. */
  readonly isFull: () => boolean;
  /** Calls back whenever room was given back; answers how to end that. */
  readonly follow: (listener: () => void) => () => void;
  readonly takenBytes: () => number;
}

/** The room of one body, from when it begins to come until its call is answered. */
export interface BodyLease {
  /** Asks for so much in all; false, and nothing is taken, where there is no room. One alone gets any room. */
  readonly growTo: (bytes: number) => boolean;
  /** Takes so much in all, whether or not there is room: for what has come already. */
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
