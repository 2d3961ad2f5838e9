import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { request as httpsRequest } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Changes } from '#engine/base/changes.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello`;
/** 127.0.0.2 stands for an address of this machine in a network, and what connects from 127.0.0.3 or 4 for other machines there. */
const here = '127.0.0.2';
const friend = { host: here, localAddress: '127.0.0.3' };
const stranger = { host: here, localAddress: '127.0.0.4' };
const opening = { address: here, senders: [friend.localAddress] };

/** Settles with the change after which it is so. */
async function reached(changes: Changes, isReached: () => boolean): Promise<void> {
  for await (const _ of changes.follow(undefined)) if (isReached()) return;
}

describe('bins that are open to other machines', () => {
  it('capture what an allowed sender sends, at the same port', async () => {
    const { capture, port, captures, makeBin } = await startCaptureWorkspace();
    const bin = await makeBin({ name: 'Own', slug: 'own' });
    expect(bin.openUrls).toEqual([]);
    await capture.openPorts.set(opening);
    expect(capture.openPorts.list()).toEqual([{ address: here, url: `http://${here}:${port}`, httpsUrl: null, problem: null }]);
    expect(capture.bins.get(bin.id).openUrls).toEqual([`http://${here}:${port}/own`]);
    const sender = await connectRaw(port, friend);
    sender.write(post('/own/a'));
    expect(await sender.answer()).toMatchObject({ status: 200 });
    sender.write(post('/own/b'));
    await sender.answer();
    expect((await captures()).map(({ target, remoteAddress }) => [target, remoteAddress])).toEqual([
      ['/own/b', '127.0.0.3'],
      ['/own/a', '127.0.0.3'],
    ]);
  });

  it('are told of in the log of the host, and that they are not open any more', async () => {
    const { capture, port, log } = await startCaptureWorkspace();
    await capture.openPorts.set(opening);
    await capture.openPorts.set(null);
    expect(log.lines).toEqual([
      { level: 'warn', fields: { at: [`http://${here}:${port}`] }, message: 'Bins are open to other machines' },
      { level: 'warn', fields: { at: [] }, message: 'Bins are not open to other machines any more' },
    ]);
  });

  it('answer anybody else with a bare 404, whatever a header says, and list the attempt', async () => {
    const { capture, port, captures, refused, makeBin } = await startCaptureWorkspace();
    await makeBin({ name: 'Own', slug: 'own', trustsProxy: true });
    await capture.openPorts.set(opening);
    const asked = await connectRaw(port, stranger);
    asked.write(
      `POST /own HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 127.0.0.3\r\nForwarded: for=127.0.0.3\r\nContent-Length: 99999999\r\n\r\n`,
    );
    expect(await asked.answer()).toMatchObject({
      status: 404,
      body: 'Not found\n',
      headers: [
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['Content-Length', '10'],
        ['Connection', 'close'],
      ],
    });
    expect(await asked.untilClosed()).toBe('');
    const silent = await connectRaw(port, stranger);
    silent.socket.end();
    await silent.untilClosed();
    expect(await captures()).toEqual([]);
    expect(await refused()).toMatchObject([
      { reason: 'not-allowed', binId: null, status: null, receivedBytes: 0, remoteAddress: '127.0.0.4' },
      { reason: 'not-allowed', binId: null, status: 404, firstLine: 'POST /own HTTP/1.1', remoteAddress: '127.0.0.4' },
    ]);
  });

  it('cut off strangers beyond those that are being answered, and go on for this machine and for allowed senders', async () => {
    const { capture, port, refused, makeBin } = await startCaptureWorkspace();
    await makeBin({ name: 'Own', slug: 'own' });
    await capture.openPorts.set(opening);
    await Promise.all(Array.from({ length: 64 }, () => connectRaw(port, stranger)));
    const further = await connectRaw(port, stranger);
    expect(await further.untilClosed()).toBe('');
    for (const way of [{}, friend]) {
      const sender = await connectRaw(port, way);
      sender.write(post('/own'));
      expect(await sender.answer()).toMatchObject({ status: 200 });
    }
    expect(await refused()).toMatchObject([{ reason: 'not-allowed', status: null }]);
  });

  it('take half of the connections from other machines at most; the rest stays with this one', async () => {
    const { capture, port, makeBin, refused } = await startCaptureWorkspace({ limits: { connections: 4 } });
    await makeBin({ name: 'Own', slug: 'own' });
    await capture.openPorts.set(opening);
    const taken = await Promise.all([1, 2].map(() => connectRaw(port, friend)));
    const tooMany = await connectRaw(port, friend);
    expect(await tooMany.answer()).toMatchObject({
      status: 503,
      body: expect.stringMatching(/^2 connections of other machines were open/) as string,
    });
    for (const _ of [1, 2]) {
      const own = await connectRaw(port);
      own.write(post('/own'));
      expect(await own.answer()).toMatchObject({ status: 200 });
    }
    expect(await refused()).toMatchObject([{ reason: 'too-many-connections', status: 503, remoteAddress: '127.0.0.3' }]);
    taken[0]?.socket.end();
    await taken[0]?.untilClosed();
    const next = await connectRaw(port, friend);
    next.write(post('/own'));
    expect(await next.answer()).toMatchObject({ status: 200 });
  });

  it('keep room for the bodies of this machine when another one has used up its own', async () => {
    const { capture, port, makeBin } = await startCaptureWorkspace({ bodyRoom: { smallBytes: 1024, memoryBytes: 4096, diskBytes: 0 } });
    await makeBin({ name: 'Own', slug: 'own' });
    await capture.openPorts.set(opening);
    const head = 'POST /own HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n';
    const first = await connectRaw(port, friend);
    first.write(`${head}${'a'.repeat(999)}`);
    const other = await connectRaw(port, friend);
    other.write(`${head}${'a'.repeat(999)}`);
    expect(await Promise.race([first.answer(), other.answer()])).toMatchObject({ status: 503 });
    const own = await connectRaw(port);
    own.write(`${head}${'a'.repeat(1000)}`);
    expect(await own.answer()).toMatchObject({ status: 200 });
  });

  it('end the connections of a sender that is taken off the list, and all when they are closed', async () => {
    const { capture, port } = await startCaptureWorkspace();
    await capture.openPorts.set({ address: here, senders: ['127.0.0.3', '127.0.0.4'] });
    const [one, two] = [await connectRaw(port, friend), await connectRaw(port, stranger)];
    await capture.openPorts.set(opening);
    await two.untilClosed();
    expect(one.socket.destroyed).toBe(false);
    await capture.openPorts.set(null);
    await one.untilClosed();
    await expect(connectRaw(port, friend)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(capture.openPorts.list()).toEqual([]);
  });

  it('follow the addresses of the machine, and say when there is none', async () => {
    let addresses = [{ address: '127.0.0.2', interfaceName: 'eth0' }];
    const { capture, port, clock, changes } = await startCaptureWorkspace({ addresses: () => addresses });
    await capture.openPorts.set({ address: 'all', senders: ['127.0.0.0/8'] });
    expect(capture.openPorts.urls()).toEqual([`http://127.0.0.2:${port}`]);
    addresses = [{ address: '127.0.0.5', interfaceName: 'wlan0' }];
    const moved = reached(changes, () => capture.openPorts.urls()[0] === `http://127.0.0.5:${port}`);
    clock.advance(10_000);
    await moved;
    expect(capture.openPorts.urls()).toEqual([`http://127.0.0.5:${port}`]);
    await expect(connectRaw(port, friend)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    addresses = [];
    const gone = reached(changes, () => capture.openPorts.urls().length === 0);
    clock.advance(10_000);
    await gone;
    expect(capture.openPorts.problem()).toBe('This machine has no address beyond loopback now, so no other machine can send to its bins.');
    const own = await connectRaw(port);
    own.write('GET /none HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await own.answer()).toMatchObject({ status: 404 });
  });

  it('say which address cannot be opened, go on at the others, and try again', async () => {
    const { capture, port, clock, changes } = await startCaptureWorkspace({
      addresses: () => ['127.0.0.2', '127.0.0.3'].map((address) => ({ address, interfaceName: 'eth0' })),
    });
    const other = createServer().listen(port, '127.0.0.2');
    await once(other, 'listening');
    await capture.openPorts.set({ address: 'all', senders: ['127.0.0.0/8'] });
    expect(capture.openPorts.urls()).toEqual([`http://127.0.0.3:${port}`]);
    expect(capture.openPorts.problem()).toMatch(new RegExp(`^Another program has port ${port} of 127\\.0\\.0\\.2, .* close that program`));
    other.close();
    await once(other, 'close');
    const opened = reached(changes, () => capture.openPorts.urls().length === 2);
    clock.advance(10_000);
    await opened;
    expect(capture.openPorts.problem()).toBeNull();
  });

  it('receive by HTTPS too, and end a stranger there before a handshake', async () => {
    const { capture, captures, refused, makeBin } = await startCaptureWorkspace({ nowMs: Date.now() });
    await makeBin({ name: 'Own', slug: 'own' });
    await capture.openPorts.set(opening);
    const httpsPort = await capture.startHttps(0);
    const { certificatePem: ca } = await capture.authority();
    const ask = (localAddress: string) =>
      new Promise<number>((resolve, reject) => {
        const asking = httpsRequest({
          agent: false,
          host: here,
          port: httpsPort,
          localAddress,
          path: '/own',
          method: 'POST',
          ca,
          servername: 'own.localhost',
        });
        asking.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
        asking.end('hello');
      });
    expect(capture.openPorts.list()[0]?.httpsUrl).toBe(`https://${here}:${httpsPort}`);
    expect(await ask('127.0.0.3')).toBe(200);
    const http2 = connectHttp2(`https://own.localhost:${httpsPort}`, {
      createConnection: () =>
        connectTls({ socket: connect({ ...friend, port: httpsPort }), servername: 'own.localhost', ca, ALPNProtocols: ['h2'] }),
    });
    onTestFinished(() => http2.destroy());
    const [answered] = (await once(http2.request({ ':path': '/own' }).end(), 'response')) as [IncomingHttpHeaders];
    expect(answered[':status']).toBe(200);
    await expect(ask('127.0.0.4')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await captures()).map(({ httpVersion, remoteAddress }) => [httpVersion, remoteAddress])).toEqual([
      ['2.0', '127.0.0.3'],
      ['1.1', '127.0.0.3'],
    ]);
    expect(await refused()).toMatchObject([{ reason: 'not-allowed', status: null, receivedBytes: 0, remoteAddress: '127.0.0.4' }]);
    await capture.stopHttps();
    expect(capture.openPorts.list()[0]?.httpsUrl).toBeNull();
    await expect(ask('127.0.0.3')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the settings that open bins', () => {
  it('act at once and at the next start, and never without a list', async () => {
    const dataDir = createTempFolder();
    const first = await startClockedEngine({ dataDir, capturePort: 0 });
    const { port } = new URL(first.captureUrl ?? '');
    const update = first.client.system.updateSettings;
    await expect(update({ openAddress: '::1' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'allowedSenders' }] },
    });
    await update({ openAddress: '::1', allowedSenders: ['::1'] });
    await expect(update({ allowedSenders: [] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const open = [{ address: '::1', url: `http://[::1]:${port}`, httpsUrl: null, problem: null }];
    expect((await first.client.system.health()).openAddresses).toEqual(open);
    await first.client.bins.create({ name: 'Own', slug: 'own' });
    expect((await fetch(`http://[::1]:${port}/own`, { method: 'POST', body: 'a' })).status).toBe(200);
    await first.stop();

    const second = await startClockedEngine({ dataDir, capturePort: Number(port) });
    expect((await second.client.system.health()).openAddresses).toEqual(open);
    await second.client.system.updateSettings({ openAddress: null });
    await expect(fetch(`http://[::1]:${port}/own`)).rejects.toThrow();
    expect((await fetch(`http://127.0.0.1:${port}/own`)).status).toBe(200);
    expect(await second.client.system.getSettings()).toMatchObject({ openAddress: null, allowedSenders: ['::1'] });
  });

  it.each([
    [{ allowedSenders: ['10.0.0.0/0'] }, 'INPUT_INVALID', 'allowedSenders.0'],
    [{ allowedSenders: ['10.0.0.1', '10.0.0.1/64'] }, 'INPUT_INVALID', 'allowedSenders.1'],
    [{ openAddress: '127.0.0.1', allowedSenders: ['10.0.0.1'] }, 'INPUT_INVALID', 'openAddress'],
    // An address for documentation that no machine here has.
    [{ openAddress: '203.0.113.9', allowedSenders: ['10.0.0.1'] }, 'CONFLICT', 'openAddress'],
    [{ openAddress: '0.0.0.0', allowedSenders: ['10.0.0.1'] }, 'CONFLICT', 'openAddress'],
  ])('refuse %j and stay as they were', async (patch, code, path) => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const before = await client.system.getSettings();
    await expect(client.system.updateSettings(patch)).rejects.toMatchObject({ code, data: { issues: [{ path }] } });
    expect(await client.system.getSettings()).toEqual(before);
    expect((await client.system.health()).openAddresses).toEqual([]);
  });

  it('make a relay to a bin at such an address a loop', async () => {
    const { client, captureUrl } = await startClockedEngine({ capturePort: 0 });
    await client.system.updateSettings({ openAddress: here, allowedSenders: ['127.0.0.1'] });
    const bin = await client.bins.create({ name: 'Own', slug: 'own' });
    const url = `http://${here}:${new URL(captureUrl ?? '').port}/own`;
    await expect(client.relays.create({ name: 'Back', binId: bin.id, targets: [{ url }] })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
