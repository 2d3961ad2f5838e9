import { Buffer } from 'node:buffer';
import { hostileBodies } from '../../../test/support/hostile-requests.ts';
import { bodyBytes, mib, rest, run, type HostileAct } from './act.ts';

const secret = 'a secret of some length';
const twilioSignature = ['X-Twilio-Signature', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='] as const;

interface Asked {
  readonly scheme?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: () => Uint8Array;
  /** Of the call beside the request. */
  readonly more?: object;
}

function verifyAct(
  name: string,
  path: string,
  { scheme = 'auto', headers = [], body = () => Buffer.from('{}'), more = {} }: Asked,
): HostileAct {
  return {
    name,
    group: 'verifying',
    act: (host) =>
      rest(host, 'POST', path, {
        scheme,
        secrets: [secret],
        request: { method: 'POST', url: 'https://a.example/in', headers, bodyBase64: Buffer.from(body()).toString('base64') },
        ...more,
      }),
  };
}

const manyHeaders = (count: number) => Array.from({ length: count }, (_, index) => [`a${index}`, 'b'] as const);

/** Requests given for a verdict or a search, near the limits. */
export const verifyingActs: readonly HostileAct[] = [
  ...hostileBodies.map(({ name, make }) =>
    verifyAct(`15 MiB, ${name}, twilio-form`, '/verify', {
      scheme: 'twilio-form',
      headers: [twilioSignature],
      body: () => Buffer.from(make(bodyBytes)).subarray(0, bodyBytes),
    }),
  ),
  verifyAct('15 MiB of JSON, recognised', '/verify', { headers: [twilioSignature], body: () => Buffer.from(run('{"a":"b"},', bodyBytes)) }),
  verifyAct('9,999 headers', '/verify', { headers: [twilioSignature, ...manyHeaders(9998)] }),
  verifyAct('62,000 headers', '/verify', { headers: manyHeaders(62_000) }),
  verifyAct('62,000 headers and 9 MiB', '/verify', { headers: manyHeaders(62_000), body: () => Buffer.alloc(9 * mib, 'x') }),
  ...([1, 9, 15] as const).map((size) =>
    verifyAct(`a search in ${size} MiB`, '/verify/solve', {
      scheme: 'github-sha256',
      headers: [['x-hub-signature-256', `sha256=${'0'.repeat(64)}`]],
      body: () => Buffer.from(run('{"a":"b"},', size * mib)).subarray(0, size * mib),
      more: { maxMs: 500 },
    }),
  ),
  verifyAct('a search in 9 MiB, twilio-form', '/verify/solve', {
    scheme: 'twilio-form',
    headers: [twilioSignature],
    body: () => Buffer.from(run('a=b&c=d&', 9 * mib)),
    more: { maxMs: 500 },
  }),
  verifyAct('a signature over 15 MiB', '/sign', {
    scheme: 'standard-webhooks',
    more: {
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      request: { bodyBase64: Buffer.alloc(bodyBytes, 'x').toString('base64') },
    },
  }),
];
