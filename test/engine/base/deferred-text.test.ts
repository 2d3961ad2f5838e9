import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { base64ForAnswer, BytesAsText, utf8ForAnswer, withTextsMade } from '#engine/base/deferred-text.ts';
import { admit } from '#engine/index.ts';
import { startTestEngine } from '../../support/engine.ts';

const large = Buffer.alloc(200_000, 0xe9);
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

it('are a text where they are small', () => {
  expect(base64ForAnswer(Buffer.from('ab'), Buffer.from('c'))).toBe('YWJj');
  expect(utf8ForAnswer(Buffer.from('é'))).toBe('é');
});

it('stay bytes where they are large, and write themselves as their text', () => {
  const told: unknown = base64ForAnswer(large, Buffer.from('c'));
  expect(told).toBeInstanceOf(BytesAsText);
  const text = Buffer.concat([large, Buffer.from('c')]).toString('base64');
  expect(JSON.parse(JSON.stringify({ told }))).toEqual({ told: text });
  expect((told as BytesAsText).length).toBe(text.length);
  expect(withTextsMade({ list: [{ told }], none: null })).toEqual({ list: [{ told: text }], none: null });
});

it('are what answers with large bodies hold, so that no procedure makes text of them', async () => {
  const { engine } = await startTestEngine();
  const { preview, messages, verifying } = createRouterClient(engine.router, { context: admit('tester') });
  const signing = { scheme: 'standard-webhooks' } as const;
  // The bytes of a call belong to it, which may give their memory to a thread.
  const body = () => Buffer.from(large);
  const event = { type: 'a.b', bodyBase64: body() };
  const prepared = await preview.render({ draft: { url: 'http://127.0.0.1:9/', signing, secret }, event });
  const { id } = await messages.send({ type: 'none.listens', bodyBase64: body() });
  const read = await messages.get({ id });
  const signed = await verifying.sign({ scheme: 'standard-webhooks', secrets: [secret], request: { bodyBase64: body() } });
  const request = { headers: [] as [string, string][], bodyBase64: body() };
  const file = await verifying.case({ scheme: 'standard-webhooks', secrets: [secret], request, format: 'html' });
  const told: readonly unknown[] = [
    prepared.bodyBase64,
    prepared.signature?.signedBase64,
    prepared.curl,
    read.bodyBase64,
    signed.signedBase64,
    file.contentBase64,
  ];
  for (const each of told) expect(each).toBeInstanceOf(BytesAsText);
});
