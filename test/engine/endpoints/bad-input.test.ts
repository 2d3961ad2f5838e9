import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openClockedEngine, startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';

type CreateInput = Parameters<EngineClient['endpoints']['create']>[0];

const urls: readonly (readonly [string, RegExp])[] = [
  ['', /whole URL with its scheme/],
  ['example.com/hook', /whole URL with its scheme/],
  ['//example.com', /whole URL with its scheme/],
  ['http:/example.com', /whole URL with its scheme/],
  ['http:\\\\example.com', /whole URL with its scheme/],
  ['http://', /whole URL with its scheme/],
  ['http:///path', /whole URL with its scheme/],
  ['ftp://example.com', /Use http:\/\/ or https:\/\//],
  ['javascript://alert(1)', /Use http:\/\/ or https:\/\//],
  ['not a URL', /Write the whole URL with its scheme and without spaces or line breaks/],
  ['http://exa mple.com', /Remove the space or line break/],
  ['http://example.com/a\nb', /Remove the space or line break/],
  ['http://user:pass@example.com', /secret header/],
  ['http://user@example.com', /secret header/],
  ['http://example.com:0/', /Port 0 does not exist/],
  ['http://example.com:70000/', /Port 70000 does not exist/],
  ['http://example.com:8x/', /not a host and port/],
  ['http://example.com:/', /not a host and port/],
  ['http://[::1', /not a host and port/],
  ['http://[::zz]/', /not a host and port/],
  ['http://%zz/', /not a host and port/],
  ['http://256.1.1.1/', /cannot be sent to/],
  ['http://1.2.3.4.5/', /cannot be sent to/],
  ['http://a\u0000b/', /cannot be sent to/],
  [`http://example.com/${'x'.repeat(5000)}`, /at most 4096 characters/],
];

const fields: readonly (readonly [string, Record<string, unknown>, string, RegExp])[] = [
  ['no name', { name: '  ' }, 'name', /Give the endpoint a name/],
  ['a name that is no text', { name: 5 }, 'name', /Make this text/],
  [
    'a header whose name has a line break',
    { headers: { 'X-A\r\nEvil': '1' } },
    'headers.(a name of 9 characters)',
    /remove spaces, colons and line breaks/,
  ],
  ['a header whose value has a line break', { headers: { 'X-A': 'a\r\nEvil: 1' } }, 'headers.X-A', /one line of Latin-1/],
  ['a header whose value is not Latin-1', { headers: { 'X-A': '☃' } }, 'headers.X-A', /one line of Latin-1/],
  ['a secret header whose value has a line break', { secretHeaders: { 'X-A': 'a\nb' } }, 'secretHeaders.X-A', /one line of Latin-1/],
  ...['Host', 'content-length', 'Transfer-Encoding', 'connection', 'Expect'].map(
    (name) =>
      [`the reserved header ${name}`, { headers: { [name]: '1' } }, `headers.${name}`, /Hookyard writes this header itself/] as const,
  ),
  ['headers in a list', { headers: [['X-A', '1']] }, 'headers', /an object/],
  ['no event', { events: [] }, 'events', /at least one event/],
  ['an event with a space', { events: ['invoice paid'] }, 'events.0', /invoice\.paid/],
  ['a pattern with a star in the middle', { events: ['a.b', 'a.*.b'] }, 'events.1', /invoice\.\*/],
  ['a success rule beyond statuses', { successRule: '9xx' }, 'successRule', /Use 2xx, 200/],
  ['a success rule of words', { successRule: 'ok' }, 'successRule', /Use 2xx, 200/],
  [
    'a retry policy that does not exist',
    { retryPolicy: 'often' },
    'retryPolicy',
    /Use none, quick, .*standard-webhooks, github, .* or outpost/,
  ],
  [
    'a retry policy of an unknown kind',
    { retryPolicy: { kind: 'often' } },
    'retryPolicy.kind',
    /Use none, schedule, linear, exponential or named/,
  ],
  ['a linear policy without a step', { retryPolicy: { kind: 'linear', baseMs: 5, maxAttempts: 2 } }, 'retryPolicy.stepMs', /no default/],
  [
    'a delay beyond a month',
    { retryPolicy: { kind: 'schedule', delaysMs: [3e9] } },
    'retryPolicy.delaysMs.0',
    /at most 30 days \(2592000000 ms\)/,
  ],
  [
    'a delay with a fraction',
    { retryPolicy: { kind: 'schedule', delaysMs: [1.5] } },
    'retryPolicy.delaysMs.0',
    /whole number of milliseconds/,
  ],
  [
    'jitter beyond the whole delay',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], jitter: { kind: 'addOnly', ratio: 20 } } },
    'retryPolicy.jitter.ratio',
    /at most 1, which is 100 %/,
  ],
  [
    'a last delay that repeats without being reached',
    { retryPolicy: { kind: 'schedule', delaysMs: [1, 2], afterLast: { kind: 'repeat', maxAttempts: 2 } } },
    'retryPolicy.afterLast.maxAttempts',
    /one attempt more than there are delays/,
  ],
  [
    'a total time of nothing',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], totalTimeMs: 0 } },
    'retryPolicy.totalTimeMs',
    /at least 1 ms/,
  ],
  [
    'bounds of Retry-After the wrong way round',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], retryAfter: { kind: 'honour', minMs: 10, maxMs: 5 } } },
    'retryPolicy.retryAfter.minMs',
    /shortest wait no longer than the longest/,
  ],
  [
    'statuses that are none',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], retryAfter: { kind: 'honour', statuses: '900' } } },
    'retryPolicy.retryAfter.statuses',
    /429,500-599 or 5xx/,
  ],
  [
    'outcomes of its own that name none',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], retryOn: { kind: 'custom', codes: [] } } },
    'retryPolicy.retryOn.codes',
    /at least one outcome code or status/,
  ],
  [
    'an outcome that is never retried',
    { retryPolicy: { kind: 'schedule', delaysMs: [1], retryOn: { kind: 'custom', codes: ['ok'] } } },
    'retryPolicy.retryOn.codes.0',
    /Use dns, refused/,
  ],
  [
    'a named policy that does not exist',
    { retryPolicy: { kind: 'named', policyId: 'pol_none' } },
    'retryPolicy.policyId',
    /There is no named retry policy pol_none/,
  ],
  ['a schedule without delays', { retryPolicy: { kind: 'schedule', delaysMs: [] } }, 'retryPolicy.delaysMs', /at least 1/],
  ['a schedule with a negative delay', { retryPolicy: { kind: 'schedule', delaysMs: [1, -1] } }, 'retryPolicy.delaysMs.1', /at least 0/],
  [
    'an exponential policy without attempts',
    { retryPolicy: { kind: 'exponential', baseMs: 5, maxAttempts: 0 } },
    'retryPolicy.maxAttempts',
    /at least 1/,
  ],
  ['a policy with a misspelt field', { retryPolicy: { kind: 'none', delays: [] } }, 'retryPolicy.delays', /no field delays/],
  ['a scheme that does not exist', { signing: { scheme: 'none' } }, 'signing.scheme', /^Use standard-webhooks\b.* or custom\.$/],
  ['a redirect rule of words', { redirects: 'follow' }, 'redirects', /Use refuse, or how many to follow, from 1 to 10/],
  ['more redirects than there may be', { redirects: { follow: 11 } }, 'redirects.follow', /at most 10/],
  ['an unknown field', { colour: 'red' }, 'colour', /no field colour/],
  ['a timeout in text', { timeoutMs: '5000' }, 'timeoutMs', /a number/],
  ['a timeout below the least', { timeoutMs: 1 }, 'timeoutMs', /at least 50/],
  ['a switch in text', { isActive: 'yes' }, 'isActive', /true or false/],
  ['a method we do not send', { method: 'HEAD' }, 'method', /Use POST, PUT, PATCH, DELETE or GET/],
  ['a content type that is none', { contentType: 'json' }, 'contentType', /application\/json/],
  ['a content type with a line break', { contentType: 'application/json\r\nX: y' }, 'contentType', /application\/json/],
  ['plain http where https only is set', { httpsOnly: true }, 'url', /Use an https:\/\/ URL/],
  ['a secret without a scheme', { signing: null, secret: 'abc' }, 'secret', /does not sign/],
  ['a secret that its scheme cannot use', { secret: 'whsec_***' }, 'secret', /base64/],
];

describe('an endpoint with bad input is refused at the field, in a sentence that says what to change', () => {
  // One engine for all of these, which shows besides that nothing of them is kept.
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-'));
  let client: EngineClient;
  beforeAll(async () => {
    const engine = await openClockedEngine({ dataDir });
    client = engine.client;
    return async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    };
  });

  it.each(urls)('the URL %j', async (url, sentence) => {
    const call = client.endpoints.create({ name: 'Own', url });
    await expect(call).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      status: 422,
      data: { issues: [{ path: 'url', message: expect.stringMatching(sentence) }] },
    });
    expect((await client.endpoints.list({})).items).toEqual([]);
  });

  it.each(fields)('%s', async (_, given, path, sentence) => {
    // The type would refuse most of these; scripts send them all the same.
    const input = { name: 'Own', url: 'http://127.0.0.1:9/', ...given } as CreateInput;
    const matching = {
      code: 'INPUT_INVALID',
      data: { issues: expect.arrayContaining([{ path, message: expect.stringMatching(sentence) }]) },
    };
    await expect(client.endpoints.create(input)).rejects.toMatchObject(matching);
    expect((await client.endpoints.list({})).items).toEqual([]);
  });

  it.each(fields.filter(([what]) => !/no name|secret/.test(what)))(
    '%s, in a change too, and nothing of the change is kept',
    async (_, given, path, sentence) => {
      const { id } = await client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/' });
      const before = await client.endpoints.get({ id });
      const patch = { id, description: 'changed', ...given } as Parameters<EngineClient['endpoints']['update']>[0];
      await expect(client.endpoints.update(patch)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        data: { issues: expect.arrayContaining([{ path, message: expect.stringMatching(sentence) }]) },
      });
      expect(await client.endpoints.get({ id })).toEqual(before);
      await client.endpoints.remove({ id });
    },
  );
});

describe('an endpoint with a template or a test that cannot be', () => {
  it('a template that does not compile, with line and column', async () => {
    const { client } = await startClockedEngine();
    const call = client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', template: '{\n  "a": {{ data.b \n}' });
    await expect(call).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { source: 'template', line: 2, column: 8, issues: [{ path: 'template' }] },
    });
  });

  it('a template that renders invalid JSON with the sample, with line and column in what it renders', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({ name: 'a.b', sample: { name: 'Zoë' } });
    const call = client.endpoints.create({
      name: 'Own',
      url: 'http://127.0.0.1:9/',
      events: ['a.b'],
      template: '{\n  "name": {{ data.name }}\n}',
    });
    await expect(call).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { source: 'json', line: 2, column: 11, rendered: '{\n  "name": Zoë\n}' },
    });
  });

  it('a template that misses a field of a named sample, but only warned of where a pattern brings the event in or there is no sample', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({ name: 'a.b', sample: { name: 'Zoë' } });
    await client.eventTypes.create({ name: 'blank.one' });
    const own = { name: 'Own', url: 'http://127.0.0.1:9/', template: '{"x": {{ data.nmae | json }}}' };
    await expect(client.endpoints.create({ ...own, events: ['a.b'] })).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { source: 'template', line: 1, column: 10 },
    });
    for (const events of [['a.*'], ['blank.one']])
      expect((await client.endpoints.create({ ...own, events })).warnings).toMatchObject([{ code: 'TEMPLATE_INVALID' }]);
  });

  it('a test with an event name that is none', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/' });
    await expect(client.endpoints.test({ id, eventType: 'not a name\n' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'eventType' }] },
    });
  });
});
