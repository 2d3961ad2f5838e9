import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { calledUrlOf, readArrival } from '#engine/capture/arrival.ts';
import { readLocalName } from '#engine/capture/tls/host-name.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

describe('a host name', () => {
  it.each([
    ['orders.localhost', { slug: 'orders', fault: null }],
    ['ORDERS.localhost:4610', { slug: 'orders', fault: null }],
    ['expired.orders.localhost:4611', { slug: 'orders', fault: 'expired' }],
    ['expired.localhost', { slug: 'expired', fault: null }],
    ['other.orders.localhost', null],
    ['localhost:4610', null],
    ['orders.example', null],
    ['', null],
  ])('%s names %j', (host, named) => {
    expect(readLocalName(host)).toEqual(named);
  });

  it('names a bin where one has that slug, and the path does otherwise', () => {
    const arrive = (target: string, host: string) => readArrival(target, [['Host', host]], (slug) => slug === 'orders');
    expect(arrive('/shop/a', 'orders.localhost:1')).toEqual({ slug: 'orders', by: 'host' });
    expect(arrive('/shop/a', 'other.localhost')).toEqual({ slug: 'shop', by: 'path' });
    expect(arrive('http://orders.localhost/a', 'x')).toEqual({ slug: 'orders', by: 'host' });
  });
});

describe('the URL that a request was called by', () => {
  const publicUrl = 'https://hooks.example/in';
  const forwarded: HeaderField = ['Forwarded', 'for=192.0.2.1;proto=https;host="shop.example:8443", for=10.0.0.1;proto=http'];
  const host: HeaderField = ['Host', '127.0.0.1:4610'];
  it.each<[string, string, 'path' | 'host', readonly HeaderField[], string | null, boolean, boolean, string]>([
    ['is the public URL', '/orders', 'path', [host], publicUrl, false, false, 'https://hooks.example/in'],
    ['goes on behind the public URL', '/orders/a%20b?x=1', 'path', [host], publicUrl, true, false, 'https://hooks.example/in/a%20b?x=1'],
    ['keeps a slash behind the public URL', '/orders/', 'path', [host], publicUrl, false, false, 'https://hooks.example/in/'],
    ['has all of the path for a bin by host', '/a?x', 'host', [host], publicUrl, false, false, 'https://hooks.example/in/a?x'],
    ['is what Forwarded says', '/orders?x', 'path', [host, forwarded], null, true, false, 'https://shop.example:8443/orders?x'],
    [
      'is what X-Forwarded-Proto and -Host say',
      '/orders',
      'path',
      [host, ['X-Forwarded-Proto', 'https, http'], ['X-Forwarded-Host', 'shop.example']],
      null,
      true,
      false,
      'https://shop.example/orders',
    ],
    [
      'is not taken from a proxy that is not believed',
      '/orders',
      'path',
      [host, forwarded],
      null,
      false,
      false,
      'http://127.0.0.1:4610/orders',
    ],
    [
      'takes no odd host from a proxy',
      '/orders',
      'path',
      [host, ['X-Forwarded-Host', 'a@b/c']],
      null,
      true,
      false,
      'http://127.0.0.1:4610/orders',
    ],
    ['is https over TLS', '/orders', 'path', [host], null, false, true, 'https://127.0.0.1:4610/orders'],
    [
      'is http for a local name over plain HTTP',
      '/a',
      'host',
      [['Host', 'orders.localhost:4610']],
      null,
      false,
      false,
      'http://orders.localhost:4610/a',
    ],
  ])('%s', (_what, target, by, headers, given, trustsProxy, isTls, url) => {
    expect(calledUrlOf({ target, headers, by, isTls }, { publicUrl: given, trustsProxy }).url).toBe(url);
  });

  it('is the same for the verdict in the list, in the detail and of Verify, also after the bin has changed', async () => {
    const { client, captureUrl } = await startClockedEngine({ capturePort: 0 });
    const secret = 'square-signature-key';
    const body = '{"type":"payment.updated"}';
    const signature = createHmac('sha256', secret).update(`${publicUrl}/v1${body}`).digest('base64');
    const bin = await client.bins.create({ name: 'Square', signing: { scheme: 'square' }, secrets: [secret] });
    const send = async () => {
      const headers = { 'x-square-hmacsha256-signature': signature };
      await fetch(`${captureUrl ?? ''}/square/v1`, { method: 'POST', headers, body });
      const [newest] = (await client.captures.list({ binId: bin.id })).items;
      return newest?.id ?? '';
    };
    const verdictsOf = async (id: string) => {
      const listed = (await client.captures.list({ binId: bin.id })).items.find((capture) => capture.id === id);
      const { verification, arrival } = await client.captures.get({ id });
      const checked = await client.verifying.verify({ captureId: id, scheme: 'square', secretsOf: bin.id });
      return [listed?.verdict, verification?.verdict, checked.verdict, arrival.urlFrom];
    };
    const before = await send();
    await client.bins.update({ id: bin.id, publicUrl });
    const after = await send();
    expect(await verdictsOf(before)).toEqual(['invalid', 'invalid', 'invalid', 'request']);
    expect(await verdictsOf(after)).toEqual(['valid', 'valid', 'valid', 'public-url']);
    await client.bins.update({ id: bin.id, publicUrl: null });
    expect(await verdictsOf(after)).toEqual(['valid', 'valid', 'valid', 'public-url']);
  });

  it.each(['example.com/orders', 'https://example.com/a?b', 'https://example.com/a#b', 'ftp://example.com'])(
    'cannot be %s for a bin',
    async (wrong) => {
      const { client } = await startClockedEngine();
      await expect(client.bins.create({ name: 'Orders', publicUrl: wrong })).rejects.toMatchObject({
        data: { issues: [{ path: 'publicUrl', message: expect.stringMatching(/Write the whole URL|Leave out/) as string }] },
      });
    },
  );
});

describe('HTTPS in the settings', () => {
  it('opens a port that stays the same at the next start, and closes it', async () => {
    const dataDir = createTempFolder();
    const first = await startClockedEngine({ dataDir, capturePort: 0 });
    const bin = await first.client.bins.create({ name: 'Orders' });
    expect(bin).toMatchObject({
      httpsUrl: null,
      httpsHostUrl: null,
      hostUrl: `http://orders.localhost:${new URL(first.captureUrl ?? '').port}`,
    });
    await first.client.system.updateSettings({ isHttpsOn: true });
    const { httpsUrl } = await first.client.system.health();
    expect(httpsUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await first.client.bins.get({ id: bin.id })).httpsUrl).toBe(`${httpsUrl ?? ''}/orders`);
    const endpoint = await first.client.endpoints.create({ name: 'Own', url: `${httpsUrl ?? ''}/orders` });
    const { fingerprint, certificatePem } = await first.client.localAuthority.get();
    expect(certificatePem).toContain('BEGIN CERTIFICATE');
    await first.stop();

    const second = await startClockedEngine({ dataDir, capturePort: 0 });
    expect((await second.client.system.health()).httpsUrl).toBe(httpsUrl);
    expect((await second.client.localAuthority.get()).fingerprint).toBe(fingerprint);
    expect((await second.client.endpoints.get({ id: endpoint.id })).url).toBe(endpoint.url);
    await second.client.system.updateSettings({ isHttpsOn: false });
    expect((await second.client.system.health()).httpsUrl).toBeNull();
    await expect(fetch(`${httpsUrl ?? ''}/orders`)).rejects.toThrow();
  });
});
