import { codingOf } from '#shared/body-coding.ts';
import { unpack } from '../bodies/unpack.ts';
import type { Reader } from '../store/database.ts';
import type { LongLooks } from '../store/searcher.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { comparedThing, isMissing, keptBytes, type ComparedAsked } from './compared-things.ts';

/** What has more bytes than this in all, unpacked, takes over a tenth of a second to compare, and runs where it holds no other comparison up. */
const shortBytes = 1_048_576;

/** Looks at one or both of a pair that are long: those at large texts, large bodies, and small ones that unpack to large ones. */
export function longWhere<I>(askedOf: (input: I) => readonly ComparedAsked[]): LongLooks<I> {
  return {
    lane: 'long comparisons',
    isLong: async (reader, input) => await areLong(reader, askedOf(input)),
    isLongAtSight: (input) => total(askedOf(input).map((each) => (each.kind === 'text' ? each.text.length : 0))) > shortBytes,
  };
}

/** Looks at both of a pair. */
export const longPairs: LongLooks<Readonly<Record<'before' | 'after', ComparedAsked>>> = longWhere(({ before, after }) => [before, after]);

async function areLong(reader: Reader, asked: readonly ComparedAsked[]): Promise<boolean> {
  // A text may be nothing but its body, so it is not read to find out.
  const kept = asked.map((each) => (each.kind === 'text' ? each.text.length : keptBytes(reader, each)));
  if (total(kept) > shortBytes) return true;
  const unpacked = await Promise.all(asked.map((each) => unpackedBytes(reader, each)));
  return total(unpacked) > shortBytes;
}

/** How large the bodies of something are once unpacked; of larger ones than those that are short, only that they are. */
async function unpackedBytes(reader: Reader, asked: ComparedAsked): Promise<number> {
  const thing = comparedThing(reader, asked);
  if (isMissing(thing)) return 0;
  const { request, response } = thing;
  const answer = response.kind === 'answer' ? response.body : null;
  return total(await Promise.all([request, ...(answer === null ? [] : [answer])].map(unpackedSize)));
}

async function unpackedSize({ bytes, headers }: ComparedBody): Promise<number> {
  if (bytes === null) return 0;
  const coding = codingOf(headers, bytes);
  if (coding.contentCodings.length === 0) return bytes.byteLength;
  const { bytes: plain, isCut } = await unpack(bytes, coding, shortBytes);
  return isCut ? shortBytes + 1 : plain.byteLength;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
