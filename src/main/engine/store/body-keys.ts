import { hash as digest } from 'node:crypto';

/** Chooses the key of a body; equal keys mean equal bytes. */
export type BodyKeyOf = (bytes: Uint8Array) => Uint8Array;

/** A body of at least this size is larger than the page of the index that its key changes. */
const largeBytes = 4096;

/** At least so many contents of small bodies are remembered, and at most twice as many. */
const knownContents = 2048;

/** Where the content begins in the key of a small body; the key of a large one is all content. */
export const contentAt = 8;

/** The first bytes of the key of a small body; they make nearly all small bodies sort after large ones. */
const smallMark = 0xffff;

/**
 * The key of a large body is its SHA-256, so that equal ones are stored once. The key of a small one begins with a number
 * that grows, and only then come 24 bytes of the SHA-256: keys without an order change a page of the index each, which is
 * more to write than the body itself, while those that grow all go into the last page. So a small body is stored once only
 * if its content occurred recently, as is usual for the answers of receivers. `newestRow` returns how many there have been.
 */
export function createBodyKeys(newestRow: () => number): BodyKeyOf {
  let newest = new Map<string, Uint8Array>();
  let older = newest;
  let number: number | null = null;
  const keyOfNew = (content: string) => {
    number = (number ?? newestRow()) + 1;
    const key = Buffer.from(content, 'binary');
    key.writeUInt16BE(smallMark, 0);
    key.writeUIntBE(number, 2, contentAt - 2);
    return key;
  };
  return (bytes) => {
    // As text, which a map can find; a buffer would be made for each body, also for those that are known.
    const content = digest('sha256', bytes, 'binary');
    if (bytes.byteLength >= largeBytes) return Buffer.from(content, 'binary');
    const known = newest.get(content);
    if (known !== undefined) return known;
    if (newest.size === knownContents) {
      older = newest;
      newest = new Map();
    }
    const key = older.get(content) ?? keyOfNew(content);
    newest.set(content, key);
    return key;
  };
}
