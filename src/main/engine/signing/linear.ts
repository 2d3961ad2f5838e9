import { linear as provider } from '#shared/providers/linear.ts';
import { invalid } from '../base/refusal.ts';
import { orTooDeep, readObject, withValue } from './json-body.ts';
import { createMacProofScheme, readMac, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import { type Reading, emptyReading, findHeaders, headerText, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import type { TimestampState } from './timestamp.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

const header = 'Linear-Signature';
const timeField = 'webhookTimestamp';
const { toleranceSeconds, library } = provider.schemes.linear;
const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'hex' };

/** Linear: HMAC-SHA256 over a JSON body that carries its own time. */
export const linear: Scheme = createMacProofScheme({
  scheme: 'linear',
  info: codeInfo('linear'),
  form,
  library,
  words: { signed: ['the body'], timestamp: timeField },
  read,
  sign: (input, mac) => {
    if (readObject(input.body) === null)
      throw invalid('body', `Linear puts the time (${timeField}) into the body. Give a JSON object as the body.`);
    const body = withValue(input.body, [timeField], Math.floor(input.nowMs));
    const signed = joinRuns([{ name: 'body', bytes: body }]);
    return {
      headers: [
        ['Linear-Delivery', input.id],
        [header, mac(signed)],
      ],
      signed,
      body,
    };
  },
});

function read(input: VerifyInput): Reading {
  const text = headerText(input.headers, header);
  const mac = text === null ? null : readMac(form, text);
  const signed = joinRuns([{ name: 'body', bytes: input.body }]);
  return {
    ...emptyReading(findHeaders(input.headers, [header])),
    timestamp: timeOf(input),
    candidates: text === null || mac === null || 'problem' in mac ? [] : [{ text, signature: mac.bytes, signed }],
    trouble: text !== null && mac !== null && 'problem' in mac ? malformed(header, text, mac.problem) : null,
    next: ['Refuse a webhookId with a webhookTimestamp that was handled before: Linear-Delivery is not signed.'],
  };
}

/** A value for use in a sentence. */
function shortJson(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function timeOf(input: VerifyInput): TimestampState {
  const object = readObject(input.body);
  if (object === null) return { kind: 'malformed', message: `the body, in which ${timeField} should be, is no JSON object, ${orTooDeep}` };
  const value = object[timeField];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    const given = value === undefined ? 'missing' : shortJson(value);
    return { kind: 'malformed', message: `${timeField} in the body is ${given}, but must be a whole number of milliseconds since 1970` };
  }
  const window = aroundNow(toleranceOf(input.options, toleranceSeconds));
  return judgeTime({ name: timeField, text: String(value), unit: 'ms' }, window, input.nowMs);
}
