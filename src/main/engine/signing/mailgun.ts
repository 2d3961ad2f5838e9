import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { multipartFields } from '#shared/text/multipart.ts';
import { invalid } from '../base/refusal.ts';
import { isObject, orTooDeep, readObject, withValue, type JsonObject } from './json-body.ts';
import { createMacProofScheme, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import { type Candidate, type Reading, emptyReading, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'hex' };
const fields = ['timestamp', 'token', 'signature'] as const;
const next = [
  'Fetch the event from Mailgun before you act on it: event-data is not signed, so anyone who saw one request can send another event with its signature.',
  'Refuse a token that was seen before: the same signature fits any number of requests.',
];

/** Mailgun: HMAC-SHA256 over timestamp and token, with all three in the body. */
export const mailgun: Scheme = createMacProofScheme({
  scheme: 'mailgun',
  info: codeInfo('mailgun'),
  form,
  words: { signed: ['the timestamp', 'the token'], timestamp: 'timestamp', place: 'body' },
  read,
  sign: (input, mac) => {
    if (readObject(input.body) === null) throw invalid('body', 'Mailgun signs inside the body. Give a JSON object as the body.');
    const timestamp = String(Math.floor(input.nowMs / 1000));
    // 50 characters as Mailgun sends them; a retry of the same message at another time has another token.
    const token = createHash('sha256').update(`${input.id} ${timestamp}`).digest('hex').slice(0, 50);
    const signed = signedOf(timestamp, token);
    return { headers: [], signed, body: withValue(input.body, ['signature'], { timestamp, token, signature: mac(signed) }) };
  },
});

function read(input: VerifyInput): Reading {
  const found = fieldsOf(input.body);
  if (found === null) {
    return {
      ...emptyReading({ wanted: [], missing: [], repeated: [] }),
      trouble: {
        kind: 'refused',
        reason: 'body_malformed',
        message: `The signature stands in the body, and the body is neither a JSON object nor a form, ${orTooDeep}. Give the body as it was received.`,
      },
    };
  }
  const [timestamp, token, signature] = [textOf(found['timestamp']), textOf(found['token']), textOf(found['signature'])];
  const texts = [timestamp, token, signature];
  const signed = timestamp && token ? signedOf(timestamp, token) : null;
  const given = [signature, textOf(found['parent-signature'])].flatMap((text) => (text === null || text === '' ? [] : [text]));
  const results = given.map((text) => ({ text, ...readMac(form, text) }));
  const problem = results.find((result) => 'problem' in result);
  const candidates =
    signed === null
      ? []
      : results.flatMap((result): readonly Candidate[] =>
          'bytes' in result ? [{ text: result.text, signature: result.bytes, signed }] : [],
        );
  return {
    ...emptyReading({
      wanted: fields.map((name) => `signature.${name}`),
      missing: fields.flatMap((name, index) => (texts[index] ? [] : [{ name: `signature.${name}`, isEmpty: texts[index] === '' }])),
      repeated: [],
    }),
    timestamp:
      timestamp === null || timestamp === ''
        ? null
        : judgeTime({ name: 'signature.timestamp', text: timestamp, unit: 's' }, aroundNow(toleranceOf(input.options, null)), input.nowMs),
    candidates,
    trouble:
      candidates.length === 0 && problem !== undefined && 'problem' in problem
        ? malformed('signature.signature', problem.text, problem.problem)
        : null,
    next,
  };
}

/**
 * The fields of the signature: of `signature` in JSON, or of the form itself, as Mailgun sends mails that it received, with attachments as
 * multipart.
 */
function fieldsOf(body: Uint8Array): JsonObject | null {
  const object = readObject(body);
  if (object !== null) return isObject(object['signature']) ? object['signature'] : {};
  const parts = multipartFields(body);
  if (parts !== null) return parts;
  const text = Buffer.from(body).toString('utf8');
  if (!/^[^={["\s]+=/.test(text)) return null;
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(fields.flatMap((name) => (parameters.has(name) ? [[name, parameters.get(name)]] : [])));
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : null;
}

function signedOf(timestamp: string, token: string): SignedString {
  return joinRuns([
    { name: 'timestamp', bytes: utf8(timestamp) },
    { name: 'token', bytes: utf8(token) },
  ]);
}
