import { describe, expect, it } from 'vitest';
import { parseOptions, publicKeyOf, schemes } from '#engine/signing/registry.ts';
import type { Scheme } from '#engine/signing/scheme.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { hostileBodies, hostileHeaderValues } from '../../support/hostile-requests.ts';

/** Far more of the processor than a pass over this much takes, and far less than anything that grows with the square. */
const longestMs = 1000;
const bodyBytes = 131_072;
/** Half of what the listener takes: what grows with the square takes many seconds of this already. */
const headerCharacters = 131_072;

/** Made once for all schemes. */
const bodies = hostileBodies.map(({ name, make }) => ({ name, body: Buffer.from(make(bodyBytes)) }));

const nowMs = 1_760_000_000_000;
const url = 'https://a.example/in?x=1';

/** PayPal signs with a certificate of its own; what is read before it is asked for takes any values. */
const paypalHeaders: readonly HeaderField[] = [
  ['PAYPAL-TRANSMISSION-ID', '69cd13f0-d67a-11e5-baa3-778b53f4ae55'],
  ['PAYPAL-TRANSMISSION-TIME', '2025-10-09T08:53:20Z'],
  ['PAYPAL-CERT-URL', 'https://api.paypal.com/v1/notifications/certs/CERT-1'],
  ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
  ['PAYPAL-TRANSMISSION-SIG', 'A'.repeat(340)],
];

/** A request as the scheme signs it, with a body that it can. */
function signedBy(scheme: Scheme) {
  if (scheme.id === 'paypal')
    return {
      options: parseOptions('paypal', { webhookId: '1JE4291016473214C' }),
      secrets: ['no certificate'],
      nowMs,
      method: 'POST',
      url,
      headers: paypalHeaders,
      body: Buffer.from('{}'),
    };
  const options = parseOptions(scheme.id);
  const secret = scheme.makeSecret(new Uint8Array(32).fill(7), options);
  const body = scheme.id === 'adyen-payments' ? '{"notificationItems":[{"NotificationRequestItem":{}}]}' : '{}';
  const input = { options, secrets: [secret], id: 'msg_1', nowMs, method: 'POST', url, body: Buffer.from(body) };
  const signed = scheme.sign(input);
  return {
    options,
    // A receiver has the public half where there is one.
    secrets: [publicKeyOf(options, secret) ?? secret],
    nowMs,
    method: 'POST',
    url: signed.url ?? url,
    headers: [...signed.headers, ['Content-Type', 'application/x-www-form-urlencoded']] as readonly HeaderField[],
    body: signed.body ?? input.body,
  };
}

describe.each(schemes.map((scheme) => [scheme.id, scheme] as const))('%s', (_, scheme) => {
  it.each(bodies)('is through with a body of $name in one pass', ({ body }) => {
    const request = signedBy(scheme);
    let verdict = '';
    expect(cpuMsOf(() => (verdict = scheme.verify({ ...request, body }).verdict))).toBeLessThan(longestMs);
    // Tokens do not cover the body.
    if (scheme.info.algorithm !== 'Token') expect(['valid', 'invalid', 'unsigned', 'unchecked']).toContain(verdict);
  });

  it('is through with hostile values of its headers in one pass', () => {
    const request = signedBy(scheme);
    for (const [at, [name, value]] of request.headers.entries())
      for (const { make } of hostileHeaderValues) {
        const headers = request.headers.with(at, [name, make(value, headerCharacters).slice(0, headerCharacters)]);
        expect(cpuMsOf(() => scheme.verify({ ...request, headers }))).toBeLessThan(longestMs);
      }
  });
});
