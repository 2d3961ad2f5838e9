import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { pageKeyStorage } from '../../src/renderer/base/page-key.ts';
import { expect, test } from './support/hookyard.ts';

test.skip(({ hookyard }) => hookyard.rest === null, 'The desktop window has no cookie and no port.');

/** A server of somebody else on this machine, which keeps what browsers send it. */
async function startNeighbour() {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Neighbour</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { received, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Status of a WebSocket handshake from outside a browser. */
async function handshake(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), ['hookyard.rpc'], { headers: { ...headers } });
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}

test('what a browser sends to a neighbour on another port opens nothing here, from outside a browser either', async ({
  page,
  hookyard,
}) => {
  await expect(page.getByRole('status', { name: 'Engine: ready' })).toBeVisible();
  expect(page.url()).not.toContain('page-key');
  const own = hookyard.rest?.url ?? '';
  const neighbour = await startNeighbour();
  try {
    const visitor = await page.context().newPage();
    for (const path of ['/', '/rpc', '/rpc/x', '/api/endpoints']) {
      await visitor.goto(`${neighbour.url}${path}`);
      // A page of the neighbour asks ours, as its scripts would.
      expect(await visitor.evaluate(() => Object.keys(localStorage))).toEqual([]);
    }
    const cookies = neighbour.received.map(({ headers }) => headers.cookie ?? '').filter((cookie) => cookie.includes('hookyard-session-'));
    // Browsers do not keep cookies of one port from another; this is what makes the test worth something.
    expect(cookies.length).toBeGreaterThan(0);
    const key = await page.evaluate((name) => localStorage.getItem(name), pageKeyStorage);
    expect(key).toMatch(/^[\w-]{43}$/);
    for (const { rawHeaders, url } of neighbour.received) expect([...rawHeaders, url].join('\n')).not.toContain(key);

    for (const cookie of cookies) {
      expect(await handshake(`${own}/rpc`, { cookie, origin: own })).toBe(401);
      const answer = await fetch(`${own}/api/endpoints`, { headers: { cookie, origin: own, 'sec-fetch-site': 'same-origin' } });
      expect(answer.status).toBe(401);
    }
  } finally {
    neighbour.server.close();
    neighbour.server.closeAllConnections();
  }
});

test('what listens on our port once the host is gone gets neither the key nor a cookie from a tab that is open', async ({
  page,
  hookyard,
}) => {
  const ready = () => expect(page.getByRole('status', { name: 'Engine: ready' })).toBeVisible();
  await ready();
  const key = (await page.evaluate((name) => localStorage.getItem(name), pageKeyStorage)) ?? '';
  expect(key).toMatch(/^[\w-]{43}$/);
  await hookyard.host?.kill();
  const port = Number(new URL(hookyard.rest?.url ?? '').port);
  const received: IncomingMessage[] = [];
  const rogue = createServer((request, response) => {
    received.push(request);
    response.end('{"nonce":"a","proof":"b"}');
  });
  rogue.on('upgrade', (request: IncomingMessage, socket) => {
    received.push(request);
    socket.end('HTTP/1.1 503 Gone\r\nConnection: close\r\n\r\n');
  });
  rogue.listen(port, '127.0.0.1');
  try {
    await expect.poll(() => received.length, { timeout: 30_000 }).toBeGreaterThan(1);
  } finally {
    rogue.close();
    rogue.closeAllConnections();
  }
  for (const { url, rawHeaders, headers } of received) {
    expect([url, ...rawHeaders].join('\n')).not.toContain(key);
    expect(headers.cookie).toBeUndefined();
  }
  await hookyard.host?.start();
  await expect(page.getByRole('status', { name: 'Engine: ready' })).toBeVisible({ timeout: 30_000 });
});

test('a reload and a second tab on the plain address are let in, and a browser without the key once it opens the link', async ({
  page,
  hookyard,
}) => {
  const ready = (tab: typeof page) => expect(tab.getByRole('status', { name: 'Engine: ready' })).toBeVisible();
  await ready(page);
  await page.reload();
  await ready(page);
  const second = await page.context().newPage();
  await second.goto(`${hookyard.rest?.url ?? ''}/#/deliveries`);
  await ready(second);
  await second.evaluate((name) => localStorage.removeItem(name), pageKeyStorage);
  await second.reload();
  await expect(second.getByRole('heading', { name: 'Open Hookyard by its link' })).toBeVisible();
  await expect(second.getByText('Ready at')).toBeVisible();
  const { url, token } = hookyard.rest ?? { url: '', token: '' };
  await second.goto(`${url}/?token=${token}`);
  await ready(second);
  expect(second.url()).not.toContain(token);
  await expect(second).toHaveURL(/#\/compose$|\/$/);
});
