import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, describe, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import { openMessagePort, openRest, openTestServer, openWebSocket, testToken } from './doors.ts';

describe.each([
  ['REST', openRest],
  ['WebSocket', openWebSocket],
  ['message port', openMessagePort],
])('a wait over %s', (_, open) => {
  it('is answered when it is met, and with the nearest miss when it is not', async () => {
    const client = await open((await startTestEngine()).engine.router);
    const bin = await client.bins.create({ name: 'Orders' });
    const sinceMs = 0;
    await fetch(bin.url, { method: 'POST', body: '{"type":"invoice.created"}' });
    const asked = { for: 'captures', binId: bin.id, sinceMs } as const;
    expect(await client.waits.wait(asked)).toMatchObject({ for: 'captures', isMet: true, matchCount: 1, matched: [{ binId: bin.id }] });
    expect(await client.waits.wait({ ...asked, match: { eventTypes: ['invoice.paid'] }, withinMs: 1 })).toMatchObject({
      isMet: false,
      nearest: { unmet: [{ condition: 'type=invoice.paid', found: 'It is invoice.created' }] },
    });
  });

  it('is refused while the engine stops', async () => {
    const { engine } = await startTestEngine();
    const client = await open(engine.router);
    const { items } = await client.bins.list({});
    expect(items).toEqual([]);
    await engine.endWaits();
    await expect(client.waits.wait({ for: 'captures' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
  });
});

it('a wait ends when its caller closes the connection', async () => {
  const { engine } = await startTestEngine();
  const { url } = await openTestServer(engine.router);
  const ask = (withinMs: number, signal?: AbortSignal) =>
    fetch(`${url}/api/waits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ for: 'captures', withinMs }),
      signal: signal ?? null,
    });
  const leave = new AbortController();
  // Some more than may wait: one that is asked in between takes a place.
  const all = Promise.allSettled(Array.from({ length: 80 }, () => ask(600_000, leave.signal)));
  let status = 0;
  for (; status !== 503; await nextTurn()) ({ status } = await ask(1));
  leave.abort();
  await all;
  for (; status === 503; await nextTurn()) ({ status } = await ask(1));
  expect(status).toBe(200);
});
