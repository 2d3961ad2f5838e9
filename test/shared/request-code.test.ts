import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RequestCodeKind } from '#shared/contract/preview.ts';
import type { CurlRequest } from '#shared/curl-command.ts';
import { readHttpie } from '#shared/import/httpie.ts';
import { toPasteSource } from '#shared/import/paste-source.ts';
import { maskedValue } from '#shared/masked-value.ts';
import { requestCode } from '#shared/request-code/index.ts';
import { startReceiver, type ReceivedRequest } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

/** How code is run, and what has to be on the machine for it. The command line is the file's name put after these words. */
const runners: Readonly<
  Record<Exclude<RequestCodeKind, 'curl'>, { readonly file: string; readonly words: readonly string[]; readonly needs: string }>
> = {
  httpie: { file: 'command.sh', words: ['bash'], needs: 'http' },
  fetch: { file: 'script.mjs', words: [process.execPath], needs: process.execPath },
  python: { file: 'script.py', words: ['python3'], needs: 'python3' },
  go: { file: 'main.go', words: ['go', 'run'], needs: 'go' },
};
type Kind = keyof typeof runners;
const kinds = Object.keys(runners) as Kind[];
const present = new Map(kinds.map((kind) => [kind, isPresent(runners[kind].needs)]));

function isPresent(program: string): boolean {
  const asked = program === 'go' ? ['version'] : ['--version'];
  return spawnSync(program, asked, { stdio: 'ignore' }).status === 0;
}

async function run(kind: Kind, code: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = createTempFolder();
  const { file, words } = runners[kind];
  const path = join(folder, file);
  writeFileSync(path, code);
  const [program = '', ...rest] = [...words, path];
  await promisify(execFile)(program, rest, { env: { ...process.env, HOME: folder, ...env } });
}

type Unplaced = Omit<CurlRequest, 'url'>;

/** What arrives when the code of a request is run. */
async function arriving(kind: Kind, request: Unplaced, env: Readonly<Record<string, string>> = {}): Promise<ReceivedRequest> {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const { text } = requestCode(kind, { ...request, url: `${receiver.url}/a/b?q=$HOME&z=%20` });
  await run(kind, text, env);
  return await receiver.nextRequest();
}

const headersOf = (body: Uint8Array): [string, string][] => [
  ['host', 'shop.example'],
  ['Content-Type', 'application/json; charset=utf-8'],
  ['X-Note', 'it\'s "quoted" \\ $HOME `ls` =x'],
  ['Stripe-Signature', 't=1,v1=abc'],
  ['x-equals', '=@x'],
  ['User-Agent', 'Shop/1.0 (+https://shop.example)'],
  ['content-length', String(body.byteLength)],
];

const bodies: Readonly<Record<string, Uint8Array>> = {
  'quotes, line breaks and characters of many languages': Buffer.from(
    '{"note": "it\'s \\"x\\" $HOME `ls` ${a} %s \\\\",\r\n\t"city": "Zürich 東京 🙂", "unseen": "\u2028\u202e\ufeff\u{e0001}"}\n\n',
  ),
  'bytes that are no text': Buffer.from([0, 255, 254, 13, 10, 0, 128]),
  'controls that a terminal would act on': Buffer.from('a\rb\u001b[2J\u007f\u0085'),
  'more than an argument may have': Buffer.from(`{"text": "${"0123456789 it's $HOME é ".repeat(8000)}"}`),
  nothing: new Uint8Array(),
};

describe.each(kinds)('a request as %s', (kind) => {
  it.skipIf(present.get(kind) !== true).each(Object.entries(bodies))('has the same bytes: %s', async (_name, body) => {
    const received = await arriving(kind, { method: 'POST', headers: headersOf(body), body });
    expect({ method: received.method, target: received.target }).toEqual({ method: 'POST', target: '/a/b?q=$HOME&z=%20' });
    expect(received.body.equals(body)).toBe(true);
    for (const [name, value] of headersOf(body).filter((field) => kind !== 'fetch' || field[0] !== 'host'))
      expect([name, received.header(name)]).toEqual([name, value]);
  });

  it.skipIf(present.get(kind) !== true)(
    'asks for a value that is masked, in a header and in the URL, and sends nothing without it',
    async () => {
      const receiver = await startReceiver();
      onTestFinished(() => receiver.close());
      const headers: [string, string][] = [['X-Api-Key', maskedValue('c355dce9')]];
      const url = `${receiver.url}/?api-key=${maskedValue('0a1b2c3d')}&y=2`;
      const { text } = requestCode(kind, { method: 'POST', url, headers, body: new Uint8Array() });
      await expect(run(kind, text, { SECRET_X_API_KEY: 'of the header' })).rejects.toMatchObject({
        stderr: expect.stringMatching(/SECRET_API_KEY.*value with fingerprint 0a1b2c3d/s),
      });
      expect(receiver.requests).toEqual([]);
      await run(kind, text, { SECRET_X_API_KEY: 'of the header', SECRET_API_KEY: 'of-the-url' });
      const received = await receiver.nextRequest();
      expect([received.header('x-api-key'), received.target]).toEqual(['of the header', '/?api-key=of-the-url&y=2']);
    },
  );

  it('never has a masked value that looks real', () => {
    const masked = maskedValue('c355dce9');
    const url = `https://a.example/?key=${masked}`;
    const { text } = requestCode(kind, { method: 'POST', url, headers: [['Authorization', masked]], body: new Uint8Array() });
    expect(text).not.toContain('[secret');
    expect(text).toContain('SECRET_AUTHORIZATION');
    // Part of a value comes from a variable of an environment.
    const headers: [string, string][] = [['Authorization', 'Bearer [secret vars.token]']];
    const { text: other } = requestCode(kind, {
      method: 'POST',
      url: 'https://a.example/[secret vars.path]/x',
      headers,
      body: new Uint8Array(),
    });
    expect(other).not.toContain('[secret');
    expect(other).toMatch(/Bearer .*SECRET_VARS_TOKEN/);
    expect(other).toContain('SECRET_VARS_PATH');
  });

  it('keeps what a captured header has as text, however it reads', () => {
    const mask = maskedValue('c355dce9');
    const headers: [string, string][] = [['X-Odd', `a [secret vars.x] ${mask}`]];
    const request = { method: 'POST', url: 'https://a.example/', headers, body: new Uint8Array() };
    const received = requestCode(kind, { ...request, masked: 'nothing' }).text;
    expect(received).toContain('[secret vars.x]');
    expect(received).not.toContain('SECRET_');
    // Of a request that is sent on with such headers, only an authentication of ours can be masked.
    const given = requestCode(kind, { ...request, masked: 'fingerprints' }).text;
    expect(given).toContain('[secret vars.x]');
    expect(given).toContain('SECRET_X_ODD');
  });
});

it('fetch says which headers it sends as one, in the code too', () => {
  const headers: [string, string][] = [
    ['X-Tag', 'a'],
    ['x-tag', 'b'],
    ['X-One', 'c'],
  ];
  const { text, notes } = requestCode('fetch', { method: 'POST', url: 'https://a.example/', headers, body: new Uint8Array() });
  expect(text).toMatch(/^\/\/ fetch sends headers of the same name as one, .*: x-tag\.$/m);
  expect(notes.join(' ')).toContain('x-tag');
  expect(
    requestCode('fetch', { method: 'POST', url: 'https://a.example/', headers: [['X-One', 'c']], body: new Uint8Array() }).text,
  ).not.toContain('//  fetch');
});

it.skipIf(present.get('python') !== true)('Python sends the headers in order, case and number, and none of its own', async () => {
  const headers: [string, string][] = [
    ['X-Twice', '1'],
    ['x-twice', '2'],
    ['X-City', 'Z\u00fcrich'],
    ['X-Empty', ''],
    ['content-length', '2'],
  ];
  const received = await arriving('python', { method: 'PUT', headers, body: Buffer.from('{}') });
  expect(received.rawHeaders.filter(([name]) => name !== 'Host')).toEqual(headers);
});

it.each<readonly [Kind, CurlRequest, string]>([
  ['fetch', { method: 'GET', url: 'http://a.example/', headers: [], body: Buffer.from('x') }, 'fetch sends no body with GET'],
  [
    'fetch',
    { method: 'POST', url: 'http://a.example/', headers: [['Host', 'b.example']], body: Buffer.from('x') },
    'so b.example is left out',
  ],
  [
    'httpie',
    { method: 'POST', url: 'http://a.example/', headers: [['X-City', 'Z\u00fc']], body: Buffer.from('x') },
    'HTTPie cannot write the value of X-City',
  ],
  ['go', { method: 'POST', url: 'http://a.example/', headers: [], body: Buffer.from('x') }, 'Go sends the headers in alphabetical order.'],
])('%s says what it sends otherwise', (kind, request, note) => {
  expect(requestCode(kind, request).notes.join(' ')).toContain(note);
});

it('gives HTTPie no option of a stranger: its own come first, and a header or body that begins with a dash stays what it is', () => {
  const headers: [string, string][] = [
    ['-opwned.sh', 'x'],
    ['X-A', '1'],
  ];
  const { text } = requestCode('httpie', { method: 'POST', url: 'http://a.example/', headers, body: Buffer.from('-opwned.sh') });
  expect(text).toMatch(/^http --path-as-is --ignore-stdin --raw='?-opwned\.sh'? POST '?http:\/\/a\.example\/'? -- \\\n {2}'?-opwned\.sh:x/);
  expect(readHttpie(toPasteSource({ text }))).toMatchObject({ method: 'POST', url: 'http://a.example/', headers });
});
