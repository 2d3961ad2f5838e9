import { chooseRequest, parsePasted } from '#shared/import/parse-pasted.ts';
import { pastedKindNames, type JsonRecord, type Pasted, type PastedKind, type PastedRequest } from '#shared/import/pasted.ts';
import type { TellsHeaders } from './header-changes.ts';

/** A request that stands in a text. */
export interface ComparedText {
  readonly kind: 'text';
  readonly text: string | Uint8Array;
  /** What the text is called; null for a paste. */
  readonly name: string | null;
  /** Which of its requests, 1 for the first; null where there is one. */
  readonly entry: number | null;
}

/** Why nothing can be compared of a text, in a sentence, and which field of the call is to be changed. */
export interface TextTrouble {
  readonly trouble: string;
  readonly field: 'text' | 'entry';
}

/** A text that was read. */
export interface ReadText {
  readonly pasted: Pasted;
  /** Each request as it stands in the text; the first ones where there are very many. */
  readonly requests: readonly PastedRequest[];
  /** What the text was read as, in words. */
  readonly readAs: string;
}

/** One request of a text, with what is known of how it was written. */
export interface TextRequest {
  readonly request: PastedRequest;
  readonly kind: PastedKind;
  readonly readAs: string;
  /** In words: `Request 3 of customer.har`. */
  readonly name: string;
  readonly notes: readonly string[];
}

/** Reads a text in any form that people copy or export requests in. Linear in its size; what is over the limits of a paste is refused. */
export function readText({ text, name }: Pick<ComparedText, 'text'> & Partial<Pick<ComparedText, 'name'>>): ReadText | TextTrouble {
  const pasted = parsePasted({ ...(typeof text === 'string' ? { text } : { bytes: text }), keepsRecords: true });
  const { kind, problems } = pasted;
  // The reader calls everything a paste; of a file its name is told.
  const called = (sentence: string) =>
    name === undefined || name === null ? sentence : sentence.replace(/^The (?:paste|text)\b/, () => name);
  if (kind === 'nothing')
    return { trouble: called(problems[0]?.message ?? 'The text is empty: give one that holds a request.'), field: 'text' };
  if (kind === 'unread' || (pasted.headers.length === 0 && pasted.body === null && pasted.method === null && problems.length > 0))
    return { trouble: problems.map(({ message }) => called(message)).join(' '), field: 'text' };
  const requests = pasted.choices ?? [pasted];
  return { pasted, requests, readAs: readAsOf(kind, requests[0]?.records ?? []) };
}

/** The request of a text that is asked for, or why there is none. */
export function requestOf(asked: ComparedText): TextRequest | TextTrouble {
  const read = readText(asked);
  if ('trouble' in read) return read;
  const { pasted, requests, readAs } = read;
  const { entry } = asked;
  const called = asked.name ?? 'what was pasted';
  const count = requests.length;
  if (entry === null && count > 1)
    return {
      trouble: `There are ${count.toLocaleString('en')} requests in ${called}: say which one with entry, 1 to ${count}.`,
      field: 'entry',
    };
  if (entry !== null && entry > count)
    return { trouble: `There is no request ${entry} in ${called}, which holds ${count === 1 ? 'one' : count}.`, field: 'entry' };
  const request = count === 1 ? pasted : chooseRequest(pasted, (entry ?? 1) - 1);
  return {
    request,
    kind: pasted.kind,
    readAs,
    name: count === 1 ? (asked.name ?? 'What was pasted') : `Request ${entry ?? 1} of ${called}`,
    notes: [...request.problems.map(({ message }) => message), ...request.notes].slice(0, toldNotes),
  };
}

/** How many sentences on the reading are told. */
const toldNotes = 20;

function readAsOf(kind: PastedKind, records: readonly JsonRecord[]): string {
  const has = (name: string) => records.some((record) => name in record);
  if (records.some((record) => record['format'] === 'hookyard-case')) return 'Case file';
  if (kind === 'request_json' && has('binId')) return 'Capture of Hookyard as JSON';
  if (kind === 'request_json' && has('deliveryId') && has('startedAtMs')) return 'Attempt of Hookyard as JSON';
  return pastedKindNames[kind];
}

/** What a text of a kind tells of the headers of its request. */
export function headersToldBy(kind: PastedKind): TellsHeaders {
  switch (kind) {
    case 'body':
      return 'none';
    case 'log':
      return 'some';
    case 'curl':
    case 'wget':
    case 'httpie':
    case 'powershell':
    case 'fetch':
    case 'python':
    case 'http_file':
    case 'postman':
      return 'named';
    default:
      return 'all';
  }
}

/** Whether a text of a kind without a body has a request without one; others only do not show it. */
export function tellsNoBody(kind: PastedKind): boolean {
  return headersToldBy(kind) === 'named' || kind === 'har' || kind === 'raw_request' || kind === 'request_json';
}
