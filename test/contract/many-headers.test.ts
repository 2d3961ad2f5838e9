import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { startTestEngine } from '../support/engine.ts';
import { openMessagePort, openRest, openWebSocket } from './doors.ts';

const many = (count: number): HeaderField[] => Array.from({ length: count }, (_, index) => [`X-Name-${index}`, `é "${index}"`]);

/** Sends a request with these headers to a URL of ours, as raw bytes. */
async function sendHeaders(url: string, headers: readonly HeaderField[]): Promise<void> {
  const { port, pathname, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const lines = [['Host', host] as const, ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'));
  await once(socket, 'data');
}

it('very many headers of a capture and of an answer are the same at every door', async () => {
  const { engine } = await startTestEngine();
  const own = createDirectClient(engine.router, admit('tester'));
  const bin = await own.bins.create({ name: 'Many', slug: 'many' });
  const sent = many(5000);
  await sendHeaders(bin.url, sent);
  const [row] = (await own.captures.list({ binId: bin.id })).items;

  const answered = many(400);
  const receiver = createServer((_request, response) => response.writeHead(200, answered.flat()).end()).listen(0, '127.0.0.1');
  onTestFinished(() => void receiver.close());
  await once(receiver, 'listening');
  const target = { name: 'Talkative', url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, signing: null };
  const { id: messageId } = await own.messages.send({ type: 'a.b', target });
  const stop = new AbortController();
  const followed = await own.system.changes(undefined, { signal: stop.signal });
  let delivery = (await own.deliveries.list({ messageId })).items[0];
  while (delivery?.status !== 'delivered') {
    await followed.next();
    delivery = (await own.deliveries.list({ messageId })).items[0];
  }

  stop.abort();

  for (const client of [own, await openRest(engine.router), await openWebSocket(engine.router), await openMessagePort(engine.router)]) {
    const capture = await client.captures.get({ id: row?.id ?? '' });
    expect(capture.headers.slice(1)).toEqual(sent);
    expect(capture.trailers).toEqual([]);
    const { attempts } = await client.deliveries.get({ id: delivery.id });
    expect(attempts[0]?.response?.headers.slice(0, answered.length)).toEqual(answered);
  }
});
