import type { BodyComparison, ComparedResult, NoiseKind, RequestComparison } from '#shared/contract/comparing.ts';
import { isTellingHeader } from '#shared/comparison-words.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { compareBodies, isSameBut } from './body-comparison.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { headerChanges, type HeadersDifference, type HeadersTold, type TellsHeaders } from './header-changes.ts';
import { ignoring, type LeftOut } from './json-findings.ts';
import { maskedMatch } from './masked-match.ts';
import type { SideWords } from './side-words.ts';

/** A request to compare. */
export interface ComparedRequest extends ComparedBody {
  /** Null where it is not known. */
  readonly method: string | null;
  /** Path and query; a secret in it may be masked. Null where it is not known. */
  readonly target: string | null;
  /** By default all. */
  readonly tells?: TellsHeaders;
}

/** Compares two requests whole: line, headers and body. */
export async function compareRequests(
  before: ComparedRequest,
  after: ComparedRequest,
  words: SideWords,
  ignore: readonly NoiseKind[] = [],
): Promise<RequestComparison> {
  const told = { before: before.tells ?? 'all', after: after.tells ?? 'all' };
  const { leftOut, ...body } = await compareBodies(before, after, words, ignoring(ignore));
  const line = { isSame: isSameLine(before, after, words), before: lineOf(before), after: lineOf(after) };
  const isSameBody = body.isSame;
  const headers = headerChanges(before.headers, after.headers, { ignore, told, words, isSameBody, isSameLine: line.isSame === true });
  const notCompared = [
    ...(line.isSame === null ? [lineSentence(before, after, words)] : []),
    ...headersNotCompared(told, words),
    ...unknownSentence(headers.changes),
    ...(body.result === 'not compared' ? [bodySentence(body)] : []),
  ];
  const isOther = line.isSame === false || headers.changes.some(isTellingHeader) || body.result === 'different';
  const result = resultOf(isOther, notCompared);
  return {
    summary: summaryOf(line.isSame, [...headers.changes], bodySentence(body)),
    isSame: result === 'same',
    result,
    notCompared,
    line,
    headersResult: headersResult(headers.changes, told),
    headers: [...headers.changes],
    isReordered: headers.isReordered,
    body,
    ...leftOutOf(headers, leftOut),
  };
}

/** What came out, where something is known to differ or not, and with what could not be compared. */
export function resultOf(isOther: boolean, notCompared: readonly string[]): ComparedResult {
  if (isOther) return 'different';
  return notCompared.length === 0 ? 'same' : 'not compared';
}

/** Which headers are masked, as a sentence on what could not be compared; nothing for none. */
export function unknownSentence(headers: HeadersDifference['changes']): readonly string[] {
  const names = headers.filter(({ kind, isHopByHop }) => kind === 'unknown' && !isHopByHop).map(({ name }) => name);
  const [first, ...others] = names;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [`A value of the header ${first}${more} is masked, so whether it is another one is not known.`];
}

/** Of which side headers are not known, as sentences on what could not be compared. */
export function headersNotCompared(told: HeadersTold, words: Pick<SideWords, 'before' | 'after'>): readonly string[] {
  return (['before', 'after'] as const).flatMap((side) => headersSentence(told[side], words[side]));
}

/** What came out for the headers: `same` only where nothing is masked and both sides tell theirs. */
export function headersResult(headers: HeadersDifference['changes'], { before, after }: HeadersTold): ComparedResult {
  if (before === 'none' || after === 'none') return 'not compared';
  if (headers.some(isTellingHeader)) return 'different';
  const isUnknown = before === 'some' || after === 'some' || unknownSentence(headers).length > 0;
  return isUnknown ? 'not compared' : 'same';
}

function headersSentence(told: TellsHeaders, side: string): readonly string[] {
  if (told === 'none') return [`The headers of the ${side} are not known.`];
  return told === 'some' ? [`Only some headers of the ${side} are known.`] : [];
}

function lineSentence(before: ComparedRequest, after: ComparedRequest, words: SideWords): string {
  const unknown = (['method', 'target'] as const).filter((part) => before[part] === null || after[part] === null);
  if (unknown.length === 0) return 'A part of a target is masked, so whether it is another one is not known.';
  const side = before.method === null || before.target === null ? words.before : words.after;
  return `The ${unknown.join(' and the ')} of the ${side} ${unknown.length === 1 ? 'is' : 'are'} not known.`;
}

/** What was left out of headers and of a body, by its kind, and in which headers. */
export function leftOutOf(
  { leftOut }: HeadersDifference,
  { dates, ids }: Pick<LeftOut, 'dates' | 'ids'>,
): Pick<RequestComparison, 'leftOut' | 'leftOutHeaders'> {
  const inHeaders = (kind: NoiseKind) => leftOut.filter((header) => header.kind === kind).length;
  return {
    leftOut: { dates: inHeaders('dates') + dates, ids: inHeaders('ids') + ids, signatures: inHeaders('signatures') },
    leftOutHeaders: [...leftOut],
  };
}

function lineOf({ method, target }: ComparedRequest) {
  return { method, target };
}

/** Whether two request lines are the same; null where a part is not known and nothing else differs. */
function isSameLine(before: ComparedRequest, after: ComparedRequest, { isSameRequest }: SideWords): boolean | null {
  const areKnown = before.method !== null && after.method !== null && before.target !== null && after.target !== null;
  if (before.method !== null && after.method !== null && before.method !== after.method) return false;
  const match = before.target === null || after.target === null ? 'unknown' : maskedMatch(before.target, after.target);
  if (match === 'other') return false;
  // Of one request, what is masked is what arrived in its place.
  return areKnown && (match === 'same' || isSameRequest) ? true : null;
}

function summaryOf(isLineSame: boolean | null, headers: RequestComparison['headers'], ofBody: string): string {
  const ofHeaders = headersPart(headers);
  const head = [...(isLineSame === false ? ['the request line'] : []), ...ofHeaders];
  if (head.length === 0) return ofBody;
  const isOne = head.length === 1 && headers.filter(isTellingHeader).length < 2;
  return `${ofBody} ${capitalised(head.join(' and '))} ${isOne ? 'differs' : 'differ'}.`;
}

/** Which headers differ, as a part of a list: the one by its name, several by their number, and nothing for none. */
export function headersPart(headers: HeadersDifference['changes']): readonly string[] {
  const telling = headers.filter(isTellingHeader);
  const [first] = telling;
  if (first === undefined) return [];
  return [telling.length === 1 ? `the header ${first.name}` : `${telling.length} headers`];
}

/** What came out for the body, as a sentence. */
export function bodySentence(body: BodyComparison): string {
  const { isSame, content, rewrites, changeCount, beforeBytes, firstDifference, notes } = body;
  if (isSame) return beforeBytes === 0 ? 'Both have no body.' : 'The body is the same, byte for byte.';
  if (isSameBut(body)) return 'The body differs only in what was left out.';
  if (firstDifference === null) return notes[0] ?? 'The bodies were not compared.';
  const ways = [...new Set(rewrites.map(({ kind }) => rewriteWords[kind]))].join(', ');
  if (content === 'same') return `The body has the same content, but its bytes differ${ways === '' ? '' : `: ${ways}`}.`;
  const also = ways === '' ? '' : `; also ${ways}`;
  if (changeCount > 0) return `The body differs in ${changeCount} ${changeCount === 1 ? 'value' : 'values'} of its JSON${also}.`;
  return `The body differs from byte ${firstDifference.offset.toLocaleString('en-GB')} on${ways === '' ? '' : `: ${ways}`}.`;
}

const rewriteWords = {
  layout: 'another layout of the JSON',
  'key order': 'names of the JSON in another order',
  escapes: 'strings with other escapes',
  numbers: 'numbers written otherwise',
  'byte order mark': 'a byte order mark',
  'line ends': 'other line ends',
  end: 'other space at the end',
  charset: 'another charset',
  compression: 'other compression',
  damage: 'damaged compression',
  form: 'fields of the form written otherwise',
} as const satisfies Readonly<Record<RequestComparison['body']['rewrites'][number]['kind'], string>>;
