import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProxyBook } from '#engine/settings/proxy-book.ts';
import { createSettingsBook } from '#engine/settings/settings.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { startHttpProxy, startSocksProxy } from '../../support/proxies.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';

const password = 'the-password-of-the-proxy';

describe('the proxy of a workspace', () => {
  it('carries deliveries and fetches of access tokens, and stands in the log by its name', async () => {
    const receiver = await startReceiver();
    onTestFinished(receiver.close);
    const proxy = await startHttpProxy({ login: { user: 'jane', password }, connectTo: receiver.port });
    const engine = await startClockedEngine();
    const saved = await engine.client.system.updateSettings({
      proxy: 'own',
      proxyUrl: `http://127.0.0.1:${proxy.port}`,
      proxyUser: 'jane',
      proxyPassword: password,
    });
    expect(saved).toMatchObject({ proxy: 'own', hasProxyPassword: true });
    const { id: authId } = await engine.client.auths.create({
      name: 'Partner',
      parts: [{ kind: 'oauth2', tokenUrl: 'http://tokens.invalid/token', clientId: 'me', clientSecret: 'a-client-secret' }],
    });
    const { id } = await engine.client.endpoints.create({
      name: 'Far',
      url: 'http://far.invalid/hook',
      signing: null,
      authId,
      retryPolicy: { kind: 'none' },
    });
    receiver.append();
    const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', ({ status }) => status !== 'pending' && status !== 'failed');
    expect(proxy.targets[0]).toBe('tokens.invalid:80');
    expect(delivery.attempts[0]?.outcome?.code).toBe('auth');
    await engine.client.endpoints.update({ id, authId: null });
    const again = await engine.client.messages.send({ type: 'a.b', data: {} });
    const sent = await engine.deliveryWhen(again.deliveries[0]?.id ?? '', ({ status }) => status === 'delivered');
    expect(proxy.targets).toContain('far.invalid:80');
    expect(sent.attempts[0]?.connection).toMatchObject({ proxy: `127.0.0.1:${proxy.port}` });
  });

  it('reaches this machine and listed targets without it, unless this machine was chosen', async () => {
    const receiver = await startReceiver();
    onTestFinished(receiver.close);
    const proxy = await startSocksProxy();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Near', url: `${receiver.url}/hook` });
    await engine.client.system.updateSettings({ proxy: 'own', proxyUrl: `socks5://127.0.0.1:${proxy.port}` });
    const proxyOf = async () => {
      const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
      const { attempts } = await engine.deliveryWhen(deliveries[0]?.id ?? '', ({ status }) => status === 'delivered');
      return attempts[0]?.connection?.proxy;
    };
    expect(await proxyOf()).toBeUndefined();
    await engine.client.system.updateSettings({ bypassLoopback: false });
    expect(await proxyOf()).toBe(`127.0.0.1:${proxy.port}`);
    await engine.client.system.updateSettings({ noProxy: ['127.0.0.0/8'] });
    expect(await proxyOf()).toBeUndefined();
    await engine.client.system.updateSettings({ noProxy: [], proxy: 'none' });
    expect(await proxyOf()).toBeUndefined();
  });

  it('is retried like any failure of the network when it does not connect', async () => {
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({
      name: 'Far',
      url: 'http://far.invalid/',
      retryPolicy: { kind: 'schedule', delaysMs: [60_000], retryOn: { kind: 'network' } },
    });
    await engine.client.system.updateSettings({ proxy: 'own', proxyUrl: 'http://127.0.0.1:9' });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', ({ status }) => status === 'failed');
    expect(delivery.attempts[0]?.outcome).toMatchObject({ code: 'proxy', reason: 'ECONNREFUSED' });
  });

  it('keeps its password sealed over a restart, tells it nobody, and forgets it', async () => {
    const first = await startClockedEngine();
    await first.client.system.updateSettings({ proxyUrl: 'https://proxy.example', proxyPassword: password });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir });
    const settings = await second.client.system.getSettings();
    expect(settings).toMatchObject({ proxy: 'none', proxyUrl: 'https://proxy.example', hasProxyPassword: true });
    const removed = await second.client.system.updateSettings({ proxyPassword: null });
    expect(removed.hasProxyPassword).toBe(false);
    const everything = [
      JSON.stringify(settings),
      JSON.stringify(first.logLines),
      readFileSync(join(first.dataDir, 'hookyard.db'), 'latin1'),
    ];
    for (const text of everything) expect(text).not.toContain(password);
  });

  it('gets its password in one step with its address, so that the one before is sent nothing of it', async () => {
    const vault = { encrypt: (bytes: Uint8Array) => bytes, decrypt: (bytes: Uint8Array) => bytes };
    const values = () => ({ onConflict: () => null });
    const database = {
      all: () => [],
      sql: { selectFrom: () => ({ selectAll: () => null }), insertInto: () => ({ values }) },
      write: async (work: (writer: unknown) => void) => {
        work({ run: () => undefined });
        await nextTurn();
      },
    } as never;
    const settings = createSettingsBook(database, { timeScale: undefined });
    const book = createProxyBook({ settings, vault, environment: {} });
    const login = () => {
      const route = book.routeFor(new URL('http://far.example/'));
      return route === null ? null : `${route.name} ${route.credentials?.password}`;
    };
    const change = (host: string, secret: string) =>
      settings.update({ proxy: 'own', proxyUrl: `http://${host}`, proxyUser: 'jane' }, book.passwordChange(secret));
    await change('old.example', 'first');
    const seen = new Set([login()]);
    const changed = change('new.example', 'second');
    seen.add(login());
    await Promise.resolve();
    seen.add(login());
    await changed;
    seen.add(login());
    expect([...seen]).toEqual(['old.example:80 first', 'new.example:80 second']);
  });

  it('keeps no password for another address: that of the one before is forgotten', async () => {
    const { system } = (await startClockedEngine()).client;
    await system.updateSettings({ proxyUrl: 'http://old.example', proxyPassword: password });
    expect(await system.updateSettings({ proxyUrl: 'http://old.example:80' })).toMatchObject({ hasProxyPassword: true });
    expect(await system.updateSettings({ proxyUrl: 'http://new.example' })).toMatchObject({ hasProxyPassword: false });
  });

  it.each([
    [{ proxy: 'own' as const }, /Give the address of the proxy/],
    [{ proxyUrl: 'ftp://proxy.example' }, /Write the address as http/],
    [{ proxyUrl: 'http://jane:secret@proxy.example' }, /Leave user and password out/],
    [{ proxyUrl: 'http://proxy.example/path' }, /Leave out what comes after the port/],
    [{ proxyUrl: 'http://proxy.example:99999' }, /a host and a port that exist/],
    [{ noProxy: ['not a host'] }, /Write a name such as example\.com/],
    [{ proxyPassword: 'x\ny' }, /Leave out line breaks/],
  ])('refuses %j in words', async (patch, message) => {
    const engine = await startClockedEngine();
    await expect(engine.client.system.updateSettings(patch)).rejects.toThrow(message);
  });
});

describe('proxies of environment variables', () => {
  const bookWith = (environment: Readonly<Record<string, string>>, proxy: 'none' | 'environment-variables' = 'environment-variables') => {
    const settings = { proxy, proxyUrl: null, proxyUser: null, noProxy: [], bypassLoopback: true };
    return createProxyBook({
      settings: { get: () => settings, recall: () => undefined } as never,
      vault: {} as never,
      environment,
    });
  };

  it('are those of the scheme of the target, with user and password, and those of NO_PROXY left out', () => {
    const { routeFor } = bookWith({
      https_proxy: 'http://jane:p%40ss@secure.example:3128',
      HTTP_PROXY: 'plain.example:8080',
      NO_PROXY: 'internal.example, 10.0.0.0/8',
    });
    expect(routeFor(new URL('https://far.example/'))).toMatchObject({
      name: 'secure.example:3128',
      credentials: { user: 'jane', password: 'p@ss' },
    });
    expect(routeFor(new URL('http://far.example/'))).toMatchObject({ kind: 'http', name: 'plain.example:8080', credentials: null });
    expect(routeFor(new URL('http://db.internal.example/'))).toBeNull();
    expect(routeFor(new URL('http://10.9.8.7/'))).toBeNull();
    expect(routeFor(new URL('http://localhost/'))).toBeNull();
  });

  it('fall back to ALL_PROXY, and count only where they are chosen', () => {
    const environment = { ALL_PROXY: 'socks5h://socks.example' };
    expect(bookWith(environment).routeFor(new URL('https://far.example/'))).toMatchObject({ kind: 'socks5', name: 'socks.example:1080' });
    expect(bookWith(environment, 'none').routeFor(new URL('https://far.example/'))).toBeNull();
    expect(bookWith({ ALL_PROXY: 'ftp://x' }).routeFor(new URL('https://far.example/'))).toMatchObject({ host: 'unreadable.invalid' });
    expect(bookWith({}).routeFor(new URL('https://far.example/'))).toBeNull();
  });
});
