import type { WireEnd, WireFault, WireFaultKind } from './contract/wire-fault.ts';
import { durationText } from './duration-text.ts';

/** What a kind of fault is called, and what it does to the sender. */
export interface WireFaultWords {
  readonly title: string;
  readonly effect: string;
}

/** The words for each kind, for people who choose one. */
export const wireFaultWords: Readonly<Record<WireFaultKind, WireFaultWords>> = {
  'no-answer': { title: 'Never answer', effect: 'The request is read and kept, and nothing is sent until the connection is closed.' },
  reset: {
    title: 'Reset the connection',
    effect:
      'The connection is reset (RST) once this many bytes of the answer, its head included, are sent; over HTTP/2 only its stream is.',
  },
  'half-answer': { title: 'Half an answer', effect: 'The head and half of the body are sent, then the connection is closed.' },
  'wrong-length': {
    title: 'Wrong Content-Length',
    effect: 'Content-Length says more or fewer bytes than are sent, then the connection is closed.',
  },
  'slow-answer': { title: 'Slow answer', effect: 'Head and body are sent at this rate, for an hour at most.' },
  'slow-read': {
    title: 'Slow reading',
    effect: 'The body of the request is read at this rate, and answered when it is whole. Small bodies wait in the buffers of the systems.',
  },
  'early-answer': {
    title: 'Answer too early',
    effect: 'The answer is sent before the body of the request is read, and before the request is kept.',
  },
  'bad-chunk': { title: 'Broken chunk', effect: 'The body is chunked, and its second chunk has a size that is not a number.' },
  'endless-body': {
    title: 'Endless body',
    effect:
      'The body is sent again and again, until the sender leaves or the limit or 10 minutes are reached. The chunked body is never ended.',
  },
  close: { title: 'Connection: close', effect: 'The answer is whole, says Connection: close, and the connection is closed after it.' },
  'http-1.0': { title: 'HTTP/1.0', effect: 'The answer is HTTP/1.0 and has no length: its body ends where the connection does.' },
};

/** A fault with its figures, in a few words: `reset after 20 bytes`. */
export function wireFaultText(fault: WireFault): string {
  switch (fault.kind) {
    case 'no-answer':
      return `no answer for ${durationText(fault.holdMs)}`;
    case 'reset':
      return fault.afterBytes === 0 ? 'reset before the answer' : `reset after ${count(fault.afterBytes)} of the answer`;
    case 'half-answer':
      return 'half an answer';
    case 'wrong-length':
      return `Content-Length ${count(Math.abs(fault.byBytes))} too ${fault.byBytes > 0 ? 'long' : 'short'}`;
    case 'slow-answer':
      return `answer at ${fault.bytesPerSecond} B/s`;
    case 'slow-read':
      return `request read at ${fault.bytesPerSecond} B/s`;
    case 'early-answer':
      return `answer before the body is read${fault.closes ? ', then closed' : ''}`;
    case 'bad-chunk':
      return 'broken chunk';
    case 'endless-body':
      return `endless body at ${fault.bytesPerSecond} B/s, ${count(fault.maxBytes)} at most`;
    case 'close':
      return 'Connection: close';
    case 'http-1.0':
      return 'HTTP/1.0';
  }
}

/** What became of an answer with a fault, in a sentence: `20 bytes were sent when the sender ended the connection, after 3 ms.` */
export function wireEndText({ bytes, endedMs, end }: WireEnd): string {
  const sent = bytes === 0 ? 'Nothing was sent' : `${count(bytes)} ${bytes === 1 ? 'was' : 'were'} sent`;
  const after = `after ${durationText(endedMs)}`;
  switch (end) {
    case 'done':
      return `${sent}, as the fault asks, within ${durationText(endedMs)}.`;
    case 'sender-left':
      return `${sent} when the sender ended the connection, ${after}.`;
    case 'displaced':
      return `${sent} when a newer request took its place, ${after}: faults hold 256 at once.`;
    case 'stopped':
      return `${sent} when Hookyard stopped, ${after}.`;
    case 'not-possible':
      return 'The answer was sent whole and without the fault: HTTP/2 does not have it, or the request had been read already.';
  }
}

function count(bytes: number): string {
  return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
