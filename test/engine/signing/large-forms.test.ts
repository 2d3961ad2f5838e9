import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseOptions } from '#engine/signing/registry.ts';
import { verifyCaptured } from '#engine/signing/verify-task.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const url = 'https://a.example/in';
const secret = 'a secret of some length';

/** A form of so many fields, and what Twilio signs of it, put together by its rule: the URL, and each name and value, sorted. */
function formOf(count: number) {
  const fields = Array.from({ length: count }, (_, index) => [`k${String(index).padStart(6, '0')}`, `é ${index}`] as const);
  const signed = url + fields.map(([name, value]) => name + value).join('');
  // The order of arrival does not matter.
  const body = new URLSearchParams(fields.toReversed().map(([name, value]): [string, string] => [name, value])).toString();
  return { body, signed, signature: createHmac('sha1', secret).update(signed).digest('base64') };
}

it.each([
  [3, 4],
  [1000, 1001],
  [1001, 1002],
  [20_000, 1002],
])('a form of %i fields is verified over all of them and shown in %i parts', async (count, parts) => {
  const { client } = await startClockedEngine();
  const { body, signed, signature } = formOf(count);
  const answer = await client.verifying.verify({
    scheme: 'twilio-form',
    secrets: [secret],
    request: { method: 'POST', url, headers: [['X-Twilio-Signature', signature]], bodyBase64: Buffer.from(body).toString('base64') },
  });
  expect(answer.verdict).toBe('valid');
  expect(Buffer.from(answer.signedBase64 ?? '', 'base64').toString('utf8')).toBe(signed);
  expect(answer.parts).toHaveLength(parts);
  expect(answer.parts.at(-1)?.end).toBe(Buffer.byteLength(signed));
  if (count > 1000) expect(answer.parts.at(-1)?.name).toMatch(/^[\d,]+ more fields?$/);
});

it('a body that is no form is one field, of whose name the beginning is kept with a capture', () => {
  const body = Buffer.from('\r\n'.repeat(400_000));
  const { verdict, json } = verifyCaptured({
    options: parseOptions('twilio-form'),
    secrets: [secret],
    nowMs: 0,
    method: 'POST',
    url,
    headers: [['X-Twilio-Signature', createHmac('sha1', secret).update(url).update(body).digest('base64')]],
    body,
  });
  expect(verdict).toBe('valid');
  expect(json.length).toBeLessThan(4000);
});
