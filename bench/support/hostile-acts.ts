import { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers/promises';
import { openStore } from '#engine/store/open.ts';
import { parseOptions, schemes } from '#engine/signing/registry.ts';
import { hostileBodies } from '../../test/support/hostile-requests.ts';
import { largeOpenApi } from '../../test/support/large-openapi.ts';
import { holdOpen, sendRaw } from './crowds.ts';
import type { BenchHost } from './host.ts';

/** Something that a person, a script or a stranger does to a host and that must not block others. */
export interface HostileAct {
  readonly name: string;
  readonly group: 'nothing' | 'bulk' | 'templates' | 'messages' | 'deliveries' | 'captures' | 'cases' | 'crowds' | 'search' | 'imports';
  /** Made before the act, and not counted. */
  readonly prepare?: (host: BenchHost) => Promise<void>;
  /** Returns the answer. */
  readonly act: (host: BenchHost, round: number) => Promise<string>;
}

const mib = 1_048_576;
const bodyBytes = 15 * mib;
const run = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));

/** Calls the host's REST door; returns the status and the beginning of the answer. */
export async function callRest(
  host: BenchHost,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${host.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${host.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function rest(host: BenchHost, method: string, path: string, body?: unknown): Promise<string> {
  const { status, text } = await callRest(host, method, path, body);
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text.slice(0, 2000))?.[1] ?? '';
  return status < 300 ? String(status) : `${status}: ${message}`;
}

/**
 * Puts deliveries that wait for a month into a data folder that no host has open: as many for each endpoint, which have to be
 * there.
 */
export async function seedWaiting(dataDir: string, endpointIds: readonly string[], each: number): Promise<void> {
  const { database } = openStore(dataDir);
  try {
    await database.write((writer) => {
      const [nowMs, hash] = [Date.now(), writer.putBody(Buffer.from('{"a":1}'))];
      for (const id of endpointIds) {
        writer.runRaw(`INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES (?, 'a.b', '{"a":1}', ?)`, [
          `msg_${id}`,
          nowMs,
        ]);
        writer.runRaw(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
           INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, body_hash, attempt_count, schedule_step, max_attempts, due_at_ms,
             next_trigger, created_at_ms, updated_at_ms)
           SELECT 'dlv_' || ? || i, ?, ?, 'a.b', 'failed', ?, 1, 1, 9, ?, 'schedule', ?, ? FROM n`,
          [each, id, `msg_${id}`, id, hash, nowMs + 30 * 86_400_000, nowMs - 1000, nowMs - 1000],
        );
      }
    });
  } finally {
    await database.close();
  }
}

function bulkActs(endpointIds: readonly string[], each: number): readonly HostileAct[] {
  const all = (each * endpointIds.length).toLocaleString('en');
  return [
    {
      name: `another time scale, with ${all} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'PATCH', '/settings', { timeScale: round % 2 === 0 ? 2 : 1 }),
    },
    { name: `statistics of ${all}`, group: 'bulk', act: (host) => rest(host, 'GET', '/deliveries/stats?buckets=60') },
    { name: `a text that is nowhere, in ${all}`, group: 'search', act: (host) => rest(host, 'GET', '/deliveries?q=nowhere-to-be-found') },
    {
      name: `cancelling ${each.toLocaleString('en')} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'POST', '/deliveries/cancel', { endpointId: endpointIds[round] }),
    },
    {
      name: `deleting an endpoint with ${each.toLocaleString('en')} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'DELETE', `/endpoints/${endpointIds[round] ?? ''}`),
    },
  ];
}

const previewOf = (name: string, template: () => string, data: () => unknown = () => ({})): HostileAct => ({
  name,
  group: 'templates',
  act: (host) =>
    rest(host, 'POST', '/preview', {
      draft: { url: 'http://127.0.0.1:9/', template: template(), contentType: 'text/plain' },
      event: { type: 'a.b', data: data() },
    }),
});

const templateActs: readonly HostileAct[] = [
  previewOf(
    'an ordinary one, to compare with',
    () => '{"a": {{ data.a | json }}}',
    () => ({ a: 1 }),
  ),
  previewOf('980 kB of {{ 1 }}', () => run('{{ 1 }}', 980_000)),
  previewOf('9,900 tags', () => run('{{1}}', 49_500)),
  previewOf('300 tags', () => run('{{ 1 | append: "x" }}', 6000)),
  previewOf('980 kB of lines in a liquid tag', () => `{% liquid\n${run('echo 1\n', 980_000)}%}`),
  previewOf('a case of 980 kB', () => `{% case 1 %}{% when ${run('2,', 980_000)}1 %}{% endcase %}`),
  previewOf('a filter of 980 kB', () => `{{ 1${run(' | abs', 980_000)} }}`),
  previewOf('loops in loops', () => '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a }}{% endfor %}{% endfor %}'),
  previewOf('tablerow', () => '{% tablerow a in (1..9999999) cols:2 %}{{ a }}{% endtablerow %}'),
  previewOf(
    'a capture that doubles',
    () => `{% assign a = "xxxxxxxx" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(24)}{{ a | upcase | size }}`,
  ),
  previewOf(
    'one filter over 15 MB',
    () => '{{ data.a | strip_html | size }}',
    () => ({ a: run('<b>', 15_000_000) }),
  ),
  previewOf(
    'a sort of 300,000 texts',
    () => '{{ data.a | sort_natural | size }}',
    () => ({ a: Array.from({ length: 300_000 }, (_, index) => `${(index * 7919) % 300_007}`) }),
  ),
  previewOf(
    'a result of 15 MB',
    () => '{{ data.a }}',
    () => ({ a: run('x', 15_000_000) }),
  ),
  previewOf(
    'data of 500,000 names',
    () => '{{ data.k1 }}',
    () => manyNames(),
  ),
  previewOf(
    'the patterns of strip_html, in little',
    () => '{{ data.a | strip_html }}',
    () => ({ a: run('<script', 30_000) }),
  ),
];

const manyNames = () => Object.fromEntries(Array.from({ length: 500_000 }, (_, index) => [`k${index}`, 1]));
const largeText = () => ({ a: run('x', 15_000_000) });
const largeBase64 = () => Buffer.alloc(15 * mib, 'x').toString('base64');

/** A message that nobody listens to: sent, sent again under its id, and read. */
function messageActs(name: string, id: string, content: () => object): readonly HostileAct[] {
  const send = (host: BenchHost, given: object) => rest(host, 'POST', '/messages', { type: 'none.listens', ...content(), ...given });
  return [
    { name, group: 'messages', act: (host) => send(host, {}) },
    {
      name: `${name}, sent again under its id`,
      group: 'messages',
      prepare: async (host) => void (await send(host, { id })),
      act: (host) => send(host, { id }),
    },
    { name: `${name}, read`, group: 'messages', act: (host) => rest(host, 'GET', `/messages/${id}`) },
  ];
}

/** Large bodies that are signed, sent to a bin and recorded, by schemes that hash them and that parse them. */
const deliveryActs: readonly HostileAct[] = (
  [
    ['standard-webhooks', () => run('{"a":"b"},', 15 * mib)],
    ['adyen-payments', () => `{"notificationItems":[{"NotificationRequestItem":{"pspReference":"1"}}],"a":[${run('1,', 14 * mib)}1]}`],
    ['twilio-json', () => run('{"a":"b"},', 15 * mib)],
  ] as const
).map(([scheme, make]) => ({
  name: `15 MiB signed by ${scheme}, sent and recorded`,
  group: 'deliveries',
  prepare: (host) => makeBin(host, null),
  act: async (host) => {
    const known = schemes.find(({ id }) => id === scheme);
    const signing = parseOptions(scheme);
    const target = {
      name: 'Large',
      url: `${await captureUrlOf(host)}/${slugFor(null)}`,
      signing,
      secret: known?.makeSecret(new Uint8Array(32).fill(7), signing),
    };
    const bodyBase64 = Buffer.from(make()).toString('base64');
    const { text } = await callRest(host, 'POST', '/messages', { type: 'a.b', bodyBase64, target });
    const { id } = JSON.parse(text) as { readonly id?: string };
    if (id === undefined) return text.slice(0, 200);
    for (;;) {
      const page = await callRest(host, 'GET', `/deliveries?messageId=${id}`);
      const { items } = JSON.parse(page.text) as { readonly items: readonly { readonly id: string; readonly status: string }[] };
      const [first] = items;
      if (first === undefined) return page.text.slice(0, 200);
      if (first.status !== 'pending') return `${first.status}, read with ${await rest(host, 'GET', `/deliveries/${first.id}`)}`;
      await setTimeout(50);
    }
  },
}));

const caseActs: readonly HostileAct[] = (['html', 'json'] as const).map((format) => ({
  name: `a case file as ${format}, of 15 MiB`,
  group: 'cases',
  act: (host) =>
    rest(host, 'POST', '/verify/case', {
      scheme: 'github-sha256',
      secrets: ['a secret of some length'],
      request: { headers: [['x-hub-signature-256', `sha256=${'0'.repeat(64)}`]], bodyBase64: largeBase64() },
      format,
    }),
}));

/** Bins by their slug, made when they are first needed. */
async function captureUrlOf(host: BenchHost): Promise<string> {
  return (JSON.parse((await callRest(host, 'GET', '/health')).text) as { readonly captureUrl: string }).captureUrl;
}

async function makeBin(host: BenchHost, scheme: string | null): Promise<void> {
  const signing = scheme === null ? null : parseOptions(scheme, scheme === 'paypal' ? { webhookId: '1JE4291016473214C' } : undefined);
  const known = schemes.find(({ id }) => id === scheme);
  const secrets =
    known === undefined || signing === null || scheme === 'paypal' ? [] : [known.makeSecret(new Uint8Array(32).fill(7), signing)];
  await callRest(host, 'POST', '/bins', { name: slugFor(scheme), slug: slugFor(scheme), signing, secrets });
}

const slugFor = (scheme: string | null) => `bench-${scheme ?? 'plain'}`;

function captureAct(scheme: string | null, name: string, make: () => string | Uint8Array<ArrayBuffer>, copies = 1): HostileAct {
  return {
    name,
    group: 'captures',
    prepare: (host) => makeBin(host, scheme),
    act: async (host) => {
      const url = `${await captureUrlOf(host)}/${slugFor(scheme)}`;
      const body = make();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
      const answers = await Promise.all(Array.from({ length: copies }, () => fetch(url, { method: 'POST', body, headers })));
      return [...new Set(answers.map(({ status }) => status))].join(' and ');
    },
  };
}

/** A bin that holds much: emptied, deleted and brought back. */
const binActs: readonly HostileAct[] = [
  {
    name: 'emptying a bin of 20,000 captures or more, and bringing them back',
    group: 'bulk',
    act: async (host) => {
      const { id } = await benchBin(host);
      const cleared = await callRest(host, 'DELETE', `/captures?binId=${id}`);
      const { removedAtMs } = JSON.parse(cleared.text) as { readonly removedAtMs: number };
      return rest(host, 'POST', '/captures/restore', { binId: id, removedAtMs });
    },
  },
  {
    name: 'deleting a bin of 20,000 captures or more, and bringing it back',
    group: 'bulk',
    act: async (host) => {
      const { id } = await benchBin(host);
      await callRest(host, 'DELETE', `/bins/${id}`);
      return rest(host, 'POST', `/bins/${id}/restore`);
    },
  },
  { name: 'a clean-up', group: 'bulk', act: (host) => rest(host, 'POST', '/retention/clean-up', { confirm: true }) },
];

async function benchBin(host: BenchHost): Promise<{ readonly id: string }> {
  const { items } = JSON.parse((await callRest(host, 'GET', '/bins?limit=200')).text) as {
    readonly items: readonly { readonly id: string; readonly slug: string }[];
  };
  const bin = items.find(({ slug }) => slug === slugFor(null));
  if (bin === undefined) throw new Error('The bin of the benchmark is missing.');
  return bin;
}

/** What strangers can do to the two ports with many requests, chunks, heads or connections. */
function crowdActs(): readonly HostileAct[] {
  const slug = slugFor(null);
  const get = (path: string, host = 'x') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const atCaptures = (name: string, act: (port: number) => Promise<string>): HostileAct => ({
    name,
    group: 'crowds',
    prepare: (host) => makeBin(host, null),
    act: async (host) => act(Number(new URL(await captureUrlOf(host)).port)),
  });
  const manyNamed = `GET /${slug} HTTP/1.1\r\n${'a:\r\n'.repeat(62_000)}\r\n`;
  const openHead = `GET /${slug} HTTP/1.1\r\n${`a: ${'x'.repeat(1000)}\r\n`.repeat(250)}`;
  const openBody = Buffer.concat([
    Buffer.from(`POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bodyBytes}\r\n\r\n`),
    Buffer.alloc(bodyBytes - 1, 'x'),
  ]);
  return [
    atCaptures('10,000 requests to a bin, sent ahead', (port) =>
      sendRaw(port, [{ bytes: get(`/${slug}`).repeat(10_000), answers: 10_000 }]),
    ),
    atCaptures('10,000 requests to no bin, sent ahead', (port) => sendRaw(port, [{ bytes: get('/none').repeat(10_000), answers: 10_000 }])),
    atCaptures('1,000 requests sent ahead on each of 50 connections', (port) =>
      sendRaw(
        port,
        Array.from({ length: 50 }, () => ({ bytes: get(`/${slug}`).repeat(1000), answers: 1000 })),
      ),
    ),
    atCaptures('a body of 1,000,000 chunks of one byte', (port) =>
      sendRaw(port, [
        { bytes: `POST /${slug} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(1_000_000)}0\r\n\r\n`, answers: 1 },
      ]),
    ),
    atCaptures('20 heads of 62,000 headers', (port) =>
      sendRaw(
        port,
        Array.from({ length: 20 }, () => ({ bytes: manyNamed, answers: 1 })),
      ),
    ),
    atCaptures('3,000 heads of 250 kB that do not end', (port) => holdOpen(port, 3000, openHead)),
    atCaptures('3,000 connections on which nothing comes', (port) => holdOpen(port, 3000, '')),
    atCaptures('100 bodies of 15 MiB that do not end', (port) => holdOpen(port, 100, openBody)),
    {
      name: '10,000 calls without the token, sent ahead',
      group: 'crowds',
      act: (host) =>
        sendRaw(Number(new URL(host.url).port), [{ bytes: get('/api/settings', new URL(host.url).host).repeat(10_000), answers: 10_000 }]),
    },
  ];
}

const readers = ['adyen-payments', 'linear', 'mailgun', 'twilio-form', 'box', 'zoom'];

function captureActs(): readonly HostileAct[] {
  const deep = hostileBodies[0];
  return [
    captureAct(null, '15 MiB in a bin that verifies nothing', () => Buffer.alloc(bodyBytes, 'x')),
    captureAct(null, '100 of 4 MiB at once', () => Buffer.alloc(4 * mib, 'x'), 100),
    ...schemes.map(({ id }) => captureAct(id, `15 MiB of lists in lists, ${id}`, () => deep?.make(bodyBytes) ?? '')),
    ...readers.flatMap((scheme) =>
      hostileBodies.slice(1).map(({ name, make }) => captureAct(scheme, `15 MiB, ${name}, ${scheme}`, () => make(bodyBytes))),
    ),
    {
      name: 'a text that is nowhere, in captures of up to 15 MiB',
      group: 'search',
      act: (host) => rest(host, 'GET', '/captures?q=nowhere-to-be-found'),
    },
  ];
}

/** Eight lists, each of nine times the one before. */
const aliasBomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${run(`*${'abcdefgh'[at]}, `, 36)}]`),
].join('\n');

const importOf = (name: string, text: () => string): HostileAct => ({
  name,
  group: 'imports',
  act: (host) => rest(host, 'POST', '/event-types/import', { text: text() }),
});

const importActs: readonly HostileAct[] = [
  importOf('OpenAPI of 5 MB with 261 webhooks', largeOpenApi),
  { name: 'the list of 200 of them', group: 'imports', act: (host) => rest(host, 'GET', '/event-types?limit=200') },
  importOf('YAML with an alias bomb', () => aliasBomb),
  importOf('YAML with 100,000 open brackets', () => `a: ${'['.repeat(100_000)}`),
];

/** What is done to the host, in this order. */
export function hostileActs(endpointIds: readonly string[], each: number): readonly HostileAct[] {
  return [
    {
      name: 'nothing, to compare with',
      group: 'nothing',
      act: async () => {
        await setTimeout(1000);
        return '';
      },
    },
    ...bulkActs(endpointIds, each),
    ...templateActs,
    ...messageActs('500,000 names', 'msg_bench_names', () => ({ data: manyNames() })),
    ...messageActs('one text of 15 MB', 'msg_bench_text', () => ({ data: largeText() })),
    ...messageActs('15 MiB in base64', 'msg_bench_base64', () => ({ bodyBase64: largeBase64() })),
    ...deliveryActs,
    ...caseActs,
    ...captureActs(),
    ...crowdActs(),
    ...binActs,
    ...importActs,
  ];
}
