import type { LookupAddress } from 'node:dns';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressBeyondLoopback, BeyondLoopbackError, isLoopbackAddress, withinLoopback } from '#engine/http/loopback.ts';
import { createSender } from '#engine/http/sender.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

// Of TEST-NET-1 (RFC 5737): nobody has it.
const elsewhere = '192.0.2.1';

it.each([
  ['127.0.0.1', true],
  ['127.255.3.4', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['localhost', false],
])('knows whether %s is an address of loopback', (address, isOne) => {
  expect(isLoopbackAddress(address)).toBe(isOne);
});

describe('a name', () => {
  const lookUp = (...addresses: readonly string[]) =>
    new Promise<readonly LookupAddress[] | Error>((resolve) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      withinLoopback((_host, _options, done) => done(null, found))('shop.test', { all: true }, (error, kept) =>
        resolve(error ?? (kept as LookupAddress[])),
      );
    });
  it('is connected to at its loopback addresses only', async () => {
    expect(await lookUp(elsewhere, '127.0.0.1', '::1')).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  });
  it('is not connected to where it has none', async () => {
    const error = await lookUp(elsewhere);
    expect(error).toBeInstanceOf(BeyondLoopbackError);
    expect(error).toMatchObject({ address: elsewhere });
  });
});

it('tells where a URL leads before it is sent to', async () => {
  expect(await addressBeyondLoopback(`http://${elsewhere}/`)).toBe(elsewhere);
  expect(await addressBeyondLoopback('http://[2001:db8::1]:3000/')).toBe('2001:db8::1');
  for (const url of ['http://localhost:3000/', 'http://shop.localhost/', 'http://127.0.0.1/', 'http://[::1]/', 'http://0x7f000001/'])
    expect(await addressBeyondLoopback(url)).toBe(null);
});

describe('a request that has to stay on loopback', () => {
  const send = async (url: string, isWithinLoopback = true) => {
    const sender = createSender({ now: () => 0, proxyFor: () => null });
    onTestFinished(sender.close);
    return await sender.send(
      { method: 'POST', url, headers: [], body: new TextEncoder().encode('{}') },
      {
        timeoutMs: 60_000,
        verifyTls: true,
        keptBytes: 1000,
        successRule: '2xx',
        redirects: { follow: 3 },
        isWithinLoopback,
        signal: new AbortController().signal,
      },
    );
  };
  const receiver = async (answer: Step) => {
    const started = await startReceiver([answer]);
    onTestFinished(started.close);
    return started;
  };

  it('arrives there', async () => {
    const { url } = await receiver(respond({ status: 204 }));
    expect((await send(url)).outcome).toMatchObject({ code: 'ok', status: 204 });
  });
  it.each(['http', 'https'])('goes to no other address over %s', async (protocol) => {
    const { outcome, timings } = await send(`${protocol}://${elsewhere}:9/hooks`);
    expect(outcome).toMatchObject({ code: 'policy', reason: 'BEYOND_LOOPBACK' });
    expect(outcome.message).toContain(`Nothing was sent to ${elsewhere}:9`);
    expect(timings.connectMs).toBe(null);
  });
  it('follows no redirect away from it', async () => {
    const { url } = await receiver(respond({ status: 307, headers: [['location', `http://${elsewhere}:9/`]] }));
    const { outcome, redirects } = await send(url);
    expect(outcome).toMatchObject({ code: 'policy', reason: 'BEYOND_LOOPBACK' });
    expect(redirects).toHaveLength(1);
  });
});
