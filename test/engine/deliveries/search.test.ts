import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

async function delivered(step: Step, data: Parameters<Awaited<ReturnType<typeof startClockedEngine>>['client']['messages']['send']>[0]) {
  const target = await startReceiver([step]);
  onTestFinished(target.close);
  const engine = await startClockedEngine();
  await engine.client.endpoints.create({ name: 'Laden', url: `${target.url}/Haken?key=a%20b`, retryPolicy: 'none' });
  const id = (await engine.client.messages.send(data)).deliveries[0]?.id ?? '';
  const delivery = await engine.deliveryWhen(id, hasAttempts(1));
  const found = async (q: string) => {
    const page = await engine.client.deliveries.list({ q });
    return { ids: page.items.map((item) => item.id), where: page.items[0]?.foundIn, inPart: page.searchedInPart };
  };
  return { engine, id, delivery, found };
}

describe('a search of the log', () => {
  it('finds what a receiver answered, whatever it is packed in, and says where it was found', async () => {
    const body = gzipSync('{"error":"Kein \u00c4rger, nur M\u00fche"}');
    const { id, delivery, found, engine } = await delivered(
      respond({
        body,
        headers: [
          ['content-encoding', 'gzip'],
          ['content-type', 'application/json'],
          ['x-trace', 'Spur-77'],
        ],
      }),
      { type: 'order.paid', data: { text: 'na\u00efve', url: 'https://x.test/' } },
    );
    expect(await found('\u00e4RGER')).toEqual({ ids: [id], where: 'answer body', inPart: undefined });
    expect(await found('x-trace: spur-77')).toMatchObject({ ids: [id], where: 'answer headers' });
    expect(await found('NAI\u0308VE')).toMatchObject({ ids: [id], where: 'request body' });
    expect(await found('ORDER.')).toMatchObject({ ids: [id], where: 'event type' });
    expect(await found('laden')).toMatchObject({ ids: [id], where: 'endpoint' });
    expect(await found('haken?key=a b')).toMatchObject({ ids: [id], where: 'url' });
    expect(await found('user-agent: hookyard')).toMatchObject({ ids: [id], where: 'request headers' });
    expect(await found(delivery.attempts[0]?.id ?? '')).toMatchObject({ ids: [id], where: 'id' });
    expect((await found('nowhere')).ids).toEqual([]);
    // What stands beside the list counts the same, and is replayed the same.
    expect((await engine.client.deliveries.stats({ q: '\u00e4rger' })).total).toBe(1);
    const replay = await engine.client.replays.preview({ source: { kind: 'redeliver', filter: { q: '\u00e4rger' } } });
    expect(replay).toMatchObject({ total: 1, sample: [{ deliveryId: id }] });
    expect(await engine.client.replays.preview({ source: { kind: 'redeliver', filter: { q: 'nowhere' } } })).toMatchObject({ total: 0 });
  });

  it('tells how many bodies could be looked at in part only', async () => {
    const bytes = gzipSync('a'.repeat(5000));
    const { id, found } = await delivered(
      respond({ body: bytes.subarray(0, bytes.byteLength - 10), headers: [['content-encoding', 'gzip']] }),
      { type: 'a.b' },
    );
    expect(await found('nowhere')).toEqual({ ids: [], where: undefined, inPart: 1 });
    expect(await found('aaaa')).toEqual({ ids: [id], where: 'answer body', inPart: undefined });
  });

  it('shows the answer unpacked, beside the one that came', async () => {
    const body = gzipSync('{"error":"\u00c4rger"}');
    const { delivery, engine } = await delivered(respond({ body, headers: [['content-encoding', 'gzip']] }), {
      type: 'a.b',
      data: { a: 1 },
    });
    const attemptId = delivery.attempts[0]?.id ?? '';
    const decoded = await engine.client.deliveries.decoded({ id: attemptId });
    expect(decoded).toMatchObject({ undone: ['gzip'], rawBytes: body.byteLength, problems: [] });
    expect(Buffer.from(decoded.bodyBase64, 'base64').toString()).toBe('{"error":"\u00c4rger"}');
    const sent = await engine.client.deliveries.decoded({ id: attemptId, of: 'request' });
    expect(sent).toMatchObject({ undone: [], charset: 'utf-8', summary: 'UTF-8' });
    expect((await engine.client.deliveries.attempt({ id: attemptId })).response?.bodyBase64).toBe(body.toString('base64'));
    await expect(engine.client.deliveries.decoded({ id: 'att_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
