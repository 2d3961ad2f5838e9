import { hasHeader } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { WireFault } from '#shared/contract/wire-fault.ts';
import { Refusal } from '../base/refusal.ts';
import type { BodyEnd } from './read-body.ts';
import { isDiskFull } from './disk-trouble.ts';
import { adviceFor } from './refused/advice.ts';
import type { Diagnosis } from './refused/diagnosis.ts';

/** What to answer, before method and framing of the request are taken into account. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly delayMs: number;
  /** Whether the connection is closed after it. */
  readonly isLast: boolean;
  /** What goes wrong on the connection with it, or null. */
  readonly fault: WireFault | null;
}

/** Headers that belong to one connection or say where the message ends: the listener writes them itself. */
const framingHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Statuses whose answers never have a body (RFC 9110, section 6.4.1, and 15.3.6). */
const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

/** Throws a Refusal INPUT_INVALID when a bin's answer could not be sent as it is, because it would break the framing of the message. */
export function checkResponse({ status, headers, body, fault }: BinResponse): void {
  const headerIssues = Object.keys(headers)
    .filter((name) => framingHeaders.has(name.toLowerCase()))
    .map((name) => ({
      path: `response.headers.${name}`,
      message: `Hookyard writes ${name} itself, to fit the body and the connection: remove it from the bin's headers.`,
    }));
  const bodyIssues =
    body !== '' && bodilessStatuses.has(status)
      ? [{ path: 'response.body', message: `An answer with status ${status} has no body: empty the body, or choose another status.` }]
      : [];
  const issues = [...headerIssues, ...bodyIssues, ...faultIssues(status, body, fault)];
  if (issues.length > 0) throw new Refusal('INPUT_INVALID', issues.map(({ message }) => message).join(' '), { issues });
}

/** Faults that would not show with this status and body. */
function faultIssues(status: number, body: string, fault: WireFault | null) {
  const needsBody = fault !== null && ['wrong-length', 'bad-chunk', 'endless-body'].includes(fault.kind);
  if (needsBody && bodilessStatuses.has(status))
    return [
      { path: 'response.fault', message: `An answer with status ${status} has no body, which this fault is about: choose another status.` },
    ];
  if (fault?.kind !== 'wrong-length') return [];
  const bytes = Buffer.byteLength(body, 'utf8');
  if (bytes + fault.byBytes >= 0) return [];
  const message = `The body has ${bytes} bytes, so Content-Length cannot be ${-fault.byBytes} less: write a smaller number, or a longer body.`;
  return [{ path: 'response.fault.byBytes', message }];
}

/** A bin's answer, ready to be sent: the body in UTF-8, with a text content type unless the bin has one. */
export function binAnswer(response: BinResponse): Answer {
  const headers = Object.entries(response.headers).flatMap(([name, value]) => [value].flat().map((single): HeaderField => [name, single]));
  const isTyped = hasHeader(headers, 'Content-Type');
  return {
    status: response.status,
    headers: response.body === '' || isTyped ? headers : [...headers, ['Content-Type', 'text/plain; charset=utf-8']],
    body: Buffer.from(response.body, 'utf8'),
    delayMs: response.delayMs,
    isLast: response.fault?.kind === 'close',
    fault: response.fault,
  };
}

/** A sentence of our own for the sender. It quotes nothing of the request but a plain name, so that no page can use it for reflection. */
export function sentenceAnswer(
  status: number,
  sentence: string,
  options: { readonly isLast: boolean; readonly headers?: readonly HeaderField[] },
): Answer {
  return {
    status,
    headers: [['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff'], ...(options.headers ?? [])],
    body: Buffer.from(`${sentence}\n`, 'utf8'),
    delayMs: 0,
    isLast: options.isLast,
    fault: null,
  };
}

/** The answer to a request for no bin: it names the requested slug, and none of the existing ones. */
export function noBinAnswer({ reason, seen }: Diagnosis, listenerUrl: string): Answer {
  const example = `The URL of a bin is ${listenerUrl}/{slug}.`;
  return sentenceAnswer(404, `${seen} Nothing was captured. ${adviceFor(reason)} ${example}`, { isLast: false });
}

/** The answer when the data file could not take the request: senders try again later. */
export function notKeptAnswer(failure: string): Answer {
  const sentence = isDiskFull(failure)
    ? 'The disk is full, so Hookyard could not save this request and did not accept it. Free some space, and send it again.'
    : 'Hookyard could not save this request, so it did not accept it. Its log says why; send it again later.';
  return sentenceAnswer(503, sentence, { isLast: false, headers: [['Retry-After', '5']] });
}

/** The answer while captures are far over their limit; the body is not read. */
export function fullAnswer(): Answer {
  return sentenceAnswer(
    503,
    "Captures take up more than a quarter over their limit, so this one was not kept. Send it again once the oldest have been removed, or raise the limit of captures in Hookyard's settings.",
    { isLast: true, headers: [['Retry-After', '5']] },
  );
}

/** The answer to a body that is larger than all captures together may be: keeping it would remove all others. */
export function overCaptureLimitAnswer(limitBytes: number): Answer {
  return sentenceAnswer(
    413,
    `The body is over the limit of ${limitBytes} bytes for all captures together, so it was not kept. Send less, or raise that limit in Hookyard's settings.`,
    { isLast: true },
  );
}

/** The answer to a request whose body did not arrive completely. What arrived is kept. */
export function brokenBodyAnswer(
  end: Exclude<BodyEnd, 'complete'>,
  {
    limitBytes,
    idleMs,
    failure,
    misframed,
  }: { readonly limitBytes: number; readonly idleMs: number; readonly failure: string | null; readonly misframed: string | null },
): Answer {
  switch (end) {
    case 'over-limit':
      return sentenceAnswer(
        413,
        `The body is over the limit of ${limitBytes} bytes. Send less, or raise the body limit in Hookyard's settings.`,
        { isLast: true },
      );
    case 'no-room':
      return sentenceAnswer(503, 'More large bodies are coming in at once than there is room for. Send this one again later.', {
        isLast: true,
        headers: [['Retry-After', '5']],
      });
    case 'not-written':
      return sentenceAnswer(503, notWrittenSentence(failure ?? ''), { isLast: true, headers: [['Retry-After', '5']] });
    case 'disconnected':
      return sentenceAnswer(
        400,
        'The connection ended before the whole body came: send as many bytes as Content-Length says, or end the chunked body.',
        {
          isLast: true,
        },
      );
    case 'malformed':
      return sentenceAnswer(
        400,
        `The body is not framed as HTTP/1.1 requires${misframed === null ? '' : ` (${misframed})`}: check its Transfer-Encoding, chunk sizes and trailers.`,
        { isLast: true },
      );
    case 'stalled':
      return sentenceAnswer(408, `No more of the body came for ${idleMs / 1000} seconds. Send it without such a pause.`, { isLast: true });
    case 'stopping':
      return sentenceAnswer(503, 'Hookyard stopped before the whole body came. Send it again when it runs.', { isLast: true });
  }
}

function notWrittenSentence(failure: string): string {
  if (isDiskFull(failure)) return 'The disk is full, so the body was not kept whole. Free some space, and send this one again.';
  return `The disk did not take the body${failure === '' ? '' : ` (${failure})`}, so it was not kept whole. Send this one again later.`;
}

/** An answer as it goes over the wire for one request. */
export interface Reply {
  readonly status: number;
  /** All but Connection and Keep-Alive, which Node writes. */
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly delayMs: number;
  readonly isLast: boolean;
  readonly fault: WireFault | null;
}

/** The newest reply of each answer. */
const newestReplies = new WeakMap<Answer, { readonly isOfHead: boolean; readonly second: number; readonly reply: Reply }>();

/**
 * Adds length and date to an answer, and leaves the body out when the method or status allows none. Made once for all requests of one second
 * that get the same answer.
 */
export function replyFor(answer: Answer, method: string, nowMs: number): Reply {
  const isOfHead = method === 'HEAD';
  const second = Math.floor(nowMs / 1000);
  const newest = newestReplies.get(answer);
  if (newest?.second === second && newest.isOfHead === isOfHead) return newest.reply;
  const reply = madeReply(answer, isOfHead, nowMs);
  newestReplies.set(answer, { isOfHead, second, reply });
  return reply;
}

function madeReply(answer: Answer, isOfHead: boolean, nowMs: number): Reply {
  const hasNoLength = answer.status === 204;
  const hasNoBody = isOfHead || bodilessStatuses.has(answer.status);
  const lengthBytes = answer.status === 205 ? 0 : answer.body.byteLength;
  const isDated = hasHeader(answer.headers, 'Date');
  return {
    status: answer.status,
    headers: [
      ...answer.headers,
      ...(isDated ? [] : [['Date', new Date(nowMs).toUTCString()] satisfies HeaderField]),
      ...(hasNoLength ? [] : [['Content-Length', String(lengthBytes)] satisfies HeaderField]),
    ],
    body: hasNoBody ? new Uint8Array() : answer.body,
    delayMs: answer.delayMs,
    isLast: answer.isLast,
    fault: answer.fault,
  };
}
