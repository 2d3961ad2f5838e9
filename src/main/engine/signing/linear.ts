import { invalid } from '../base/refusal.ts';
import { orTooDeep, readObject, withValue } from './json-body.ts';
import { describeLibrary, type LibraryTraits } from './library-traits.ts';
import { createMacProofScheme, readMac, type MacForm } from './mac-proof.ts';
import { toleranceOf } from './options.ts';
import { emptyReading, findHeaders, headerText, malformed, type Reading } from './proof.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import type { TimestampState } from './timestamp.ts';
import { aroundNow, judgeTime } from './time-window.ts';

const header = 'Linear-Signature';
const timeField = 'webhookTimestamp';
const toleranceSeconds = 60;
const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'hex' };

const library = {
  name: '@linear/sdk',
  time: 'both',
  toleranceSeconds,
  body: 'bytes',
  wantsLowerCase: true,
} satisfies LibraryTraits;

/** Linear: HMAC-SHA256 over a JSON body that carries its own time. */
export const linear: Scheme = createMacProofScheme({
  scheme: 'linear',
  info: {
    title: 'Linear',
    description: 'HMAC-SHA256 over the body, in hex; the time stands in the body as webhookTimestamp.',
    headers: [header],
    algorithm: 'HMAC-SHA256',
    secretHint: 'The signing secret of the webhook, as text',
    allowsSeveralSecrets: false,
    toleranceSeconds,
    source: 'https://www.npmjs.com/package/@linear/sdk',
    asOf: '2026-11-20',
    checked: 'vendor library',
    documentation: 'https://linear.app/developers/webhooks',
    pitfall: 'The time to check is webhookTimestamp in the body, in milliseconds; the header Linear-Timestamp is not signed.',
    libraryNote: describeLibrary(library, true),
  },
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

/** A value as it stands in a sentence. */
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
