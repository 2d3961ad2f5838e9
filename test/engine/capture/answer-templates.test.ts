import { expect, test } from 'vitest';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';

async function post({ port }: CaptureWorkspace, target: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST', body, headers });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

test('headers and body are rendered over the request', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({
    name: 'Shop',
    response: {
      headers: { 'Content-Type': 'application/json', 'X-Order': '{{ request.json.id }}-{{ request.query.source }}', 'X-Plain': 'as it is' },
      body: '{"id":{{ request.json.id | json }},"sum":{{ request.json.sum | json }},"kind":"{{ request.headers.x-kind }}","path":"{{ request.path }}","n":{{ count }},"at":{{ timestampMs }},"verdict":"{{ verdict }}","type":"{{ eventType }}"}',
    },
  });
  const answer = await post(workspace, '/shop/orders?source=web', '{"id":12345678901234567890,"sum":1.10,"type":"order.paid"}', {
    'X-Kind': 'test',
  });
  expect(answer.headers.get('x-order')).toBe('12345678901234567890-web');
  expect(answer.headers.get('x-plain')).toBe('as it is');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  // Numbers as they came, to the digit.
  expect(answer.body).toBe(
    `{"id":12345678901234567890,"sum":1.10,"kind":"test","path":"/orders","n":1,"at":${workspace.clock.now()},"verdict":"none","type":"order.paid"}`,
  );
  expect((await post(workspace, '/shop', '{"id":1,"sum":2}', { 'X-Kind': 'a' })).status).toBe(500);
});

test('a template that fails answers 500 without a word of why, which the capture has', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop', response: { status: 201, body: 'hello {{ request.json.customer.name }}' } });
  const answer = await post(workspace, '/shop', '{"customer":{}}');
  expect(answer).toMatchObject({ status: 500, body: 'This bin could not make its answer. Its owner sees why.\n' });
  const [capture] = await workspace.captures();
  expect(capture).toMatchObject({
    status: 500,
    answeredBy: {
      kind: 'problem',
      why: expect.stringContaining(
        'In the body: The template is wrong at line 1, column 10: undefined variable: request.json.customer.name. The request has none',
      ),
    },
  });
});

test('a header that would begin another line is not sent', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop', response: { headers: { 'X-Note': '{{ request.json.note }}' } } });
  const answer = await post(workspace, '/shop', '{"note":"a\\r\\nSet-Cookie: b=c"}');
  expect(answer.status).toBe(500);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect((await workspace.captures())[0]?.answeredBy?.why).toContain('The header X-Note is not one line of Latin-1 text');
});

test('large requests are rendered in a thread, and a loop that does not end is stopped while others are answered', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Large', response: { body: '{{ request.json.fill | size }} {{ request.json.last }}' } });
  await workspace.makeBin({
    name: 'Endless',
    response: { body: '{% for a in (1..100000) %}{% for b in (1..100000) %}{{ a }}{% endfor %}{% endfor %}' },
  });
  await workspace.makeBin({ name: 'Quick', response: { body: '{{ request.method }}' } });
  const endless = post(workspace, '/endless', '');
  expect(await post(workspace, '/quick', '')).toMatchObject({ status: 200, body: 'POST' });
  expect(await endless).toMatchObject({ status: 500 });
  for (const length of [50_000, 500_000])
    expect(await post(workspace, '/large', `{"fill":"${'x'.repeat(length)}","last":"end"}`)).toMatchObject({
      status: 200,
      body: `${length} end`,
    });
  expect((await workspace.captures()).find(({ target }) => target === '/endless')?.answeredBy?.why).toMatch(/too much text|too long/);
});

test('text that only looks like a template is sent as it is where the bin says so', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Shop', response: { body: '{{ not liquid', isTemplate: false } });
  expect(await post(workspace, '/shop', '')).toMatchObject({ status: 200, body: '{{ not liquid' });
});

test('forms, text and empty bodies have the names that they have', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({ name: 'Form', response: { body: '{{ request.form.From }}' } });
  await workspace.makeBin({ name: 'Text', response: { body: '[{{ request.body }}] {{ request.bytes }}' } });
  expect((await post(workspace, '/form', 'From=%2B1555&To=2')).body).toBe('+1555');
  expect((await post(workspace, '/text', '<a>')).body).toBe('[<a>] 3');
  expect((await post(workspace, '/text', '')).body).toBe('[] 0');
  // A name that every object has is none of the request.
  await workspace.makeBin({ name: 'Proto', response: { body: '{{ request.json.__proto__ }}{{ request.constructor }}' } });
  expect((await post(workspace, '/proto', '{}')).status).toBe(500);
});
