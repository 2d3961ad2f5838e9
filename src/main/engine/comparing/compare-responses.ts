import type { ComparedResult, NoiseKind, RequestComparison } from '#shared/contract/comparing.ts';
import type { ResponseComparison } from '#shared/contract/comparisons.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { WireFault } from '#shared/contract/wire-fault.ts';
import { isTellingHeader } from '#shared/comparison-words.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { wireFaultText } from '#shared/wire-fault-words.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { compareBodies, isSameSent } from './body-comparison.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { bodySentence, headersNotCompared, headersPart, headersResult, leftOutOf, resultOf, unknownSentence } from './compare-requests.ts';
import { headerChanges, type HeadersDifference, type TellsHeaders } from './header-changes.ts';
import { ignoring } from './json-findings.ts';
import { firstAndSecond } from './side-words.ts';

/** What came back for a request. */
export type ComparedResponse = NoResponse | UnknownResponse | ComparedAnswer;

/** A text tells the request and not what came back. */
interface UnknownResponse {
  readonly kind: 'unknown';
}

interface NoResponse {
  readonly kind: 'none';
  /** Equal for the same reason; null where the reason is not known. */
  readonly code: string | null;
  /** Why, as a sentence. */
  readonly why: string;
}

interface ComparedAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  /** By default all. */
  readonly tells?: TellsHeaders;
  /** Null where it is not known. */
  readonly bodyBytes: number | null;
  /** Null for the answer of a bin, of which only the size of the body and the headers that it was given are kept. */
  readonly body: ComparedBody | null;
  /** What the attempt ended in, such as a timeout for an answer that did not come whole; null for the answer of a bin. */
  readonly outcome: Pick<Outcome, 'code' | 'message'> | null;
  readonly fault: WireFault | null;
}

const none = {
  headersResult: 'not compared' as const,
  headers: [],
  isReordered: false,
  body: null,
  leftOut: { dates: 0, ids: 0, signatures: 0 },
  leftOutHeaders: [],
};

/** Compares what came back for two requests: status, headers and body. */
export async function compareResponses(
  before: ComparedResponse,
  after: ComparedResponse,
  ignore: readonly NoiseKind[],
): Promise<ResponseComparison> {
  const sides = { before: sideOf(before), after: sideOf(after) };
  if (before.kind === 'answer' && after.kind === 'answer') return { ...sides, ...(await compareAnswers(before, after, ignore)) };
  if (before.kind === 'unknown' || after.kind === 'unknown') return { ...sides, ...none, ...unknownAnswer(before, after) };
  return { ...sides, ...none, ...missingAnswer(before, after) };
}

type Told = Pick<ResponseComparison, 'summary' | 'isSame' | 'result' | 'notCompared' | 'notes'>;

/** What is said where at least one answer is not known. */
function unknownAnswer(before: ComparedResponse, after: ComparedResponse): Told {
  const notes = [...whyNone('first', before), ...whyNone('second', after)];
  const clause = unknownClause(before.kind, after.kind);
  const known = before.kind === 'unknown' ? after : before;
  const told = known.kind === 'unknown' ? '' : `; ${toldOf(known === before ? 'first' : 'second', known)}`;
  const why = `${capitalised(clause)}, so the answers were not compared.`;
  return { summary: `${capitalised(clause)}${told}.`, isSame: false, result: 'not compared', notCompared: [why], notes };
}

/** Which answer is not known, as a clause. */
export function unknownClause(before: ComparedResponse['kind'], after: ComparedResponse['kind']): string {
  if (before === 'unknown' && after === 'unknown') return 'neither answer is known';
  return `the answer to the ${before === 'unknown' ? 'first' : 'second'} is not known`;
}

function toldOf(which: string, response: ComparedResponse): string {
  return response.kind === 'answer' ? `the ${which} was answered with ${response.status}` : `the ${which} has no answer`;
}

/** What is said where at least one has no answer. */
function missingAnswer(before: ComparedResponse, after: ComparedResponse): Told {
  const notes = [...whyNone('first', before), ...whyNone('second', after)];
  if (before.kind === 'none' && after.kind === 'none') {
    if (before.code === null || after.code === null) {
      const why = 'Why there is no answer is not known of both, so the reasons were not compared.';
      return { summary: `Neither has an answer. ${why}`, isSame: false, result: 'not compared', notCompared: [why], notes };
    }
    const isSame = before.code === after.code;
    const summary = `Neither has an answer${isSame ? '' : ', and not for the same reason'}.`;
    return { summary, isSame, result: isSame ? 'same' : 'different', notCompared: [], notes };
  }
  const summary = `${capitalised(toldOf('first', before))}; ${toldOf('second', after)}.`;
  return { summary, isSame: false, result: 'different', notCompared: [], notes };
}

function whyNone(which: string, response: ComparedResponse): readonly string[] {
  return response.kind === 'none' ? [`The ${which} has no answer: ${response.why}`] : [];
}

function sideOf(response: ComparedResponse): ResponseComparison['before'] {
  if (response.kind !== 'answer') return { kind: response.kind, status: null, reason: '', bodyBytes: null };
  const { kind, status, reason, bodyBytes } = response;
  return { kind, status, reason, bodyBytes };
}

async function compareAnswers(
  before: ComparedAnswer,
  after: ComparedAnswer,
  ignore: readonly NoiseKind[],
): Promise<Omit<ResponseComparison, 'before' | 'after'>> {
  const told = { before: before.tells ?? 'all', after: after.tells ?? 'all' };
  const compared =
    before.body === null || after.body === null ? null : await compareBodies(before.body, after.body, firstAndSecond, ignoring(ignore));
  const found = headerChanges(before.headers, after.headers, { ignore, told, isSameBody: compared !== null && isSameSent(compared) });
  const isOfBin = (before.body === null) !== (after.body === null);
  // What a bin's own server adds is not kept with its answer.
  const headers = found.changes.filter(({ name, kind }) => !(isOfBin && kind !== 'rewritten' && isServerAdded(name)));
  const isSameStatus = before.status === after.status;
  const isSameFault = JSON.stringify(before.fault) === JSON.stringify(after.fault);
  const isSameEnd = before.outcome === null || after.outcome === null || before.outcome.code === after.outcome.code;
  const ofBody = compared === null ? ofSizes(before.bodyBytes, after.bodyBytes) : compared.result;
  // Content-Length only follows a body that is there; of an answer to HEAD it tells of one that is not.
  const isOtherLength = ofBody === 'same' && headers.some(isOtherStatedLength);
  const isOther = !isSameStatus || !isSameFault || !isSameEnd || headers.some(isTellingHeader) || isOtherLength || ofBody === 'different';
  const bodyText = compared === null ? sizeSentence(before.bodyBytes, after.bodyBytes) : bodySentence(compared);
  const notCompared = [
    ...headersNotCompared(told, { before: 'first answer', after: 'second answer' }),
    ...unknownSentence(headers),
    ...(ofBody === 'not compared' ? [bodyText] : []),
  ];
  const result = resultOf(isOther, notCompared);
  return {
    summary: [
      ...(isSameStatus
        ? [`Both were answered with ${before.status}.`]
        : [`The first was answered with ${before.status}, the second with ${after.status}.`]),
      ...headerSentence(headers),
      ...(isOtherLength ? ['Content-Length says another size.'] : []),
      bodyText,
    ].join(' '),
    isSame: result === 'same',
    result,
    notCompared,
    headersResult: headersResult(headers, told),
    headers,
    isReordered: found.isReordered,
    notes: notesOn(before, after),
    ...bodyPart(found, compared),
  };
}

/** Whether both state a size in Content-Length, and another one. */
function isOtherStatedLength({ name, kind, before, after }: RequestComparison['headers'][number]): boolean {
  return name.toLowerCase() === 'content-length' && kind === 'rewritten' && Number(before) !== Number(after);
}

function bodyPart(
  headers: HeadersDifference,
  compared: Awaited<ReturnType<typeof compareBodies>> | null,
): Pick<ResponseComparison, 'body' | 'leftOut' | 'leftOutHeaders'> {
  if (compared === null) return { body: null, ...leftOutOf(headers, { dates: 0, ids: 0 }) };
  const { leftOut, ...body } = compared;
  return { body, ...leftOutOf(headers, leftOut) };
}

function headerSentence(headers: RequestComparison['headers']): readonly string[] {
  const isOne = headers.filter(isTellingHeader).length === 1;
  return headersPart(headers).map((which) => `${capitalised(which)} ${isOne ? 'differs' : 'differ'}.`);
}

/** What the sizes of two bodies say; of the answer of a bin there is nothing else. */
function ofSizes(before: number | null, after: number | null): ComparedResult {
  if (before === null || after === null) return 'not compared';
  return before === after ? 'same' : 'different';
}

function sizeSentence(before: number | null, after: number | null): string {
  if (before === null || after === null) return 'The size of a body is not known, so the bodies were not compared.';
  return before === after ? `Both bodies have ${before.toLocaleString('en-GB')} bytes.` : 'The bodies are not of the same size.';
}

function notesOn(before: ComparedAnswer, after: ComparedAnswer): string[] {
  const bins = [before, after].filter(({ body }) => body === null).length;
  const faults = [before, after].map(({ fault }, index) =>
    fault === null ? '' : `The ${index === 0 ? 'first' : 'second'} was answered with a fault: ${wireFaultText(fault)}.`,
  );
  return [
    ...faults.filter((each) => each !== ''),
    ...endNotes(before, after),
    ...(bins === 0
      ? []
      : [
          `Of the answer of a bin, the log keeps the status, the headers that it was given and the size of its body, so the bodies were compared by their size only${bins === 1 ? ', and not the headers that its server adds' : ''}.`,
        ]),
  ];
}

/** What the attempts ended in where the statuses do not tell it. */
function endNotes({ status, outcome: one }: ComparedAnswer, { status: otherStatus, outcome: other }: ComparedAnswer): readonly string[] {
  if (one === null || other === null || one.code === other.code || status !== otherStatus) return [];
  return [`The first ended in this: ${one.message}`, `The second ended in this: ${other.message}`];
}

const isServerAdded = headerNameTest(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
