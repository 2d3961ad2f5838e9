import { durationText } from '#shared/duration-text.ts';
import { headerValue } from '#shared/text/headers.ts';
import type { Capture } from '#shared/contract/captures.ts';
import { captureHead } from '../../base/capture-head.ts';
import { wireEndText, wireFaultText } from '#shared/wire-fault-words.ts';
import { bytesText } from '../../base/size-format.ts';
import { statusText } from './bin-answer.ts';

/** The whole request as bytes: head, empty line, body. The head is rebuilt from its parts, in order and case. */
export function captureBytes(capture: Parameters<typeof captureHead>[0], body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = Uint8Array.from(captureHead(capture), (character) => character.charCodeAt(0) & 0xff);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

/** What happened, in one sentence: `374 B of application/json from 127.0.0.1, answered 200 OK in 3 ms.` */
export function captureSentence(capture: Capture): string {
  const type = capture.contentType === null ? '' : ` of ${capture.contentType.split(';')[0]?.trim() ?? ''}`;
  const body = capture.bodyBytes === 0 && !capture.isBodyTruncated ? 'No body' : `${sizeText(capture)}${type}`;
  const { status } = capture.response;
  if (capture.source !== null)
    return `${body}${capture.remoteAddress === '' ? '' : ` from ${capture.remoteAddress}`}, answered ${statusText(status)} where it was received.`;
  const from = `${body} from ${capture.remoteAddress}`;
  const { totalMs } = capture.timings;
  // Why it was not answered is said beside this.
  if (capture.answeredBy?.kind === 'unanswered') return `${from}.`;
  const faulty = faultSentence(capture);
  if (faulty !== null) return `${from}. ${faulty}`;
  if (capture.isBodyTruncated && status === 400 && totalMs === null)
    return `${from}. The sender closed the connection before its body was complete; whether it read the answer ${statusText(status)} is not known.`;
  const time = totalMs === null ? ', and the sender disconnected before the answer was sent' : ` in ${durationText(totalMs)}`;
  const cut = capture.isBodyTruncated ? ` The body is incomplete: ${whyCut(status)}.` : '';
  return `${from}, answered ${statusText(status)}${time}.${cut}`;
}

/** What was sent of an answer with a fault; null for an answer without one. */
function faultSentence({ isBodyTruncated, response: { status, fault, sent } }: Capture): string | null {
  if (fault === null && sent === null) return null;
  const how = fault === null ? '' : ` with a fault (${wireFaultText(fault)})`;
  return `Answered ${statusText(status)}${how}. ${sent === null ? 'It is still under way.' : wireEndText(sent)}${isBodyTruncated ? ' The body is incomplete.' : ''}`;
}

/** The size of the body, and the announced size if less was received: `The first 2 B of 20 B`. */
function sizeText({ bodyBytes, isBodyTruncated, headers }: Pick<Capture, 'bodyBytes' | 'isBodyTruncated' | 'headers'>): string {
  const announced = headerValue(headers, 'Content-Length') ?? '';
  const isMore = isBodyTruncated && /^\d{1,15}$/.test(announced) && Number(announced) > bodyBytes;
  return isMore ? `The first ${bytesText(bodyBytes)} of ${bytesText(Number(announced))}` : bytesText(bodyBytes);
}

/** What is announced after a capture was copied as a command: with a cut body it sends only what was received. */
export function copiedText({ bodyBase64, isBodyTruncated }: Pick<Capture, 'bodyBase64' | 'isBodyTruncated'>): string {
  if (!isBodyTruncated) return 'Copied';
  const bytes = Math.floor((bodyBase64.replace(/=+$/, '').length * 3) / 4);
  return `Copied, with the first ${bytesText(bytes)} of a body that is cut`;
}

/** Why a body was cut off, judged by the status that the listener answered. */
function whyCut(status: number): string {
  if (status === 413) return 'it went over the limit';
  if (status === 503) return 'there was no room for it, or Hookyard stopped';
  if (status === 408) return 'no more of it arrived for a minute';
  return 'its chunks were malformed, or the connection ended early';
}

/** The tags in a text, separated by commas or spaces. */
export function tagsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((tag) => tag !== '');
}
