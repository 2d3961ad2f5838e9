import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw, headerOf } from '../../support/raw-http-client.ts';

const request = 'GET /own HTTP/1.1\r\n\r\n';

describe('requests sent ahead on one connection', () => {
  it('are not read on while a hundred have no answer, and all of them are kept and answered', async () => {
    let begun = 0;
    const hundred = Promise.withResolvers<void>();
    const { capture, port, clock, captures } = await startCaptureWorkspace({
      deliveryOf: ({ headers }) => {
        if (headers.length === 0 && (begun += 1) === 100) hundred.resolve();
        return null;
      },
    });
    await capture.createBin({ name: 'Own', slug: 'own', response: { status: 200, headers: {}, body: '', delayMs: 1000 } });
    await capture.createBin({ name: 'Other', slug: 'other' });
    const ahead = await connectRaw(port);
    ahead.write(request.repeat(150));
    await hundred.promise;
    const other = await connectRaw(port);
    for (let index = 0; index < 20; index += 1) {
      other.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(await other.answer()).toMatchObject({ status: 200 });
    }
    expect(begun).toBe(100);
    let answered = 0;
    const answers = (async () => {
      while (answered < 150) {
        expect(await ahead.answer()).toMatchObject({ status: 200 });
        answered += 1;
      }
    })();
    while (answered < 150) {
      clock.advance(1000);
      await nextTurn();
    }
    await answers;
    expect(begun).toBe(150);
    expect(await captures()).toHaveLength(170);
  });
});

describe('connections', () => {
  it('are refused with a sentence from a limit on, which is an entry, and taken again when others have ended', async () => {
    const { capture, port, refused } = await startCaptureWorkspace({ limits: { connections: 3 } });
    await capture.createBin({ name: 'Own', slug: 'own' });
    const taken = await Promise.all([1, 2, 3].map(() => connectRaw(port)));
    const first = taken[0];
    if (first === undefined) throw new Error('There is no connection.');
    first.write(request);
    await first.answer();
    const tooMany = await connectRaw(port);
    tooMany.write(request);
    const answer = await tooMany.answer();
    expect([answer.status, headerOf(answer, 'retry-after'), headerOf(answer, 'connection')]).toEqual([503, '5', 'close']);
    expect(answer.body).toBe(
      '3 connections were open, as many as this port takes. Close connections that are not needed any more, or send several requests on one, and send this one again.\n',
    );
    expect(await refused()).toMatchObject([{ reason: 'too-many-connections', status: 503, receivedBytes: 0 }]);
    first.write(request);
    expect(await first.answer()).toMatchObject({ status: 200 });
    first.socket.end();
    await once(first.socket, 'close');
    const next = await connectRaw(port);
    next.write(request);
    expect(await next.answer()).toMatchObject({ status: 200 });
  });

  it('far beyond the limit are ended without a word, and counted', async () => {
    const { port, refused } = await startCaptureWorkspace({ limits: { connections: 1 } });
    const sockets = [];
    for (let index = 0; index < 1 + 256; index += 1) sockets.push(await connectRaw(port));
    await sockets.at(-1)?.answer();
    const ended = await connectRaw(port);
    expect(await ended.untilClosed()).toBe('');
    const entries = await refused();
    expect(entries[0]).toMatchObject({ reason: 'too-many-connections' });
  });
});

describe('heads that do not end', () => {
  const head = (bytes: number) => `POST /own HTTP/1.1\r\nX-Long: ${'x'.repeat(bytes)}`;

  it('share their room, beyond which a large one is refused with an entry; a usual request is taken, and the room comes back', async () => {
    const { capture, port, refused, captures } = await startCaptureWorkspace({ limits: { openHeadsBytes: 20_000 } });
    await capture.createBin({ name: 'Own', slug: 'own' });
    const waiting = await connectRaw(port);
    waiting.write(head(15_000));
    const tooMuch = await connectRaw(port);
    tooMuch.write(head(15_000));
    // Whichever comes in second.
    const answer = await Promise.race([waiting, tooMuch].map(async (client) => ({ client, ...(await client.answer()) })));
    expect(answer.status).toBe(503);
    expect(answer.body).toMatch(
      /^150\d\d bytes of headers came and did not end, and the open headers of all connections were over 20000 bytes\. /,
    );
    expect(await refused()).toMatchObject([{ reason: 'heads-no-room', status: 503, firstLine: 'POST /own HTTP/1.1' }]);
    const usual = await connectRaw(port);
    usual.write(request);
    expect(await usual.answer()).toMatchObject({ status: 200 });
    const kept = answer.client === waiting ? tooMuch : waiting;
    answer.client.socket.destroy();
    kept.write('\r\n\r\n');
    expect(await kept.answer()).toMatchObject({ status: 200 });
    const later = await connectRaw(port);
    later.write(head(15_000));
    later.write('\r\n\r\n');
    expect(await later.answer()).toMatchObject({ status: 200 });
    expect(await captures()).toHaveLength(3);
  });
});
