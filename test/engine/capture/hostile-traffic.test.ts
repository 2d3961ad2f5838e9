import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { bodyLimitBytes, hostileTraffic, type Captured, type HostileRequest } from './hostile-traffic.ts';

const honestRequests = 20;
const idleConnections = 5000;

/** How a hostile request stands in the lists. */
interface Logged {
  readonly name: string;
  readonly refused: readonly string[];
  readonly captured: readonly Captured[];
}

test('what strangers send at the same time is each logged as what it was, and an honest sender beside them is served', async () => {
  expect(hostileTraffic.length).toBeGreaterThanOrEqual(40);
  const workspace = await startCaptureWorkspace({ bodyLimitBytes, limits: { headMs: 1000 } });
  await workspace.capture.createBin({ name: 'Own', slug: 'own' });
  const honest = await honestSender(workspace.port);
  const sent = hostileTraffic.map(({ bytes }, index) => bytes(pathOf(index)));
  const strangers = await Promise.all(
    hostileTraffic.map(async ({ leaves }, index) => {
      const client = await connectRaw(workspace.port);
      client.write(sent[index] ?? '');
      if (leaves === 'ends') client.socket.end();
      // What was written has to be on its way before the reset.
      if (leaves === 'resets') client.socket.write('', () => client.socket.resetAndDestroy());
      return client;
    }),
  );
  for (let count = 0; count < honestRequests; count += 1) expect(await honest.send()).toBe(200);

  // Bodies that stop coming have a minute by the clock of the engine.
  const missing = async () => (await loggedOf(workspace, sent)).filter((each, index) => !isLogged(each, index)).map(({ name }) => name);
  await expect.poll(missing).toEqual(stalling);
  workspace.clock.advance(60_000);
  await expect.poll(() => loggedOf(workspace, sent)).toEqual(hostileTraffic.map(expectedOf));
  expect(await honest.send()).toBe(200);
  expect((await workspace.captures()).filter(({ target }) => target === '/own/honest')).toHaveLength(honestRequests + 1);
  expect(workspace.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  for (const { socket } of strangers) socket.destroy();
});

test('thousands of idle connections leave an honest sender its answers', async () => {
  const { capture, port } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Own', slug: 'own' });
  const honest = await honestSender(port);
  const idle: Socket[] = [];
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  while (idle.length < idleConnections) {
    const opened = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').resume());
    await Promise.all(opened.map((socket) => once(socket, 'connect')));
    idle.push(...opened);
    expect(await honest.send()).toBe(200);
  }
  expect(idle.every(({ closed, readableEnded }) => !closed && !readableEnded)).toBe(true);
});

test('idle connections are counted as such when their time is over', async () => {
  const { port, clock, refused } = await startCaptureWorkspace({ limits: { headMs: 300 } });
  const count = 200;
  const idle = Array.from({ length: count }, () => connect(port, '127.0.0.1').resume());
  await Promise.all(idle.map((socket) => once(socket, 'close')));
  // What came too quickly for an entry of its own is counted a second later.
  clock.advance(1000);
  await expect.poll(async () => (await refused()).reduce((sum, { more }) => sum + more + 1, 0)).toBe(count);
  expect(new Set((await refused()).map(({ reason }) => reason))).toEqual(new Set(['nothing-sent']));
});

const pathOf = (index: number) => `/own/h${String(index).padStart(2, '0')}`;
const stalling = hostileTraffic.filter(({ captured }) => captured?.some(({ status }) => status === 408)).map(({ name }) => name);

async function honestSender(port: number): Promise<{ readonly send: () => Promise<number> }> {
  const client = await connectRaw(port);
  return {
    send: async () => {
      client.write('POST /own/honest HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok');
      return (await client.answer()).status;
    },
  };
}

async function loggedOf(workspace: CaptureWorkspace, sent: readonly string[]): Promise<readonly Logged[]> {
  const entries = (await workspace.refused()).map((entry) => ({ ...entry, first: textOf(entry.firstBytesBase64) }));
  const captures = (await workspace.captures()).toReversed();
  return hostileTraffic.map(({ name, captured = [] }, index) => ({
    name,
    refused: entries.filter(({ first }) => isPartOf(first, sent[index] ?? '')).map(({ reason }) => reason),
    captured: captures
      .filter(({ target }) => target.includes(pathOf(index)))
      .map(({ method, bodyBase64, isBodyTruncated, status }, at) => ({
        method,
        // Only where it is told what it should be, so that a difference is readable.
        ...(captured[at]?.body === undefined ? {} : { body: textOf(bodyBase64) }),
        isBodyTruncated,
        status,
      })),
  }));
}

/** The first bytes of an entry are the beginning of what was sent, or what came behind a whole request. */
function isPartOf(first: string, sent: string): boolean {
  return first === '' ? sent === '' : sent.startsWith(first) || (first.length < 100 && sent.endsWith(`ok${first}`));
}

function isLogged({ refused, captured }: Logged, index: number): boolean {
  const expected = hostileTraffic[index];
  return refused.length >= (expected?.refused?.length ?? 0) && captured.length >= (expected?.captured?.length ?? 0);
}

function expectedOf({ name, refused = [], captured = [] }: HostileRequest): Logged {
  return { name, refused, captured: captured.map((each) => ({ method: 'POST', isBodyTruncated: false, ...each })) };
}

function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
