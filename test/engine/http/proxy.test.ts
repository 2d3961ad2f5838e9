import { describe, expect, it, onTestFinished } from 'vitest';
import { Canceller } from '#engine/http/canceller.ts';
import { proxyRouteAt } from '#engine/http/proxy-route.ts';
import { createSender } from '#engine/http/sender.ts';
import { startHttpProxy, startSocksProxy, type ProxyOptions, type TestProxy } from '../../support/proxies.ts';
import { makeCertificate } from '../../support/test-certificates.ts';
import { receiverForTest, sendOptions, testNowMs, wireRequest } from '../dispatch/sender-support.ts';

const kinds: Readonly<Record<'http' | 'socks5', (options?: ProxyOptions) => Promise<TestProxy>>> = {
  http: startHttpProxy,
  socks5: startSocksProxy,
};
const login = { user: 'jane', password: 'pä:ss' };

function senderThrough(address: string, credentials: typeof login | null = null) {
  const route = proxyRouteAt(address, credentials, 1);
  const sender = createSender({ now: () => testNowMs, proxyFor: () => route });
  onTestFinished(sender.close);
  return sender;
}

describe.each(['http', 'socks5'] as const)('through a proxy that speaks %s', (kind) => {
  it('reaches a receiver that only the proxy knows by its name, and keeps the connection', async () => {
    const receiver = await receiverForTest();
    const proxy = await kinds[kind]({ connectTo: receiver.port });
    const sender = senderThrough(`${kind}://127.0.0.1:${proxy.port}`);
    const request = wireRequest('http://hidden.invalid/hook');
    const first = await sender.send(request, sendOptions());
    const second = await sender.send(request, sendOptions());
    expect(first.outcome).toMatchObject({ code: 'ok', message: 'hidden.invalid:80 answered 200 OK.' });
    expect(first.connection).toMatchObject({ proxy: `127.0.0.1:${proxy.port}`, isReused: false, tls: null });
    expect(second.connection).toMatchObject({ proxy: `127.0.0.1:${proxy.port}`, isReused: true });
    expect(proxy.targets).toEqual(['hidden.invalid:80']);
    const arrived = await receiver.nextRequest();
    expect(arrived.header('host')).toBe('hidden.invalid');
    expect(arrived.header('proxy-authorization')).toBeNull();
  });

  it('speaks TLS with the receiver inside, and judges its certificate and nothing of the proxy', async () => {
    const certificate = makeCertificate({ names: ['hidden.invalid'] });
    const receiver = await receiverForTest([], { tls: certificate });
    const proxy = await kinds[kind]({ connectTo: receiver.port });
    const sender = senderThrough(`${kind}://127.0.0.1:${proxy.port}`);
    const request = wireRequest('https://hidden.invalid/hook');
    const refused = await sender.send(request, sendOptions({ verifyTls: true }));
    expect(refused.outcome).toMatchObject({ code: 'tls', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const trusted = await sender.send(request, sendOptions({ verifyTls: false }));
    expect(trusted.outcome.code).toBe('ok');
    expect(trusted.connection).toMatchObject({
      proxy: `127.0.0.1:${proxy.port}`,
      tls: { subject: expect.stringContaining('hidden.invalid') },
    });
    expect(proxy.targets).toEqual(['hidden.invalid:443', 'hidden.invalid:443']);
  });

  it('logs in with user and password, and says which of them is missing or wrong', async () => {
    const receiver = await receiverForTest();
    const proxy = await kinds[kind]({ login, connectTo: receiver.port });
    const address = `${kind}://127.0.0.1:${proxy.port}`;
    const send = async (credentials: typeof login | null) =>
      (await senderThrough(address, credentials).send(wireRequest('http://hidden.invalid/'), sendOptions())).outcome;
    expect(await send(login)).toMatchObject({ code: 'ok' });
    const without = await send(null);
    expect(without).toMatchObject({ code: 'proxy', status: null });
    expect(without.message).toMatch(/^The proxy 127\.0\.0\.1:\d+ .*nter (?:its user and password|them) in the settings\.$/);
    const wrong = await send({ ...login, password: 'other' });
    expect(wrong.message).toMatch(
      kind === 'http' ? /407 Proxy Authentication Required\. Correct its user or password/ : /refused its user and password/,
    );
    expect(JSON.stringify([without, wrong])).not.toContain('other');
  });

  it('says that the proxy did not connect, with its reason, and blames nobody else', async () => {
    const proxy = await kinds[kind]({ refusal: kind === 'http' ? '403 Forbidden by policy' : 2 });
    const { outcome } = await senderThrough(`${kind}://127.0.0.1:${proxy.port}`).send(wireRequest('http://hidden.invalid/'), sendOptions());
    expect(outcome.code).toBe('proxy');
    expect(outcome.message).toBe(
      kind === 'http'
        ? `The proxy 127.0.0.1:${proxy.port} refused to connect to hidden.invalid:80: 403 Forbidden by policy. Its rules do not allow this target, its port, or tunnels.`
        : `The proxy 127.0.0.1:${proxy.port} could not connect to hidden.invalid:80: it says that its rules do not allow it.`,
    );
  });

  it('ends with the deadline, or when it is cancelled, while the proxy does not answer', async () => {
    const proxy = await kinds[kind]({ refusal: 'nothing' });
    const sender = senderThrough(`${kind}://127.0.0.1:${proxy.port}`);
    const late = await sender.send(wireRequest('http://hidden.invalid/'), sendOptions({ timeoutMs: 50 }));
    expect(late.outcome).toMatchObject({ code: 'proxy', reason: 'PROXY_TIMEOUT' });
    expect(late.outcome.message).toContain('did not connect to hidden.invalid:80 within 50 ms');
    const canceller = new Canceller();
    const cancelled = sender.send(wireRequest('http://hidden.invalid/'), sendOptions({ timeoutMs: 60_000, signal: canceller }));
    canceller.abort();
    expect((await cancelled).outcome.code).toBe('cancelled');
  });

  it('names the proxy beside a receiver that breaks the connection behind it', async () => {
    const proxy = await kinds[kind]({ connectTo: 9 });
    const { outcome } = await senderThrough(`${kind}://127.0.0.1:${proxy.port}`).send(wireRequest('http://hidden.invalid/'), sendOptions());
    expect(outcome.code).toBe('proxy');
    expect(outcome.reason).toBe('PROXY_CLOSED');
  });
});

describe('a password for a proxy', () => {
  it('is not told by an answer that repeats it, in whatever form', async () => {
    const encoded = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    const proxy = await startHttpProxy({ refusal: `403 not with ${encoded}` });
    const { outcome } = await senderThrough(`http://127.0.0.1:${proxy.port}`, login).send(
      wireRequest('http://hidden.invalid/'),
      sendOptions(),
    );
    expect(outcome.message).toContain('refused to connect to hidden.invalid:80: 403 Forbidden. Its rules');
    expect(JSON.stringify(outcome)).not.toContain(encoded);
  });

  it.each([{ user: 'u'.repeat(256) }, { password: 'ä'.repeat(128) }])('that SOCKS5 cannot carry is refused in words: %j', async (long) => {
    const proxy = await startSocksProxy({ login });
    const sender = senderThrough(`socks5://127.0.0.1:${proxy.port}`, { ...login, ...long });
    const { outcome } = await sender.send(wireRequest('http://hidden.invalid/'), sendOptions());
    expect(outcome).toMatchObject({ code: 'proxy', reason: 'PROXY_LOGIN' });
    expect(outcome.message).toContain('takes a user and a password of at most 255 bytes each');
    expect(proxy.targets).toEqual([]);
  });
});

describe('a proxy that is not there', () => {
  it('is what failed, not the receiver', async () => {
    const receiver = await receiverForTest();
    const { outcome } = await senderThrough('http://127.0.0.1:9').send(wireRequest(receiver.url), sendOptions());
    expect(outcome).toMatchObject({ code: 'proxy', reason: 'ECONNREFUSED' });
    expect(outcome.message).toContain('The proxy 127.0.0.1:9 refused the connection: nothing is listening there.');
    expect(receiver.requests).toEqual([]);
  });

  it('is told apart from one of the other kind', async () => {
    const [http, socks] = [await startHttpProxy(), await startSocksProxy()];
    const send = async (address: string) =>
      (await senderThrough(address).send(wireRequest('http://hidden.invalid/'), sendOptions({ timeoutMs: 2000 }))).outcome;
    expect((await send(`http://127.0.0.1:${socks.port}`)).code).toBe('proxy');
    expect((await send(`socks5://127.0.0.1:${http.port}`)).code).toBe('proxy');
  });
});
