import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { connect } from '../../src/client/index.ts';
import type * as told from '../../src/client/types.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import type { WaitResult } from '#shared/contract/waits.ts';
import { openTestServer, testToken } from '../contract/doors.ts';
import { startTestEngine } from '../support/engine.ts';

async function open() {
  const { engine } = await startTestEngine();
  const { url } = await openTestServer(engine.router);
  return { url, hookyard: connect({ url, token: testToken }) };
}

const post = async (url: string, body: string) => await fetch(url, { method: 'POST', body });

describe('hookyard/client', () => {
  it('has the types of the contract', () => {
    expectTypeOf<Capture>().toExtend<Omit<told.Capture, 'body' | 'header' | 'text' | 'json'>>();
    expectTypeOf<DeliverySummary>().toExtend<told.Delivery>();
    expectTypeOf<DeliverySummary['status']>().toEqualTypeOf<told.DeliveryStatus>();
    expectTypeOf<MessageAnswer>().toExtend<told.SentMessage>();
    expectTypeOf<WaitResult>().toExtend<told.WaitResult>();
  });

  it('waits for what a bin captured since it was asked for, with its exact body', async () => {
    const { hookyard } = await open();
    const first = await hookyard.bin('My Orders', { response: { status: 202 } });
    await post(`${first.url}/a?x=1`, '{"type":"invoice.created","data":{"total":1}}');
    const orders = await hookyard.bin('my orders');
    expect(orders.id).toBe(first.id);
    const answered = await post(orders.url, '{"type":"invoice.paid","data":{"total":4900,"due":true}}');
    expect(answered.status).toBe(202);
    const paid = await orders.waitForCapture({ json: { 'data.total': 4900, 'data.due': true } });
    expect({ ...paid, json: paid.json(), type: paid.header('CONTENT-TYPE'), bytes: paid.body.length }).toMatchObject({
      method: 'POST',
      status: 202,
      json: { data: { total: 4900 } },
      type: 'text/plain;charset=UTF-8',
      bytes: 56,
    });
    await expect(orders.waitForCapture({ eventType: 'invoice.created', withinMs: 1 })).rejects.toThrow(
      /^None of 1 capture matched; .*\nClosest: cap_\w+ {2}POST .*\n {2}type=invoice.created: It is invoice.paid$/,
    );
    expect(
      await first.waitForCaptures({ inOrder: [{ eventType: 'invoice.created', query: { x: '1' }, path: '/a' }, { method: 'POST' }] }),
    ).toHaveLength(2);
    await expect(first.waitForNoCapture({ eventType: 'invoice.*', withinMs: 1 })).rejects.toThrow('2 captures matched; none was expected.');
    await expect(
      hookyard.waitForCapture({ bin: orders, body: { type: 'invoice.paid', data: { total: 1, due: true } }, withinMs: 1 }),
    ).rejects.toThrow('$.data.total: expected 1, got 4900');
    await orders.respond({ status: 503 });
    expect((await post(orders.url, '')).status).toBe(503);
    await expect((await orders.waitForCaptures({ count: 2 })).map((capture) => capture.text())).toHaveLength(2);
    await expect(
      orders.waitForCapture({ path: '/', headers: { 'content-length': '0' } }).then((capture) => capture.json()),
    ).rejects.toThrow(/^The body of cap_\w+ is no JSON /);
  });

  it('compares values of JSON with their types', async () => {
    const { hookyard } = await open();
    const bin = await hookyard.bin('Types');
    await post(bin.url, '{"total":"4900","ok":"true","gone":"null","id":"inv_7"}');
    const notMet = async (json: Record<string, told.Expected>) =>
      await bin.waitForCapture({ json, withinMs: 1 }).then(
        () => 'met',
        ({ message }: Error) => message,
      );
    expect(await notMet({ total: 4900 })).toContain('json.total:=4900: It is "4900", a text');
    expect(await notMet({ ok: true })).toContain('json.ok:=true: It is "true", a text');
    expect(await notMet({ gone: null })).toContain('json.gone:=null: It is "null", a text');
    expect(await notMet({ missing: null })).toContain('json.missing:=null: It has none.');
    expect(await notMet({ total: '4900', id: 'inv_*', ok: '*' })).toBe('met');
    await post(bin.url, '{"n":1}');
    expect(await notMet({ n: '1' })).toContain('json.n:="1": It is 1, a number');
    expect(await notMet({ n: 1 })).toBe('met');
  });

  it('makes one bin where several files ask for it at once', async () => {
    const { hookyard } = await open();
    const bins = await Promise.all(Array.from({ length: 5 }, async () => await hookyard.bin('Orders')));
    expect(new Set(bins.map(({ id }) => id)).size).toBe(1);
  });

  it('sends to bins that verify, waits for the delivery, and tells what a receiver answered', async () => {
    const { hookyard } = await open();
    const secret = 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=';
    const bin = await hookyard.bin('Verified', { secret });
    const signed = await hookyard.send('invoice.paid', { total: 1 }, { to: bin.url, secret, id: 'msg_1' });
    const delivery = await hookyard.waitForDelivery({ message: signed, status: 'delivered', answer: [200] });
    expect(delivery).toMatchObject({ messageId: 'msg_1', eventType: 'invoice.paid' });
    await hookyard.redeliver(delivery);
    expect(await bin.waitForCaptures({ verdict: 'valid', count: 2 })).toHaveLength(2);
    await hookyard.send('invoice.paid', { total: 1 }, { to: bin.url });
    expect(await bin.waitForCapture({ verdict: 'unsigned' })).toMatchObject({ verdict: 'unsigned' });
    await bin.respond({ status: 500, body: 'the database is gone' });
    const refused = await hookyard.send(
      'invoice.paid',
      {},
      { to: bin.url, scheme: 'stripe', secret: 'whsec_abc', headers: { 'X-Try': '1' } },
    );
    await bin.waitForCapture({ headers: { 'x-try': '1' } });
    await hookyard.waitForDelivery({ message: refused.id, status: 'failed', outcome: 'http_status' });
    await expect(hookyard.waitForDelivery({ message: refused, status: 'delivered', withinMs: 1 })).rejects.toThrow(
      /status=delivered: It is failed: .*\n {2}Its answer to attempt 1 was 500: the database is gone$/,
    );
    await bin.respond({ status: 200 });
    await hookyard.clock.attemptNow((await hookyard.waitForDeliveries({ message: refused }))[0] ?? '');
    await hookyard.waitForDelivery({ message: refused, status: 'delivered' });
    await hookyard.clock.setScale(60);
    expect(await hookyard.clock.scale()).toBe(60);
  });

  it('refuses options that a call does not have, with the one that was probably meant', async () => {
    const { hookyard } = await open();
    const bin = await hookyard.bin('Options');
    await post(bin.url, '{"total":1}');
    // As JavaScript calls it, in which no compiler looks at the names.
    const as = (options: object): never => options as never;
    const refusals = {
      'waitForDelivery() has no option "answr": did you mean answer?': () => hookyard.waitForDelivery(as({ answr: 404 })),
      'waitForDelivery() has no option "count": it has message, endpoint,': () => hookyard.waitForDelivery(as({ count: 2 })),
      'waitForCapture() has no option "total": it has bin, eventType, method,': () => hookyard.waitForCapture(as({ total: 4900 })),
      'bin.waitForCapture() has no option "total": it has eventType, method,': () => bin.waitForCapture(as({ total: 4900 })),
      'bin.waitForCaptures() has no option "atmost": did you mean atMost?': () => bin.waitForCaptures(as({ atmost: 1 })),
      'bin.waitForNoCapture() has no option "verdicts": did you mean verdict?': () => bin.waitForNoCapture(as({ verdicts: ['valid'] })),
      'a step of inOrder has no option "eventTyp": did you mean eventType?': () =>
        bin.waitForCaptures(as({ inOrder: [{ eventTyp: 'a' }] })),
      'send() has no option "secrets": did you mean secret?': () => hookyard.send('x', {}, as({ to: bin.url, secrets: 'x' })),
      'send() has no option "retries": it has to, id,': () => hookyard.send('x', {}, as({ to: bin.url, retries: 3 })),
      'bin() has no option "respons": did you mean response?': () => hookyard.bin('x', as({ respons: { status: 503 } })),
      'bin.respond() has no option "statsu": did you mean status?': () => bin.respond(as({ statsu: 503 })),
      'The options of send() are "http://a": give an object.': () => hookyard.send('x', {}, as('http://a' as never)),
      'The option secret of send() goes with a URL in to': () => hookyard.send('x', {}, { to: 'Shop', secret: 'whsec_abc' }),
    };
    for (const [sentence, call] of Object.entries(refusals)) await expect(call(), sentence).rejects.toThrow(sentence);
    expect(() => connect(as({ uri: 'http://127.0.0.1:9' }))).toThrow('connect() has no option "uri": it has url, token.');
  });

  it('refuses options that are given without a value', async () => {
    const { hookyard } = await open();
    const bin = await hookyard.bin('Values');
    await post(bin.url, '{"invoice":"inv_1"}');
    const as = (options: object): never => options as never;
    const unset = process.env['HOOKYARD_TEST_UNSET'];
    const unsigned = 'set the variable that it is read from, such as WEBHOOK_SECRET, or leave it out for requests without a signature.';
    const refusals = {
      [`The option secret of send() is undefined: ${unsigned}`]: () => hookyard.send('x', {}, as({ to: bin.url, secret: unset })),
      [`The option secret of send() is empty: ${unsigned}`]: () => hookyard.send('x', {}, { to: bin.url, secret: '' }),
      [`The option target.secret of send() is undefined: ${unsigned}`]: () =>
        hookyard.send('x', {}, { to: bin.url, target: { secret: unset } }),
      [`The option secret of bin() is undefined: ${unsigned}`]: () => hookyard.bin('Values', as({ secret: unset })),
      'The option to of send() is undefined: give it a value, or leave it out.': () => hookyard.send('x', {}, as({ to: unset })),
      'The option json.invoice of bin.waitForCapture() is undefined': () => bin.waitForCapture(as({ json: { invoice: unset } })),
      'The option message of waitForDelivery() is undefined': () => hookyard.waitForDelivery(as({ message: unset })),
      'The message is a promise: put await before the call that returns it.': () =>
        hookyard.waitForDelivery(as({ message: Promise.resolve({ id: 'msg_1' }) })),
      'The bin is a promise: put await before': () => hookyard.waitForCapture(as({ bin: Promise.resolve(bin) })),
      'The delivery is undefined: give its id': () => hookyard.redeliver(unset as never),
      'Give clock.setScale() a number': () => hookyard.clock.setScale(unset as never),
    };
    for (const [sentence, call] of Object.entries(refusals)) await expect(call(), sentence).rejects.toThrow(sentence);
  });

  it('says what to change when something is not there', async () => {
    const { hookyard, url } = await open();
    await expect(hookyard.send('a', {}, { to: 'Shop' })).rejects.toThrow('There is no endpoint "Shop" (there are none yet)');
    await expect(hookyard.waitForCapture({ bin: 'orders' })).rejects.toThrow('There is no bin "orders": bin("orders") makes one.');
    await expect(hookyard.waitForCapture({ withinMs: 0 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('withinMs'),
    });
    await expect(connect({ url, token: 'other' }).clock.scale()).rejects.toThrow(`The Hookyard at ${url} refuses the token`);
    await expect(connect({ url: 'http://127.0.0.1:9', token: 'x' }).bin('a')).rejects.toThrow(
      'No Hookyard answers at http://127.0.0.1:9 (ECONNREFUSED)',
    );
    await expect(connect({ token: 'x', url: '' }).bin('a')).rejects.toThrow(
      'HOOKYARD_URL is not set: run the tests with "hookyard with -- COMMAND"',
    );
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(connect({ url: otherUrl, token: 'x' }).bin('a')).rejects.toThrow(`What answers at ${otherUrl} is no Hookyard`);
  });
});
