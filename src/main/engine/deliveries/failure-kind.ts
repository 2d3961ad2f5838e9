import { hash } from 'node:crypto';
import type { Outcome } from '#shared/contract/outcome.ts';
import { codingHeaders, isWhole, keep, saysCoding, type SearchMemory } from '../bodies/body-looks.ts';
import { decodeBody } from '../bodies/decode-body.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import type { FailedRow } from '../log/failed-rows.ts';
import { startOfBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { normalAnswer } from './normal-answer.ts';

/** How a delivery failed. */
export interface FailureKind {
  /** The same for whatever fails in the same way. */
  readonly key: string;
  readonly outcome: Outcome;
  /** The normalised answer; null where none came. */
  readonly answer: string | null;
}

/** So much of an answer is looked at, of a packed one before it is unpacked. */
const lookedAtBytes = 2048;

const notText = '(not text)';

/** Says of failed deliveries how they failed. What costs time is remembered, since most answers are the same few. */
export function createFailureKinds(reader: Reader, memory: SearchMemory): (row: FailedRow) => FailureKind | Promise<FailureKind> {
  const outcomes = new Map<string, Outcome>();
  const outcomeOf = (json: string): Outcome => {
    const known = outcomes.get(json);
    if (known !== undefined) return known;
    const outcome = unpackOutcome(json);
    if (outcomes.size < mostOutcomes) outcomes.set(json, outcome);
    return outcome;
  };
  return (row) => {
    const outcome = outcomeOf(row.outcomeJson);
    const kind = (answer: string | null): FailureKind => ({ key: keyOf(row.place, outcome, answer), outcome, answer });
    // Where an answer broke off, as much of it came as chance would have it.
    if (outcome.code !== 'http_status' && outcome.code !== 'redirect') return kind(null);
    const answer = answerOf(reader, row, memory);
    return typeof answer === 'string' ? kind(answer) : answer.then(kind);
  };
}

const mostOutcomes = 1000;

function keyOf(place: string, { code, status, phase, reason }: Outcome, answer: string | null): string {
  return `grp_${hash('sha256', JSON.stringify([place, code, status, phase, reason, answer])).slice(0, 16)}`;
}

function answerOf(reader: Reader, { answerHash, answerHeadersJson }: FailedRow, { kept }: SearchMemory): string | Promise<string> {
  if (answerHash === null) return '';
  const headers = answerHeadersJson !== null && saysCoding(answerHeadersJson) ? codingHeaders(answerHeadersJson) : [];
  const key = `answer ${answerHash} ${headers.length === 0 ? '' : JSON.stringify(headers)}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const { start, size } = startOfBody(reader, Buffer.from(answerHash, 'hex'), lookedAtBytes);
  const isCut = size > start.byteLength;
  const text = new TextDecoder().decode(start, { stream: isCut });
  if (headers.length === 0 && isWhole(text)) return keep(kept, key, normalAnswer(text));
  return decodeBody({ bytes: start, headers, isTruncated: isCut }, lookedAtBytes).then(({ charset, bodyBase64 }) =>
    keep(kept, key, charset === null ? notText : normalAnswer(Buffer.from(bodyBase64, 'base64').toString('utf8'))),
  );
}
