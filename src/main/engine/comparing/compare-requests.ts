import type { BodyComparison, NoiseKind, RequestComparison } from '#shared/contract/comparing.ts';
import { compareBodies, type ComparedBody } from './body-comparison.ts';
import { headerChanges, type HeadersDifference } from './header-changes.ts';
import { ignoring, type LeftOut, type SideWords } from './json-difference.ts';

/** A request to compare. */
export interface ComparedRequest extends ComparedBody {
  readonly method: string;
  /** Path and query; a secret in it may be masked. */
  readonly target: string;
}

/** Compares two requests whole: line, headers and body. */
export async function compareRequests(
  before: ComparedRequest,
  after: ComparedRequest,
  words: SideWords,
  ignore: readonly NoiseKind[] = [],
): Promise<RequestComparison> {
  const headers = headerChanges(before.headers, after.headers, ignore);
  const { leftOut, ...body } = await compareBodies(before, after, words, ignoring(ignore));
  const isSameLine = before.method === after.method && isSameTarget(before.target, after.target);
  const line = { isSame: isSameLine, before: lineOf(before), after: lineOf(after) };
  const isSameHead = !headers.changes.some(isTelling);
  const isSameBody = isSameBut(body);
  return {
    summary: summaryOf(line.isSame, [...headers.changes], bodySentence(body)),
    isSame: isSameLine && isSameHead && isSameBody,
    line,
    headers: [...headers.changes],
    isReordered: headers.isReordered,
    body,
    leftOut: leftOutOf(headers, leftOut),
  };
}

/** Whether two bodies are the same but for what was left out. */
export function isSameBut({ isSame, rewrites, changeCount, leftOutCount }: BodyComparison): boolean {
  return isSame || (rewrites.length === 0 && changeCount === 0 && leftOutCount > 0);
}

/** What was left out of headers and of a body, by its kind. */
export function leftOutOf({ leftOut }: HeadersDifference, { dates, ids }: LeftOut): RequestComparison['leftOut'] {
  return { ...leftOut, dates: leftOut.dates + dates, ids: leftOut.ids + ids };
}

function lineOf({ method, target }: ComparedRequest) {
  return { method, target };
}

/** Whether a target is the other, where masked pieces of the first stand for anything. */
function isSameTarget(before: string, after: string): boolean {
  const pieces = before.split(/\[secret(?: |%20)[^[\]]*\]/);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return before === after;
  if (!after.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = after.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return (rest.at(-1) ?? '') === '' || at === after.length;
}

function summaryOf(isSameLine: boolean, headers: RequestComparison['headers'], ofBody: string): string {
  const changed = headers.filter(isTelling).length;
  const head = [
    ...(isSameLine ? [] : ['the request line']),
    ...(changed === 0 ? [] : [`${changed} ${changed === 1 ? 'header' : 'headers'}`]),
  ];
  if (head.length === 0) return ofBody;
  const isOne = head.length === 1 && changed < 2;
  return `${ofBody} ${sentence(head.join(' and '))} ${isOne ? 'differs' : 'differ'}.`;
}

/** A clause with a capital. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

/** Whether a change says more than that the request went over another connection. Content-Length only follows the body. */
export function isTelling({ isHopByHop, kind, name }: RequestComparison['headers'][number]): boolean {
  return !isHopByHop && kind !== 'unknown' && name.toLowerCase() !== 'content-length';
}

/** What came out for the body, as a sentence. */
export function bodySentence(body: BodyComparison): string {
  const { isSame, content, rewrites, changeCount, beforeBytes, firstDifference, notes } = body;
  if (isSame) return beforeBytes === 0 ? 'Both have no body.' : 'The body is the same, byte for byte.';
  if (isSameBut(body)) return 'The body differs only in what was left out.';
  if (firstDifference === null) return notes[0] ?? 'The bodies were not compared.';
  const ways = rewrites.map(({ kind }) => rewriteWords[kind]).join(', ');
  if (content === 'same') return `The body has the same content, but its bytes differ${ways === '' ? '' : `: ${ways}`}.`;
  const also = ways === '' ? '' : `; also ${ways}`;
  if (changeCount > 0) return `The body differs in ${changeCount} ${changeCount === 1 ? 'value' : 'values'} of its JSON${also}.`;
  return `The body differs from byte ${firstDifference.offset.toLocaleString('en-GB')} on${ways === '' ? '' : `: ${ways}`}.`;
}

const rewriteWords = {
  layout: 'JSON laid out anew',
  'key order': 'names of the JSON in another order',
  escapes: 'strings with other escapes',
  numbers: 'numbers written otherwise',
  'byte order mark': 'a byte order mark',
  'line ends': 'other line ends',
  end: 'other space at the end',
  charset: 'another charset',
  compression: 'other compression',
  form: 'other percent escapes',
} as const satisfies Readonly<Record<RequestComparison['body']['rewrites'][number]['kind'], string>>;
