/** What all unfinished heads together take up. */
export interface HeadRoom {
  readonly begin: () => { readonly hold: (bytes: number) => boolean };
}

/** A head up to this size is always taken: the limit of connections limits their number. */
const smallBytes = 4096;

/** `hold` reports how much a connection has of an unfinished head; it returns false when that does not fit beside the others. */
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
