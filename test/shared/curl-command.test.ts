import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capturedUrl, curlCommand, sentUrl, type CurlRequest } from '#shared/curl-command.ts';
import { maskedValue } from '#shared/masked-value.ts';
import { startReceiver, type ReceivedRequest } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

/** Has bash run the command, with curl's own file of options out of the way. */
async function runInBash(command: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = createTempFolder();
  const path = join(folder, 'command.sh');
  writeFileSync(path, command);
  await promisify(execFile)('bash', [path], { env: { PATH: process.env['PATH'], HOME: folder, CURL_HOME: folder, ...env } });
}

type Unplaced = Omit<CurlRequest, 'url'> & { readonly target: string };

/** What arrives when the command of a request is run. */
async function arriving({ target, ...request }: Unplaced, env: Readonly<Record<string, string>> = {}): Promise<ReceivedRequest> {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const headers = request.headers.map(([name, value]) => [name, value.replace('{host}', `127.0.0.1:${receiver.port}`)] as const);
  await runInBash(
    curlCommand({ ...request, headers: headers.map(([name, value]) => [name, value]), ...capturedUrl(receiver.url, target) }),
    env,
  );
  return await receiver.nextRequest();
}

/** Without what depends on the port, and without the order that host and length have no say in. */
function headLines(request: ReceivedRequest): readonly string[] {
  return request.rawHeaders
    .map(([name, value]) => `${name.toLowerCase()}: ${value.trim()}`)
    .filter((line) => !line.startsWith('host: 127'));
}

const large = `{"text":"${"0123456789 it's $HOME é ".repeat(8000)}"}`;
const none = new Uint8Array();

const requests: readonly (readonly [string, Unplaced, readonly string[]])[] = [
  [
    'brackets, braces and dots in the URL, quotes and line breaks in the body',
    {
      method: 'POST',
      target: "/a/../b//c/[1-3]/{x,y}?q[]=1&z=$HOME&it's=`ls`",
      headers: [
        ['host', '{host}'],
        ['connection', 'keep-alive'],
        ['Content-Type', 'application/json; charset=utf-8'],
        ['X-Note', 'it\'s `quoted` "twice" \\ $HOME !x'],
        ['X-Empty', ''],
        ['X-Twice', '1'],
        ['x-twice', '2'],
        ['accept-encoding', 'gzip, br'],
        ['content-length', '58'],
      ],
      body: Buffer.from('{"note": "it\'s $HOME `ls` \\"x\\" !!",\n\t"city": "Zürich"}\n\n'),
    },
    [
      'connection: keep-alive',
      'content-type: application/json; charset=utf-8',
      'x-note: it\'s `quoted` "twice" \\ $HOME !x',
      'x-empty: ',
      'x-twice: 1',
      'x-twice: 2',
      'accept-encoding: gzip, br',
      'content-length: 58',
    ],
  ],
  [
    'a body that begins with @, and none of the headers that curl would add',
    { method: 'PUT', target: '/', headers: [], body: Buffer.from('@/etc/passwd') },
    ['content-length: 12'],
  ],
  [
    'bytes that are no text',
    { method: 'POST', target: '/', headers: [], body: Buffer.from([0, 255, 254, 13, 10, 0, 128]) },
    ['content-length: 7'],
  ],
  [
    'text with controls that a terminal would act on',
    { method: 'POST', target: '/', headers: [], body: Buffer.from('a\r\nb\u001b[2J') },
    ['content-length: 8'],
  ],
  [
    'a body larger than an argument may be',
    { method: 'POST', target: '/', headers: [], body: Buffer.from(large) },
    [`content-length: ${Buffer.byteLength(large)}`],
  ],
  [
    'a header in Latin-1',
    {
      method: 'GET',
      target: '/',
      headers: [
        ['X-City', "Zürich's \\"],
        ['User-Agent', 'Shop/1'],
      ],
      body: none,
    },
    ["x-city: Zürich's \\", 'user-agent: Shop/1'],
  ],
  ['another host', { method: 'GET', target: '/', headers: [['Host', 'shop.example']], body: none }, ['host: shop.example']],
  ['a length of 0', { method: 'POST', target: '/', headers: [['content-length', '0']], body: none }, ['content-length: 0']],
  ['HEAD', { method: 'HEAD', target: '/x', headers: [], body: none }, []],
];

// The command is for a POSIX shell.
describe.skipIf(process.platform === 'win32')('the curl command of a request', () => {
  it.each(requests)('makes the same request: %s', async (_name, request, lines) => {
    const received = await arriving(request);
    expect({ method: received.method, target: received.target }).toEqual({ method: request.method, target: request.target });
    expect(received.body.equals(request.body)).toBe(true);
    expect(headLines(received)).toEqual(lines);
  });

  it('sends chunked what came chunked', async () => {
    const server = createServer((asked, answer) => void asked.resume().once('end', () => answer.end())).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const body of [Buffer.from('{}'), none]) {
      const asked = once(server, 'request') as Promise<[IncomingMessage]>;
      await runInBash(curlCommand({ method: 'POST', url, headers: [['Transfer-Encoding', 'chunked']], body }));
      const [{ headers, complete }] = await asked;
      expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
      expect(headers).not.toHaveProperty('content-length');
      expect(complete).toBe(true);
    }
  });

  it('asks for a value that is masked, and sends nothing without it', async () => {
    const headers: [string, string][] = [['X-Api-Key', maskedValue('c355dce9')]];
    const request = { method: 'GET', target: '/', headers, body: none };
    await expect(runInBash(curlCommand({ ...request, url: 'http://127.0.0.1:9/' }))).rejects.toMatchObject({
      stderr: expect.stringContaining('SECRET_X_API_KEY: set it to the value with fingerprint c355dce9'),
    });
    expect(headLines(await arriving(request, { SECRET_X_API_KEY: 'my "key"' }))).toEqual(['x-api-key: my "key"']);
  });
});

it('asks the origin, whatever the request line of a capture says', async () => {
  const request = await arriving({ method: 'POST', target: '*@127.0.0.1:9/x', headers: [['host', '{host}']], body: none });
  expect([request.method, request.target]).toEqual(['POST', '*@127.0.0.1:9/x']);
});

it('asks for a value that is masked in the query of the URL', async () => {
  const url = `http://127.0.0.1:9/a?x=1&api-key=${maskedValue('c355dce9')}&y=2`;
  const command = curlCommand({ method: 'GET', url, headers: [], body: none });
  expect(command).toContain(`'http://127.0.0.1:9/a?x=1&api-key='"\${SECRET_API_KEY:?set it to the value with fingerprint c355dce9}"'&y=2'`);
  await expect(runInBash(command)).rejects.toMatchObject({ stderr: expect.stringContaining('SECRET_API_KEY: set it') });
});

it('shows which URL is requested', () => {
  expect(sentUrl("http://user:pass@Shop.example:80/a b/../ü?q='ü'#part")).toBe('http://shop.example/%C3%BC?q=%27%C3%BC%27');
});
