import { expect, test } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

test('a preview answers a capture or a typed request without counting, over what is not saved yet', async () => {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const bin = await client.bins.create({
    name: 'Shop',
    answers: {
      rules: [
        {
          name: 'paid',
          match: { path: '/orders/*' },
          sequence: { steps: '500, answer' },
          response: { body: 'order {{ request.json.id }} {{ count }}' },
        },
      ],
    },
  });
  const seen = () => client.answers.preview({ id: bin.id, request: { path: '/orders/1', body: '{"id":7}' } });
  expect(await seen()).toMatchObject({ status: 500, answeredBy: { label: 'paid' } });
  expect(await seen()).toMatchObject({ status: 500 });
  expect((await fetch(`${bin.url}/orders/1`, { method: 'POST', body: '{"id":7}' })).status).toBe(500);
  expect(await seen()).toMatchObject({
    status: 200,
    body: 'order 7 2',
    checks: [{ label: 'paid', isTaken: true }],
    scope: { request: { json: { id: 7 }, path: '/orders/1' }, count: 2 },
  });
  const { items } = await client.captures.list({ binId: bin.id });
  const ofCapture = { id: bin.id, captureId: items[0]?.id ?? '' };
  expect(await client.answers.preview({ ...ofCapture, answers: { rules: [] }, response: { status: 201 } })).toMatchObject({ status: 201 });
  expect(await client.answers.preview({ ...ofCapture, rule: 0 })).toMatchObject({ status: 200, body: 'order 7 1' });
  expect(await client.answers.preview({ ...ofCapture, rule: null, response: { body: '{{ request.json.none }}' } })).toMatchObject({
    status: 500,
    answeredBy: { kind: 'problem', why: expect.stringContaining('undefined variable: request.json.none') },
  });
  expect(await client.answers.preview({ id: bin.id, request: { path: '/else', method: 'GET' } })).toMatchObject({
    status: 200,
    checks: [
      { label: 'paid', isTaken: false, message: 'It does not meet path=/orders/*.' },
      { label: 'own answer', isTaken: true },
    ],
  });
  expect(await client.answers.state({ id: bin.id })).toMatchObject({
    counters: [{ ruleId: bin.answers.rules[0]?.id, keyCount: 1, latest: [{ requests: 1, nextStep: 2, next: 'answer' }] }],
  });
  await expect(client.answers.preview({ id: bin.id, rule: 3 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(client.answers.preview({ id: bin.id, captureId: 'cap_x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.answers.preview({ ...ofCapture, request: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await client.answers.reset({ id: bin.id })).toEqual({ id: bin.id, resetCounters: 1 });
  expect(await seen()).toMatchObject({ status: 500 });
});
