/** What heads that have not ended take up, all together. */
export interface HeadRoom {
  readonly begin: () => { readonly hold: (bytes: number) => boolean };
}

/** A head up to this is taken in any case: their number is limited by that of the connections. */
const smallBytes = 4096;

/** `hold` tells how much a connection has of a head that goes on, and is false when that does not fit beside the others. */
export function createHeadRoom(limitBytes: number): HeadRoom {
  let takenBytes = 0;
  return {
    begin: () => {
      let ownBytes = 0;
      return {
        hold: (bytes) => {
          takenBytes += bytes - ownBytes;
          ownBytes = bytes;
          return bytes <= smallBytes || takenBytes <= limitBytes;
        },
      };
    },
  };
}
