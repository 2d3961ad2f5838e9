import { Buffer } from 'node:buffer';
import type { Attempt } from '#shared/contract/deliveries.ts';
import type { EngineClient } from './engine-client.ts';
import { plainText } from '../shared/plain-text.ts';

/** The stored part of an answer's body. */
export interface AnswerBody {
  readonly bytes: Uint8Array;
  /** How many bytes arrived in all. */
  readonly cameBytes: number;
}

const shownBytes = 2000;
const jsonBytes = 65_536;

/** The body of the answer to an attempt; null when there was no answer or it had no body. */
export async function readAnswerBody(client: EngineClient, { id, response }: Attempt): Promise<AnswerBody | null> {
  if (response === null || response.bodyBytes === 0) return null;
  const { response: whole } = await client.deliveries.attempt({ id });
  return { bytes: Buffer.from(whole?.bodyBase64 ?? '', 'base64'), cameBytes: response.bodyBytes };
}

/** The body for people: its beginning as text that is safe for a terminal, or a description when it is not text. */
export function answerBodyText({ bytes, cameBytes }: AnswerBody): string {
  const text = startOfText({ bytes, cameBytes }, shownBytes);
  if (text === null) return `(binary, ${cameBytes} bytes)`;
  const left = cameBytes - Buffer.byteLength(text);
  return `${plainText(text).trimEnd()}${left > 0 ? `\n(and ${left} more bytes)` : ''}`;
}

/** The body for programs: up to 64 KiB in base64, as text where it is UTF-8, and how much of what came that leaves out. */
export function answerBodyJson({ bytes, cameBytes }: AnswerBody) {
  const shown = bytes.subarray(0, jsonBytes);
  return {
    bodyBase64: Buffer.from(shown).toString('base64'),
    bodyText: startOfText({ bytes, cameBytes }, jsonBytes),
    bodyLeftOutBytes: cameBytes - shown.byteLength,
  };
}

/** Text of the first bytes, up to a whole character; null where they are not UTF-8 or hold a NUL. */
function startOfText({ bytes, cameBytes }: AnswerBody, limitBytes: number): string | null {
  const start = bytes.subarray(0, limitBytes);
  try {
    // What is cut is read as part of a stream, so that a character in the middle of the cut is left out and not refused.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(start, { stream: start.byteLength < cameBytes });
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
