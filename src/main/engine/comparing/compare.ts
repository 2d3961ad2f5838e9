import type { ComparedResult, NoiseKind, RequestComparison } from '#shared/contract/comparing.ts';
import type { Comparison, ResponseComparison } from '#shared/contract/comparisons.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { listed } from '../signing/header-values.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { compareConnections } from './compare-connections.ts';
import { compareRequests, headersPart } from './compare-requests.ts';
import { compareResponses, unknownClause } from './compare-responses.ts';
import { apartClause, compareTimings } from './compare-timings.ts';
import { firstAndSecond } from './side-words.ts';
import type { ComparedThing } from './compared-thing.types.ts';
import { comparedThing, isMissing, type ComparedAsked, type WhyMissing } from './compared-things.ts';
import { longPairs } from './long-comparisons.ts';

/** Two things of the workspace, or in texts. */
export interface ComparedPair {
  readonly before: ComparedAsked;
  readonly after: ComparedAsked;
}

/** What is asked: two things, and which differences are left out. */
export interface ComparisonOrder extends ComparedPair {
  readonly ignore: readonly NoiseKind[];
}

/** Which of the two cannot be compared. */
export interface Missing {
  readonly missing: 'before' | 'after';
  readonly why: WhyMissing;
}

/** Compares two things whole; which of them cannot be compared, where one cannot. */
export const compareSearch = search(
  'compare',
  async (reader: Reader, { ignore, ...pair }: ComparisonOrder): Promise<Comparison | Missing> => {
    const both = bothOf(reader, pair);
    return 'missing' in both ? both : await compareThings(both, ignore);
  },
  'comparisons',
  longPairs,
);

/** Both of a pair, or which of them is missing. */
export function bothOf(
  reader: Reader,
  { before, after }: ComparedPair,
): { readonly before: ComparedThing; readonly after: ComparedThing } | Missing {
  const one = comparedThing(reader, before);
  if (isMissing(one)) return { missing: 'before', why: one };
  const other = comparedThing(reader, after);
  return isMissing(other) ? { missing: 'after', why: other } : { before: one, after: other };
}

async function compareThings(
  { before, after }: { readonly before: ComparedThing; readonly after: ComparedThing },
  ignore: readonly NoiseKind[],
): Promise<Comparison> {
  const request = await compareRequests(before.request, after.request, firstAndSecond, ignore);
  const response = await compareResponses(before.response, after.response, ignore);
  const timing = compareTimings(before.times, after.times);
  const isOne = before.side.id !== null && before.side.id === after.side.id;
  const clauses = [
    isOne ? `both are the same ${before.side.kind}` : null,
    requestClause(request),
    responseClause(response),
    apartClause(timing.total),
  ];
  const result = wholeResult(request.result, response.result);
  return {
    summary: `${capitalised(clauses.filter((clause) => clause !== null).join('; '))}.`,
    isSame: result === 'same',
    result,
    before: before.side,
    after: after.side,
    request,
    response,
    timing,
    connection: compareConnections(before.connection, after.connection),
  };
}

function wholeResult(request: ComparedResult, response: ComparedResult): ComparedResult {
  if (request === 'different' || response === 'different') return 'different';
  return request === 'same' && response === 'same' ? 'same' : 'not compared';
}

function requestClause({ isSame, line, headers, body, leftOut }: RequestComparison): string {
  if (isSame) {
    const isWhole = headers.every(({ kind }) => kind !== 'untold');
    return `the requests are the same${isWhole ? '' : ', as far as one side tells its headers'}${butForLeftOut(leftOut)}`;
  }
  const parts = [
    ...(line.isSame === false ? ['the request line'] : []),
    ...headersPart(headers),
    ...(isOtherBody(body) ? ['the body'] : []),
  ];
  return parts.length === 0 ? 'the requests could not be compared whole' : `the requests differ in ${listed(parts)}`;
}

function responseClause({ isSame, result, before, after, headers, body, leftOut, notes }: ResponseComparison): string {
  if (before.kind === 'unknown' || after.kind === 'unknown') {
    const known = before.kind === 'unknown' ? after.status : before.status;
    const told = known === null ? '' : `, and the other was answered with ${known}`;
    return `${unknownClause(before.kind, after.kind)}${told}`;
  }
  if (before.status === null && after.status === null)
    return `neither has an answer${isSame || result === 'not compared' ? '' : ', and not for the same reason'}`;
  const told = (status: number | null) => (status === null ? 'has no answer' : `was answered with ${status}`);
  if (before.status === null || after.status === null) return `the first ${told(before.status)} and the second ${told(after.status)}`;
  const isOther = body === null ? before.bodyBytes !== after.bodyBytes : isOtherBody(body);
  const parts = [...headersPart(headers), ...(isOther ? ['the body'] : [])];
  const statuses =
    before.status === after.status
      ? `both were answered with ${before.status}`
      : `the first was answered with ${before.status} and the second with ${after.status}`;
  if (parts.length > 0) return `${statuses}, and the answers differ in ${listed(parts)}`;
  if (!isSame || notes.length > 0 || before.status !== after.status) return statuses;
  return `${statuses}, and the answers are the same${butForLeftOut(leftOut)}`;
}

function butForLeftOut({ dates, ids, signatures }: RequestComparison['leftOut']): string {
  return dates + ids + signatures > 0 ? ' but for what is left out' : '';
}

/** Whether a body is known to be another one. */
function isOtherBody(body: RequestComparison['body']): boolean {
  return body.result === 'different';
}
