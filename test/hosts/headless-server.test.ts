import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openTestServer, testToken } from '../contract/doors.ts';
import { startTestEngine } from '../support/engine.ts';
import { createTempFolder, createTestLog } from '../support/temp-workspace.ts';
import { defaultPort, openHeadlessServer } from '#hosts/headless/server.ts';
import { pageKeyFragment, webSocketProtocol } from '#shared/host-bridge.ts';
import { provenProtocol } from '../../src/renderer/base/page-proof.ts';

interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with any Host, Origin and cookie, which fetch does not allow. */
async function rawRequest(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  body?: string,
): Promise<RawAnswer> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Status of a WebSocket handshake: 101 when it was let in. */
async function handshake(url: string, headers: Readonly<Record<string, string>>, protocols: readonly string[] = []): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), [...protocols], { headers: { ...headers } });
  onTestFinished(() => socket.terminate());
  // Refused handshakes end in an error as well; the answer tells more.
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}

/** A folder as the build of the window leaves it. */
function builtWindow(): string {
  const folder = createTempFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>The window</title>');
  writeFileSync(join(folder, 'assets', 'main-1a2b3c.js'), 'export {};');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return folder;
}

async function start(rendererDir = builtWindow()) {
  const { engine } = await startTestEngine();
  return await openTestServer(engine.router, rendererDir);
}

/** What a browser has after it has opened the printed link; its page has proven itself, which counts once. */
async function openLink(port: number): Promise<{ readonly cookie: string; readonly protocols: readonly string[]; readonly key: string }> {
  const answer = await rawRequest(port, `/?token=${testToken}`, {});
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0]);
  const key = String(answer.headers.location).split(pageKeyFragment)[1] ?? '';
  const proof = await provenProtocol(`http://127.0.0.1:${port}`, key, AbortSignal.timeout(10_000));
  return { cookie: cookies.join('; '), protocols: [webSocketProtocol, proof], key };
}

const bearer = { authorization: `Bearer ${testToken}` };

describe('the doors of the headless server', () => {
  it.each<readonly [string, string, Readonly<Record<string, string>>, string, number, string]>([
    ['no token', 'GET', {}, '/api/health', 401, 'UNAUTHORIZED'],
    ['a wrong token', 'GET', { authorization: 'Bearer wrong' }, '/api/health', 401, 'UNAUTHORIZED'],
    ['a wrong token on a path that does not exist', 'GET', { authorization: 'Bearer wrong' }, '/api/nothing', 401, 'UNAUTHORIZED'],
    ['the token as a query', 'GET', {}, `/api/health?token=${testToken}`, 401, 'UNAUTHORIZED'],
    ['the host name of an attacker', 'GET', { ...bearer, host: 'evil.example' }, '/api/health', 403, 'HOST_REFUSED'],
    ['the host name of an attacker at the page', 'GET', { host: 'evil.example' }, `/?token=${testToken}`, 403, 'HOST_REFUSED'],
    ['the host name of an attacker at a file', 'GET', { host: 'evil.example' }, '/icon.svg', 403, 'HOST_REFUSED'],
    ['a page of another site', 'POST', { ...bearer, origin: 'https://evil.example' }, '/api/messages', 403, 'ORIGIN_REFUSED'],
    ['a preflight of another site', 'OPTIONS', { origin: 'https://evil.example' }, '/api/messages', 403, 'ORIGIN_REFUSED'],
    [
      'a form, which needs no preflight',
      'POST',
      { ...bearer, 'content-type': 'application/x-www-form-urlencoded' },
      '/api/messages',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['text, which needs no preflight', 'POST', { ...bearer, 'content-type': 'text/plain' }, '/api/messages', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuse %s', async (_name, method, headers, path, status, code) => {
    const { port } = await start();
    const answer = await rawRequest(port, path, headers, method, method === 'POST' ? '{"type":"a.b"}' : undefined);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, status, message: expect.stringMatching(/^[A-Z].{20,}/) });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body).not.toContain(testToken);
  });

  it('let a script in with the token and answer nothing about CORS', async () => {
    const { port } = await start();
    const answer = await rawRequest(port, '/api/health', bearer);
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('exchange the token of the link for cookies that scripts of a page cannot read, and take it out of the URL', async () => {
    const { port } = await start();
    const answer = await rawRequest(port, `/?token=${testToken}&theme=dark`, {});
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toMatch(/^\/\?theme=dark#page-key=[\w-]{43}$/);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Strict/);
      expect(cookie).toContain(String(port));
      expect(cookie).not.toContain(testToken);
    }
    // What opens the engine, beside the page key, is sent to the path that needs it only.
    expect(cookies.filter((cookie) => cookie.startsWith('hookyard-session-')).map((cookie) => /Path=([^;]+)/.exec(cookie)?.[1])).toEqual([
      '/rpc',
    ]);
  });

  it('show the page to a browser that opened the link, and a hint to any other', async () => {
    const { port } = await start();
    const { cookie } = await openLink(port);
    const page = await rawRequest(port, '/', { cookie });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('The window') });
    expect(page.headers['cache-control']).toBe('no-store');
    const hint = await rawRequest(port, '/', {});
    expect(hint).toMatchObject({ status: 401, body: expect.stringContaining('Ready at') });
    expect(hint.body).not.toContain('The window');
    expect(await rawRequest(port, '/index.html', {})).toMatchObject({ status: 401 });
    expect(await rawRequest(port, '/?token=old', {})).toMatchObject({ status: 401, body: expect.stringContaining('out of date') });
  });

  it('take no cookie for a call, wherever it comes from', async () => {
    const { port } = await start();
    const { cookie } = await openLink(port);
    const session = cookie.replace('-page-', '-session-');
    for (const headers of [
      { cookie, 'sec-fetch-site': 'same-origin' },
      { cookie: session, 'sec-fetch-site': 'none' },
      { cookie, origin: `http://127.0.0.1:${port}` },
    ])
      expect(await rawRequest(port, '/api/health', headers)).toMatchObject({ status: 401 });
  });

  it('let a WebSocket in with the token or from our own page, and no other', async () => {
    const { port, url } = await start();
    const { cookie, protocols } = await openLink(port);
    const page = { cookie, origin: url };
    expect(await handshake(`${url}/rpc`, bearer)).toBe(101);
    expect(await handshake(`${url}/rpc`, page, protocols)).toBe(101);
    expect(await handshake(`${url}/rpc`, page, protocols), 'a proof counts once').toBe(401);
    expect(await handshake(`${url}/rpc`, page)).toBe(401);
    expect(await handshake(`${url}/rpc`, page, [webSocketProtocol])).toBe(401);
    expect(await handshake(`${url}/rpc`, { origin: url }, protocols)).toBe(401);
    expect(await handshake(`${url}/rpc`, {})).toBe(401);
    expect(await handshake(`${url}/rpc`, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await handshake(`${url}/rpc`, { cookie }, protocols)).toBe(403);
    expect(await handshake(`${url}/rpc`, { cookie, origin: 'https://evil.example' }, protocols)).toBe(403);
    expect(await handshake(`${url}/rpc`, { ...bearer, origin: 'https://evil.example' })).toBe(403);
    expect(await handshake(`${url}/rpc`, { ...bearer, host: 'evil.example' })).toBe(403);
    expect(await handshake(`${url}/other`, bearer)).toBe(404);
    expect(await handshake(`${url}/%72pc`, bearer)).toBe(400);
  });

  it('never tell a proof of the page back', async () => {
    const { port, url } = await start();
    const { cookie, protocols } = await openLink(port);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, [...protocols].toReversed(), { headers: { cookie, origin: url } });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    expect(socket.protocol).toBe(webSocketProtocol);
  });

  it('send a policy that runs our own scripts and the workers of the editor only', async () => {
    const { port } = await start();
    const { headers } = await rawRequest(port, '/', { cookie: (await openLink(port)).cookie });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('let browsers keep files with a hash in their name for good, and no others', async () => {
    const { port } = await start();
    const asset = await rawRequest(port, '/assets/main-1a2b3c.js', {});
    expect(asset).toMatchObject({ status: 200, body: 'export {};' });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await rawRequest(port, '/icon.svg', {})).headers['cache-control']).toBe('no-cache');
  });

  it.each(['/assets/missing.js', '/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/.env'])(
    'have no file at %s',
    async (path) => {
      const { port } = await start();
      const answer = await rawRequest(port, path, {});
      expect([400, 403, 404]).toContain(answer.status);
      expect(answer.body).not.toContain('devDependencies');
    },
  );

  it('say how to build the window where it is missing, while the API works', async () => {
    const { port } = await start(createTempFolder());
    expect(await rawRequest(port, '/', { cookie: (await openLink(port)).cookie })).toMatchObject({
      status: 503,
      body: expect.stringContaining('npm run build'),
    });
    expect(await rawRequest(port, '/api/health', bearer)).toMatchObject({ status: 200 });
  });

  it('name who calls by the door it came through', async () => {
    const { port } = await start();
    const json = { ...bearer, 'content-type': 'application/json' };
    const body = '{"name":"x","url":"http://127.0.0.1:9/"}';
    expect(JSON.parse((await rawRequest(port, '/api/endpoints', json, 'POST', body)).body)).toMatchObject({
      creator: expect.stringMatching(/ \(api\)$/),
    });
    expect(JSON.parse((await rawRequest(port, '/api/endpoints', { ...json, 'x-hookyard-door': 'cli' }, 'POST', body)).body)).toMatchObject({
      creator: expect.stringMatching(/ \(cli\)$/),
    });
  });
});

describe('opening the headless server', () => {
  const options = async () => ({
    router: (await startTestEngine()).engine.router,
    token: testToken,
    log: createTestLog(),
    version: '0.0.0',
    rendererDir: createTempFolder(),
  });

  it('refuses a port that is in use, when it was asked for, with exit code 2', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openHeadlessServer({ ...(await options()), port })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`Port ${port} is in use`),
    });
  });

  it('takes a free port when the usual one is taken and none was asked for', async () => {
    const blocker = createServer().listen(defaultPort, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    // Somebody else may have it already, which is as good.
    await new Promise((resolve) => blocker.once('listening', resolve).once('error', resolve));
    const server = await openHeadlessServer({ ...(await options()), port: undefined });
    onTestFinished(() => server.close());
    expect(server.port).not.toBe(defaultPort);
    expect((await fetch(`${server.url}/api/health`, { headers: bearer })).status).toBe(200);
  });

  it('has its port at ::1 too, so that nobody else is what a page on localhost finds, and closes while it is called there', async ({
    skip,
  }) => {
    const server = await openHeadlessServer({ ...(await options()), port: 0 });
    const rogue = createServer().listen(server.port, '::1');
    onTestFinished(() => void rogue.close());
    const [problem] = (await new Promise((resolve) => {
      rogue.once('error', (error) => resolve([error])).once('listening', () => resolve([]));
    })) as readonly NodeJS.ErrnoException[];
    if (problem?.code === 'EADDRNOTAVAIL' || problem?.code === 'EAFNOSUPPORT') skip('This machine has no IPv6.');
    expect(problem?.code).toBe('EADDRINUSE');

    const url = `http://[::1]:${server.port}`;
    expect((await fetch(`${url}/api/health`, { headers: bearer })).status).toBe(200);
    expect((await fetch(`${url}/api/health`)).status).toBe(401);
    const socket = new WebSocket(`ws://[::1]:${server.port}/rpc`, { headers: bearer });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await server.close();
    expect((await closed)[0]).toBe(1001);
    await expect(fetch(`${url}/api/health`, { headers: bearer })).rejects.toThrow();
  });

  it('opens without ::1 where another program has the port there, and says so in the log', async ({ skip }) => {
    const blocker = createServer().listen(0, '::1');
    onTestFinished(() => void blocker.close());
    const isThere = await new Promise((resolve) => {
      blocker.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    if (isThere !== true) skip('This machine has no IPv6.');
    const { port } = blocker.address() as AddressInfo;
    const log = createTestLog();
    const server = await openHeadlessServer({ ...(await options()), log, port });
    onTestFinished(() => server.close());
    expect((await fetch(`${server.url}/api/health`, { headers: bearer })).status).toBe(200);
    const told = log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(told).toEqual([expect.stringContaining(`open http://127.0.0.1:${port}, not http://localhost:${port}`)]);
  });

  it('closes while a client follows changes and a WebSocket is open', async () => {
    const server = await openHeadlessServer({ ...(await options()), port: 0 });
    const stream = await fetch(`${server.url}/api/changes`, { headers: bearer });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, { headers: bearer });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await server.close();
    expect((await closed)[0]).toBe(1001);
    await expect(fetch(`${server.url}/api/health`, { headers: bearer })).rejects.toThrow();
  });
});
