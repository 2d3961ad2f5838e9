import { describe, expect, it } from 'vitest';
import { createPasteReader, doPasteOrder, readAtOnce, type PasteOrder } from '../../../src/renderer/base/paste-reader.ts';

/** A reader with what its workers were asked to do, and how many of them were ended. */
function openReader(done: (order: PasteOrder) => Promise<unknown> = async (order) => doPasteOrder(order)) {
  const orders: string[] = [];
  const ended: number[] = [];
  const reader = createPasteReader(() => ({
    done: (order) => {
      orders.push(order.order);
      return done(order);
    },
    end: () => ended.push(orders.length),
  }));
  return { reader, orders, ended };
}

const raw = (bodyCharacters: number) => `POST /in HTTP/1.1\nX-A: 1\n\n${'x'.repeat(bodyCharacters)}`;

describe('the reader of pastes', () => {
  it('reads a small one at once, and a large one in a worker that ends with it', async () => {
    const { reader, orders, ended } = openReader();
    expect(await reader.read({ text: raw(10) }, null)).toMatchObject({ kind: 'raw_request', headers: [['X-A', '1']] });
    expect(orders).toEqual([]);
    expect((await reader.read({ text: raw(readAtOnce) }, null)).body?.length).toBe(readAtOnce);
    expect((await reader.read({ bytes: Buffer.from(raw(readAtOnce)) }, 'body')).body?.length).toBeGreaterThan(readAtOnce);
    expect([orders, ended]).toEqual([
      ['read', 'read'],
      [1, 2],
    ]);
  });

  it('shows another request and decodes a body in a worker where these are large', async () => {
    const { reader, orders } = openReader();
    const entries = [1, 2].map((size) => ({ headers: { 'X-A': String(size) }, body: 'x'.repeat(size === 2 ? readAtOnce + 1 : 1) }));
    const whole = await reader.read({ text: JSON.stringify(entries) }, null);
    expect((await reader.choose(whole, 0)).headers).toEqual([['X-A', '1']]);
    expect((await reader.choose(whole, 1)).body?.length).toBe(readAtOnce + 1);
    expect(await reader.decode('QUJD', 'base64')).toMatchObject({ ok: true, bytes: new Uint8Array([65, 66, 67]) });
    expect(await reader.decode('ab'.repeat(readAtOnce), 'hex')).toMatchObject({ ok: true });
    expect(orders).toEqual(['read', 'choose', 'decode']);
  });

  it('ends a worker that is given up, or that breaks', async () => {
    const { reader, ended } = openReader(() => new Promise(() => undefined));
    const reading = new AbortController();
    const given = reader.read({ text: raw(readAtOnce) }, null, reading.signal);
    reading.abort(new Error('typed'));
    await expect(given).rejects.toThrow('typed');
    expect(ended).toEqual([1]);
    const broken = openReader(() => Promise.reject(new Error('no worker')));
    await expect(broken.reader.read({ text: raw(readAtOnce) }, null)).rejects.toThrow('no worker');
    expect(broken.ended).toEqual([1]);
  });
});
