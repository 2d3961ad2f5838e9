import type { ComparedChoice, Comparison, StoredChoice } from '#shared/contract/comparisons.ts';
import type { GivenBytes } from '#shared/contract/common.ts';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { bytesOf } from '../base/given-bytes.ts';
import type { Procedures } from '../base/procedures.ts';
import { comparisonLimitMs, TaskEnded } from '../background/background.ts';
import { conflict, invalid, notFound, Refusal } from '../base/refusal.ts';
import { createSharedCalls } from '../base/shared-calls.ts';
import { compareSearch, type ComparedPair, type Missing } from '../comparing/compare.ts';
import { bytesOfTextSearch, bytesSearch, decodedSideSearch } from '../comparing/compared-bytes.ts';
import { offersSearch } from '../comparing/compared-offers.ts';
import type { ComparedAsked, ComparedId, WhyMissing } from '../comparing/compared-things.ts';
import { entriesSearch } from '../comparing/text-entries.ts';
import { arrivalsSearch, transitSearch } from '../comparing/transit.ts';
import type { Searcher } from '../store/searcher.ts';

/** The `comparing` part of the router: what was sent beside what arrived, and any two attempts, captures or requests in texts. */
export function createComparingHandlers(os: Procedures, { searcher }: { readonly searcher: Searcher }) {
  const compare = sharedComparisons(searcher);
  return {
    transit: os.comparing.transit.handler(async ({ input, signal }) => {
      const transit = await inTime(searcher.look(transitSearch, { captureId: input.id }, signal));
      if (transit === undefined) throw notFound('capture', input.id);
      return { transit, why: transit === null ? notOurs : null };
    }),
    arrivals: os.comparing.arrivals.handler(async ({ input, signal }) => {
      const items = await inTime(searcher.look(arrivalsSearch, { attemptId: input.id }, signal));
      if (items === undefined) throw notFound('attempt', input.id);
      return { items: [...items], why: items.length === 0 ? notHere : null };
    }),
    compare: os.comparing.compare.handler(async ({ input, signal }) => {
      const pair = chosenPair(input);
      return there(await inTime(compare(pair, input.ignore, signal)), pair);
    }),
    offers: os.comparing.offers.handler(async ({ input, signal }) => {
      const asked = storedOf(input, '');
      const found = await inTime(searcher.look(offersSearch, asked, signal));
      if ('why' in found) throw missing(asked, found.why, '');
      return { side: found.side, offers: [...found.offers] };
    }),
    entries: os.comparing.entries.handler(async ({ input: { other, ...given }, signal }) => {
      const order = {
        given: { text: givenText(given, ''), name: given.name ?? null },
        other: other === undefined ? null : chosen(other, 'other'),
      };
      const found = await inTime(searcher.look(entriesSearch, order, signal));
      if ('trouble' in found) throw invalid(textField(given, ''), found.trouble);
      return { readAs: found.readAs, items: [...found.items], notes: [...found.notes] };
    }),
    decoded: os.comparing.decoded.handler(async ({ input: { side, of }, signal }) => {
      const asked = chosen(side, 'side');
      const found = await inTime(searcher.look(decodedSideSearch, { asked, of }, signal));
      if ('why' in found) throw missing(asked, found.why, 'side');
      return found.decoded;
    }),
    bytes: os.comparing.bytes.handler(async ({ input: { before, after, ...piece }, signal }) => {
      const pair = chosenPair({ before, after });
      const isOfText = pair.before.kind === 'text' || pair.after.kind === 'text';
      return there(await inTime(searcher.look(isOfText ? bytesOfTextSearch : bytesSearch, { ...pair, ...piece }, signal)), pair);
    }),
  };
}

/** Comparisons of the same two things that are asked for at once are made once; one that nobody waits for any more is given up. */
function sharedComparisons(searcher: Searcher) {
  const shared = createSharedCalls<Comparison | Missing>();
  return async (pair: ComparedPair, ignore: readonly NoiseKind[], signal: AbortSignal | undefined): Promise<Comparison | Missing> => {
    const look = (until: AbortSignal | undefined) => searcher.look(compareSearch, { ...pair, ignore }, until);
    const { before, after } = pair;
    // Texts are not compared with each other to find out; which attempt a delivery stands for may be another one by now.
    if ([before, after].some(({ kind }) => kind === 'text' || kind === 'delivery')) return await look(signal);
    const key = JSON.stringify([before, after, ignore.toSorted()]);
    const { value, isJoined } = await shared.run(key, signal, look);
    // What was under way when the other call looked may have ended before this one.
    return isJoined && 'missing' in value ? await look(signal) : value;
  };
}

function chosenPair({ before, after }: Readonly<Record<'before' | 'after', ComparedChoice>>): ComparedPair {
  return { before: chosen(before, 'before'), after: chosen(after, 'after') };
}

/** What was found of a pair. Throws a Refusal where one of the two cannot be compared. */
function there<T extends object>(found: T | Missing, pair: ComparedPair): T {
  if (!('missing' in found)) return found;
  throw missing(pair[found.missing], found.why, found.missing);
}

/** Why something cannot be compared, as a refusal about a field of a choice. */
function missing(asked: ComparedAsked, why: WhyMissing, choice: string): Refusal {
  if (typeof why === 'object') return invalid(at(choice, why.field === 'entry' ? 'entry' : 'text'), why.trouble);
  const { kind, id } = asked as ComparedId;
  const field = at(choice, `${kind}Id`);
  if (why === 'under way') {
    const which = kind === 'attempt' ? 'attempt' : 'first attempt of the delivery';
    return conflict(field, `The ${which} ${id} is still under way. It can be compared once it has ended.`);
  }
  if (kind !== 'delivery') return notFound(kind, id);
  return invalid(field, `There is no delivery ${id} with an attempt that ended, so nothing was sent that could be compared.`);
}

function at(choice: string, field: string): string {
  return choice === '' ? field : `${choice}.${field}`;
}

/** The one thing that a choice names. */
function chosen(choice: ComparedChoice, field: 'before' | 'after' | 'other' | 'side'): ComparedAsked {
  const { text, textBase64, name, entry, ...ids } = choice;
  const hasText = text !== undefined || textBase64 !== undefined;
  if (!hasText && (name !== undefined || entry !== undefined))
    throw invalid(at(field, name === undefined ? 'entry' : 'name'), 'name and entry go with a text: give it as text or textBase64.');
  if (!hasText) return storedOf(ids, field);
  if (Object.values(ids).some((id) => id !== undefined)) throw invalid(field, onlyOne);
  return { kind: 'text', text: givenText({ text, textBase64 }, field), name: name ?? null, entry: entry ?? null };
}

const onlyOne = 'Give one of captureId, attemptId, deliveryId and text (or textBase64), and only one.';

/** The one thing of the log that a choice names. */
function storedOf({ captureId, attemptId, deliveryId }: StoredChoice, field: string): ComparedId {
  const given: ComparedId[] = [
    ...(captureId === undefined ? [] : [{ kind: 'capture' as const, id: captureId }]),
    ...(attemptId === undefined ? [] : [{ kind: 'attempt' as const, id: attemptId }]),
    ...(deliveryId === undefined ? [] : [{ kind: 'delivery' as const, id: deliveryId }]),
  ];
  const [first] = given;
  if (first !== undefined && given.length === 1) return first;
  throw invalid(field, field === '' ? 'Give one of captureId, attemptId and deliveryId, and only one.' : onlyOne);
}

interface GivenText {
  readonly text?: string | undefined;
  readonly textBase64?: GivenBytes | undefined;
}

/** The text of a choice. Refuses one that is too large before anything reads it. */
function givenText({ text, textBase64 }: GivenText, field: string): string | Uint8Array {
  if ((text === undefined) === (textBase64 === undefined))
    throw invalid(field, 'Give the text that holds the request as text, or its bytes as textBase64, and only one of them.');
  const given = text ?? bytesOf(textBase64 ?? '');
  const bodyBytes = typeof given === 'string' ? given.length : given.byteLength;
  if (bodyBytes <= pasteLimitBytes) return given;
  const message = `The text has more than ${pasteLimitBytes / 1_048_576} MiB, which is too large: give only the request that is meant.`;
  throw new Refusal('BODY_TOO_LARGE', message, { bodyBytes, limitBytes: pasteLimitBytes });
}

function textField({ text }: GivenText, field: string): string {
  return at(field, text === undefined ? 'textBase64' : 'text');
}

/** A comparison that was ended by force as a refusal. */
export async function inTime<T>(comparison: Promise<T>): Promise<T> {
  try {
    return await comparison;
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    const what = error.why === 'late' ? `more than ${comparisonLimitMs / 1000} seconds` : 'more memory than a comparison may have';
    throw invalid('id', `Comparing these requests took ${what}, so it was ended. Compare their bodies by SHA-256, or smaller requests.`);
  }
}

const notOurs =
  'No attempt in the log matches this capture by its signature, by an id in its headers, by its connection, or by a body that was sent to this path (or to the public URL of the bin) at that time. It came from elsewhere, its attempt is still under way, or it is not kept any more.';

const notHere =
  'No capture that came within 10 minutes of this attempt matches it. It did not come to a bin, or the capture is not kept any more.';
