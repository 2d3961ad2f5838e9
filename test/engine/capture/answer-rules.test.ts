import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const context = admit('test');

/** Sends requests one after the other; returns the statuses of their answers. */
async function send({ port }: CaptureWorkspace, target: string, bodies: readonly string[] = ['']): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const body of bodies) {
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST', body });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

test('the first rule that matches answers, and the capture says which and why', async () => {
  const workspace = await startCaptureWorkspace();
  const bin = await workspace.makeBin({
    name: 'Shop',
    response: { status: 202 },
    answers: {
      rules: [
        { name: 'off', isActive: false, response: { status: 299 } },
        { name: 'paid', match: { json: [{ path: '$.status', value: 'paid' }], methods: ['POST'] }, response: { status: 201 } },
        { match: { path: '/orders/*' }, response: { status: 404, body: 'no order' } },
      ],
    },
  });
  expect(await send(workspace, '/shop/orders/1', ['{"status":"paid"}', '{"status":"open"}'])).toEqual([201, 404]);
  expect(await send(workspace, '/shop/else')).toEqual([202]);
  const captures = await workspace.captures();
  expect(captures.map(({ status, answeredBy }) => [status, answeredBy?.label, answeredBy?.why])).toEqual([
    [202, 'own answer', "No rule answers it, so it gets the bin's own answer."],
    [404, 'rule 3', 'It meets path=/orders/*.'],
    [201, 'paid', 'It meets method=POST and json.$.status=paid.'],
  ]);
  expect(captures.map(({ answeredBy }) => answeredBy?.ruleId)).toEqual([null, bin.answers.rules[2]?.id, bin.answers.rules[1]?.id]);
  const page = await call(workspace.handlers.captures.list, { limit: 1 }, { context });
  expect(page.items[0]?.answeredBy).toEqual(captures[0]?.answeredBy);
});

test('a bin with its response only says nothing of rules', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop' });
  expect(await send(workspace, '/shop')).toEqual([200]);
  expect((await workspace.captures())[0]?.answeredBy).toBeNull();
});

test('rules look at query, headers, event type, verdict and large bodies', async () => {
  const workspace = await startCaptureWorkspace();
  const match = [
    { query: [{ name: 'source', value: 'shop' }] },
    { headers: [{ name: 'X-Kind', value: 'test*' }] },
    { verdicts: ['unsigned' as const] },
  ];
  await workspace.makeBin({
    name: 'Shop',
    signing: { scheme: 'github-sha256' },
    secrets: ['secret'],
    answers: {
      rules: [
        { match: { json: [{ path: '$.size', value: 'large' }] }, response: { status: 210 } },
        ...match.map((each, index) => ({ match: each, response: { status: 211 + index } })),
      ],
    },
  });
  expect(await send(workspace, '/shop?source=shop')).toEqual([211]);
  expect(await send(workspace, '/shop', ['{}'])).toEqual([213]);
  // In memory, and in a file.
  for (const length of [100_000, 400_000])
    expect(await send(workspace, '/shop', [`{"size":"large","fill":"${'x'.repeat(length)}"}`])).toEqual([210]);
  const answer = await fetch(`http://127.0.0.1:${workspace.port}/shop`, { headers: { 'x-kind': 'test-1' } });
  expect(answer.status).toBe(212);
});

test('a count answers some of the requests of a rule, by its key', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({
    name: 'Shop',
    answers: { rules: [{ name: 'flaky', count: { to: 2 }, key: 'json.$.id', response: { status: 503 } }] },
  });
  expect(await send(workspace, '/shop', ['{"id":1}', '{"id":1}', '{"id":2}', '{"id":1}', '{"id":2}', '{"id":2}'])).toEqual([
    503, 503, 503, 200, 503, 200,
  ]);
  expect((await workspace.captures())[0]?.answeredBy).toMatchObject({ kind: 'own' });
});

test('retries of one message walk a sequence, and messages do not disturb each other', async () => {
  const workspace = await startCaptureWorkspace();
  const bin = await workspace.makeBin({
    name: 'Shop',
    response: { status: 200, body: 'done' },
    answers: { key: 'message', sequence: { steps: '500 x2, 429, 200' } },
  });
  const attempt = async (id: string) => {
    const answer = await fetch(bin.url, { method: 'POST', headers: { 'webhook-id': id } });
    return [answer.status, await answer.text()];
  };
  expect([await attempt('a'), await attempt('a'), await attempt('b'), await attempt('a'), await attempt('a'), await attempt('a')]).toEqual([
    [500, ''],
    [500, ''],
    [500, ''],
    [429, ''],
    // The status of the response is the response, with its body.
    [200, 'done'],
    [200, 'done'],
  ]);
  expect((await workspace.captures())[0]?.answeredBy?.why).toBe("The bin's own answer; request 5 of message a, step 3 of 3: 200.");
});

test('without an id, requests with the same body are the same message', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop', answers: { key: 'message', sequence: { steps: '500, 200' } } });
  expect(await send(workspace, '/shop', ['one', 'two', 'one', 'two'])).toEqual([500, 500, 200, 200]);
});

test('requests that come together are counted exactly', async () => {
  const workspace = await startCaptureWorkspace();
  const bin = await workspace.makeBin({ name: 'Shop', answers: { sequence: { steps: '500 x30, 429 x10, 200' } } });
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const answer = await fetch(bin.url, { method: 'POST', body: 'x' });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  const count = (status: number) => statuses.filter((each) => each === status).length;
  expect([count(500), count(429), count(200)]).toEqual([30, 10, 20]);
});

test('counters go on after a restart where the answers stood', async () => {
  const folder = createTempFolder();
  const first = await startCaptureWorkspace({ folder });
  await first.makeBin({ name: 'Shop', answers: { key: 'json.$.id', sequence: { steps: '500 x2, 200' } } });
  expect(await send(first, '/shop', ['{"id":1}', '{"id":1}', '{"id":2}'])).toEqual([500, 500, 500]);
  await first.close();
  const second = await startCaptureWorkspace({ folder });
  expect(await send(second, '/shop', ['{"id":1}', '{"id":2}', '{"id":2}'])).toEqual([200, 500, 200]);
});

test('counters begin anew for one value, for one rule, or for all, and stay so after a restart', async () => {
  const folder = createTempFolder();
  const workspace = await startCaptureWorkspace({ folder });
  const bin = await workspace.makeBin({
    name: 'Shop',
    answers: {
      rules: [{ match: { path: '/a' }, key: 'json.$.id', sequence: { steps: '500, 200' } }],
      sequence: { steps: '503, 200' },
    },
  });
  const ruleId = bin.answers.rules[0]?.id ?? '';
  const both = async () => [...(await send(workspace, '/shop/a', ['{"id":1}', '{"id":2}'])), ...(await send(workspace, '/shop/b'))];
  expect(await both()).toEqual([500, 500, 503]);
  expect(await both()).toEqual([200, 200, 200]);
  expect(await workspace.capture.bins.resetAnswers(bin.id, { ruleId, value: '2' })).toBe(1);
  expect(await both()).toEqual([200, 500, 200]);
  expect(await workspace.capture.bins.resetAnswers(bin.id, { ruleId })).toBe(2);
  expect(await both()).toEqual([500, 500, 200]);
  expect(await workspace.capture.bins.resetAnswers(bin.id, {})).toBe(3);
  await workspace.close();
  const again = await startCaptureWorkspace({ folder });
  expect(await send(again, '/shop/b')).toEqual([503]);
  await expect(again.capture.bins.resetAnswers(bin.id, { ruleId: 'rule_x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a rule keeps its counter when others come, go or move, and begins anew when its sequence changes', async () => {
  const workspace = await startCaptureWorkspace();
  const bin = await workspace.makeBin({
    name: 'Shop',
    answers: { rules: [{ match: { path: '/a' }, sequence: { steps: '500 x2, 200' } }] },
  });
  const [rule] = bin.answers.rules;
  if (rule === undefined) throw new Error('The bin has no rule.');
  expect(await send(workspace, '/shop/a')).toEqual([500]);
  const other = { match: { path: '/b' }, response: { status: 204 } };
  await workspace.changeBin(bin.id, { answers: { rules: [other, { ...rule, name: 'renamed' }] } });
  expect(await send(workspace, '/shop/a', ['', ''])).toEqual([500, 200]);
  await workspace.changeBin(bin.id, { answers: { rules: [{ ...rule, sequence: { steps: '502, 200' } }] } });
  expect(await send(workspace, '/shop/a', ['', ''])).toEqual([502, 200]);
});

test('the same seed fails the same requests, whatever order they come in', async () => {
  const workspace = await startCaptureWorkspace();
  const failures = { rate: 0.5, seed: 'a', steps: '503 x3, 429' };
  const bin = await workspace.makeBin({ name: 'Shop', answers: { key: 'json.$.id', failures } });
  const bodies = Array.from({ length: 40 }, (_, id) => JSON.stringify({ id }));
  const first = await send(workspace, '/shop', bodies);
  await workspace.capture.bins.resetAnswers(bin.id, {});
  const backwards = await send(workspace, '/shop', bodies.toReversed());
  expect(backwards.toReversed()).toEqual(first);
  const failed = first.filter((status) => status !== 200);
  expect(failed.length).toBeGreaterThan(8);
  expect(failed.length).toBeLessThan(32);
  expect(new Set(failed)).toEqual(new Set([503, 429]));
  await workspace.changeBin(bin.id, { answers: { failures: { ...failures, seed: 'b' } } });
  expect(await send(workspace, '/shop', bodies)).not.toEqual(first);
});

test('a status in the path is answered by any bin, and nothing is counted for it', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop', answers: { sequence: { steps: '500, 200' } } });
  await workspace.makeBin({ name: 'Plain' });
  expect([await send(workspace, '/shop/~/503'), await send(workspace, '/plain/~/418/and/more')]).toEqual([[503], [418]]);
  // No status that an answer can have, so a path like any other.
  expect(await send(workspace, '/plain/~/099')).toEqual([200]);
  expect(await send(workspace, '/shop')).toEqual([500]);
  expect((await workspace.captures()).map(({ answeredBy }) => answeredBy?.kind)).toEqual(['own', undefined, 'path', 'path']);
});

test.each([
  [{ sequence: { steps: '500, 99' } }, 'answers.sequence.steps', 'At character 6: 99 is no status'],
  [{ rules: [{ sequence: { steps: 'boom' } }] }, 'answers.rules.0.sequence.steps', '"boom" is no step'],
  [{ rules: [{ response: { headers: { 'Content-Length': '3' } } }] }, 'answers.rules.0.response.headers.Content-Length', 'Hookyard writes'],
  [{ rules: [{ response: { body: '{{ request' } }] }, 'answers.rules.0.response.body', 'The body: The template is wrong at line 1'],
  [{ rules: [{ response: { headers: { 'X-A': '{% if a %}{% endif %}' } } }] }, 'answers.rules.0.response.headers.X-A', 'has a tag'],
  [{ refuse: { unverified: true } }, 'answers.refuse.unverified', 'A bin without a scheme cannot refuse'],
  [{ handshakes: ['crc'] }, 'answers.handshakes', 'goes with the scheme x'],
  [{ handshakes: ['tea'] }, 'answers.handshakes', 'There is no handshake tea'],
])('answers that cannot be given are refused at their field: %j', async (answers, path, message) => {
  const { handlers } = await startCaptureWorkspace();
  await expect(call(handlers.bins.create, { name: 'Shop', answers }, { context })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path, message: expect.stringContaining(message) }] },
  });
});
