import { answeredStatus } from '#shared/contract/answered.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { HandshakeCheck } from '#shared/contract/handshakes.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { isSuccess as isAmong } from '#shared/contract/success-rule.ts';
import { headerValues } from '#shared/text/headers.ts';

/** What the answer to a handshake must be, templates rendered. */
export interface ExpectedAnswer {
  readonly statuses: string;
  readonly headers: readonly { readonly name: string; readonly oneOf: readonly string[] }[];
  /** Media type without parameters; null for any. */
  readonly contentType: string | null;
  /** Forms of the body of which it must have one; any will do where there are none. */
  readonly bodies: readonly { readonly kind: 'text' | 'json'; readonly value: string }[];
}

/** What came. */
export interface Answer {
  readonly outcome: Pick<Outcome, 'code' | 'message' | 'status'>;
  readonly headers: readonly HeaderField[];
  /** What was kept of the body. */
  readonly body: Uint8Array;
  readonly isTruncated: boolean;
}

/** Characters of a value that are quoted. */
const quotedCharacters = 120;

/** What was expected and what came, in the order in which a receiver should look at it. */
export function judgeHandshake(expected: ExpectedAnswer, answer: Answer): readonly HandshakeCheck[] {
  const status = answeredStatus(answer.outcome);
  if (status === null) return [{ about: 'answer', isMet: false, message: `No whole answer came. ${answer.outcome.message}` }];
  return [
    statusCheck(expected, status),
    ...expected.headers.map((header) => headerCheck(header, answer.headers)),
    ...(expected.contentType === null ? [] : [contentTypeCheck(expected.contentType, answer.headers)]),
    ...(expected.bodies.length === 0 ? [] : [bodyCheck(expected.bodies, answer)]),
  ];
}

function statusCheck({ statuses }: ExpectedAnswer, status: number): HandshakeCheck {
  const isMet = isAmong(statuses, status);
  const message = isMet ? `The status is ${status}.` : `The status is ${status}; it must be ${orText(statuses.split(','))}.`;
  return { about: 'status', isMet, message };
}

function headerCheck({ name, oneOf }: ExpectedAnswer['headers'][number], headers: readonly HeaderField[]): HandshakeCheck {
  const came = headerValues(headers, name).map((value) => value.trim());
  const right = came.find((value) => oneOf.includes(value));
  const wanted = orText(oneOf.map(quote));
  if (right !== undefined) return { about: 'header', isMet: true, message: `${name} is ${quote(right)}.` };
  const message =
    came.length === 0
      ? `The answer has no header ${name}; it must be ${wanted}.`
      : `${name} is ${quote(came.join(', '))}; it must be ${wanted}.`;
  return { about: 'header', isMet: false, message };
}

function contentTypeCheck(wanted: string, headers: readonly HeaderField[]): HandshakeCheck {
  const came = headerValues(headers, 'content-type')[0] ?? null;
  const isMet = came !== null && (came.split(';')[0] ?? '').trim().toLowerCase() === wanted.toLowerCase();
  if (isMet) return { about: 'contentType', isMet, message: `The content type is ${wanted}.` };
  const what = came === null ? 'The answer has no content type' : `The content type is ${quote(came)}`;
  return { about: 'contentType', isMet, message: `${what}; it must be ${wanted}.` };
}

function bodyCheck(bodies: ExpectedAnswer['bodies'], { body, isTruncated }: Answer): HandshakeCheck {
  if (isTruncated)
    return { about: 'body', isMet: false, message: 'The body is longer than what is kept of an answer; a right one is short.' };
  const text = Buffer.from(body).toString('utf8');
  const problems = bodies.map(({ kind, value }) => (kind === 'text' ? textProblem(value, text) : jsonProblem(value, text)));
  if (problems.includes(null))
    return { about: 'body', isMet: true, message: text === '' ? 'The body is empty.' : 'The body is as expected.' };
  // The form that the receiver probably meant is the most useful to know about.
  const meant = bodies.findIndex(({ kind }) => (kind === 'json') === text.trim().startsWith('{'));
  return { about: 'body', isMet: false, message: problems[Math.max(0, meant)] ?? '' };
}

function textProblem(wanted: string, text: string): string | null {
  if (text.trim() === wanted) return null;
  if (wanted === '') return `The body must be empty, and it is ${quote(text)}.`;
  if (text.trim() === '') return `The body is empty; it must be ${quote(wanted)}.`;
  if (text.trim() === JSON.stringify(wanted)) return `The body is ${quote(wanted)} in quotation marks; it must be without them.`;
  if (text.includes(wanted)) return `The body has ${quote(wanted)} in it, but it must be nothing else; it is ${quote(text)}.`;
  return `The body must be ${quote(wanted)}, and it is ${quote(text)}.`;
}

function jsonProblem(wanted: string, text: string): string | null {
  if (text.trim() === '') return `The body is empty; it must be JSON such as ${quote(wanted)}.`;
  const came = parsed(text);
  if (came === undefined) return `The body is not JSON: ${quote(text)}. It must be JSON such as ${quote(wanted)}.`;
  return memberProblem(JSON.parse(wanted) as unknown, came, '');
}

/** Why a value does not have what is wanted of it; members that are not named may be anything. */
function memberProblem(wanted: unknown, came: unknown, path: string): string | null {
  const what = path === '' ? 'The body' : path;
  if (typeof wanted !== 'object' || wanted === null)
    return wanted === came ? null : `${what} is ${quote(jsonText(came))}; it must be ${quote(JSON.stringify(wanted))}.`;
  if (typeof came !== 'object' || came === null)
    return `${what} is ${quote(jsonText(came))}; it must be ${Array.isArray(wanted) ? 'a list' : 'an object'}.`;
  for (const [name, value] of Object.entries(wanted)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(came, name)) return `The body has no ${place}; it must be ${quote(JSON.stringify(value))}.`;
    const problem = memberProblem(value, (came as Readonly<Record<string, unknown>>)[name], place);
    if (problem !== null) return problem;
  }
  return null;
}

/** What came as JSON; the receiver decides how deep it is nested. */
function jsonText(came: unknown): string {
  try {
    return JSON.stringify(came);
  } catch {
    return 'nested too deeply to show';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  return text.length > quotedCharacters ? `${text.slice(0, quotedCharacters)}…` : text;
}

function orText(items: readonly string[]): string {
  return items.map((item) => item.trim()).join(' or ');
}
