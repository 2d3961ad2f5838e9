import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { casesWith, checked, startChecking } from './checking.ts';
import { stripeReceiver } from './planted.ts';
import { serveReceivers, stripeSecret } from './receivers.ts';

const target = (url: string) => ({ name: 'Receiver', profile: 'stripe', url, secret: stripeSecret });
const families = ['signature', 'rotation', 'encoding', 'identity', 'transport', 'data', 'answering'];

/** A server of one right receiver; `before` sees each request first, and has answered it where it gives true. */
async function serveRight(before: (request: IncomingMessage, response: ServerResponse) => boolean): Promise<string> {
  const receive = stripeReceiver();
  const server = createServer((request, response) => {
    if (before(request, response)) return;
    void (async () => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      } catch {
        return;
      }
      const { method = '', url = '', headers, rawHeaders } = request;
      response.statusCode = await receive({ method, url, headers, rawHeaders, body: Buffer.concat(chunks) });
      response.end();
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a receiver that does not always answer the same request alike', () => {
  it('gets no blame for what does not come again, but is told that it wavers', async () => {
    let count = 0;
    const url = await serveRight((request, response) => {
      count += 1;
      if (count % 7 !== 0) return false;
      request.resume();
      response.writeHead(503).end();
      return true;
    });
    const client = await startChecking();
    const check = await checked(client, { target: target(url), only: families, seed: 4 });
    expect(casesWith(check, 'failed', 'advice')).toEqual([]);
    expect(check.defects.map(({ id, level }) => [id, level])).toEqual([['unsteady', 'should']]);
    expect(check.defects[0]?.message).toMatch(/^It answered 503 to \d+ of \d+ requests, and did not when the same was sent again/);
    const [shown] = check.defects[0]?.evidence ?? [];
    const wavering = check.cases.find(({ id }) => id === shown);
    expect(wavering?.unmet.length).toBeGreaterThan(0);
    expect(wavering?.message).toContain(' It was sent again, since it was first answered 503.');
    // Twenty at once always meet one that is not taken, and so do twenty in turn.
    expect(check.cases.find(({ id }) => id === 'burst')?.result).toBe('undecided');
  }, 120_000);

  it('is not blamed where it turns away for now what comes too fast, with 503 and Retry-After', async () => {
    let left = 5;
    let resetAtMs = 0;
    const url = await serveRight((request, response) => {
      if (performance.now() >= resetAtMs) [left, resetAtMs] = [5, performance.now() + 150];
      left -= 1;
      if (left >= 0) return false;
      request.resume();
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    });
    const client = await startChecking();
    const check = await checked(client, { target: target(url), only: ['signature', 'identity', 'data'], seed: 4 });
    expect(casesWith(check, 'failed', 'advice', 'undecided')).toEqual([]);
    expect(check.defects).toEqual([]);
  }, 120_000);

  it('is not blamed either where it closes connections that it kept open', async () => {
    const used = new WeakSet<Socket>();
    const url = await serveRight(({ socket }) => {
      if (!used.has(socket)) return (used.add(socket), false);
      socket.destroy();
      return true;
    });
    const client = await startChecking();
    const check = await checked(client, { target: target(url), only: families, seed: 4 });
    expect(casesWith(check, 'failed', 'advice', 'undecided')).toEqual([]);
    expect(check.defects).toMatchObject([
      { id: 'unsteady', message: expect.stringMatching(/^It gave no complete answer to \d+ of \d+ requests/) },
    ]);
  }, 120_000);

  it('is blamed for what comes again each time, also where it remembers an event that it broke over', async () => {
    const known = new Set<unknown>();
    const server = await serveReceivers({
      remembering: stripeReceiver({
        act: (event) => {
          if (known.has(event['id'])) return 200;
          known.add(event['id']);
          return (event['data'] as { readonly object: { readonly customer?: unknown } }).object.customer === null ? 500 : 200;
        },
      }),
    });
    const client = await startChecking();
    const data = { object: { amount: 12, customer: 'cus_A1', currency: 'eur' } };
    const asked = { target: target(server.urlOf('remembering')), eventType: 'invoice.paid', data, only: ['null-fields'] };
    expect((await checked(client, asked)).defects.map(({ id }) => id)).toEqual(['fails-on-null']);
  });
});

describe('a receiver that treats all requests alike', () => {
  it.each([
    ['answers 404', 'nothing-at-path', (response: ServerResponse) => void response.writeHead(404).end()],
    ['answers 500', 'fails-on-genuine', (response: ServerResponse) => void response.writeHead(500).end()],
    ['resets each connection', 'answers-not', (response: ServerResponse) => void response.socket?.resetAndDestroy()],
    ['answers with more than is read', 'answers-not', (response: ServerResponse) => pour(response)],
  ])(
    'that %s is only said to take no genuine request, also where all cases are sent',
    async (_what, named, answer) => {
      const url = await serveRight((request, response) => {
        request.resume();
        answer(response);
        return true;
      });
      const client = await startChecking();
      const check = await checked(client, {
        target: { name: 'Slack', profile: 'slack', url, secret: 'slack-signing-secret-0123456789ab' },
        isWhole: true,
        only: ['signature', 'rotation', 'sent-again', 'chunked', 'get', 'null-fields', 'answering'],
        seed: 4,
      });
      expect(check.defects.map(({ id }) => id)).toEqual([named]);
      expect(check.cases[0]).toMatchObject({ id: 'genuine', result: 'failed' });
    },
    120_000,
  );
});

/** Writes a body without an end, as long as it is read. */
function pour(response: ServerResponse): void {
  const piece = Buffer.alloc(1 << 20, 'x');
  response.on('drain', () => response.write(piece)).on('error', () => undefined);
  response.writeHead(200);
  // An answer to HEAD has no body, and never drains.
  if (response.write(piece)) response.end();
}

describe('a receiver that limits its rate', () => {
  it('is waited for, and judged as any other', async () => {
    let count = 0;
    const url = await serveRight((request, response) => {
      count += 1;
      if (count % 2 === 0) return false;
      request.resume();
      response.writeHead(429, { 'Retry-After': '0' }).end();
      return true;
    });
    const client = await startChecking();
    const check = await checked(client, { target: target(url), only: ['signature'], seed: 4 });
    expect(check).toMatchObject({ status: 'completed', defects: [], waiting: null, counts: { failed: 0, advice: 0, undecided: 0 } });
    expect(check.counts.passed).toBeGreaterThan(10);
  }, 60_000);

  it('leaves cases undecided where it asks for more time than there is, but not those that it took', async () => {
    let isOpen = true;
    const limited = await serveRight((request, response) => {
      if (isOpen) return (isOpen = false);
      request.resume();
      response.writeHead(429, { 'Retry-After': '3600' }).end();
      return true;
    });
    const client = await startChecking();
    const check = await checked(client, { target: target(limited), only: ['signature', 'variants'], seed: 4 });
    expect(check.counts).toMatchObject({ passed: 1, failed: 0, advice: 0 });
    expect(check.counts.undecided).toBeGreaterThan(10);
    expect(check.cases.find(({ id }) => id === 'wrong-secret')).toMatchObject({
      result: 'undecided',
      message: expect.stringMatching(/^It was answered 429 \(too many requests\)/),
    });
    expect(check.defects).toEqual([]);
  });
});
