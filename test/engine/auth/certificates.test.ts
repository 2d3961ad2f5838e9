import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPartInput } from '#shared/contract/auths.ts';
import { readCertificates } from '#engine/auth/certificates.ts';
import { clientCertificate, clientP12Base64, oldClientP12Base64 } from '../../fixtures/certificates/client-p12.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';
import { fingerprint256, makeAuthority, makeCertificate, type TestAuthority } from '../../support/test-certificates.ts';

const years = { notBeforeMs: Date.UTC(2020, 0, 1), notAfterMs: Date.UTC(2045, 0, 1) };
const authority = makeCertificate({ ...years, names: [], commonName: 'Own authority', isAuthority: true });
const server = makeCertificate({ ...years, issuer: authority });
const client = makeCertificate({ ...years, issuer: authority, names: ['client.test'] });

const pemOf = ({ cert, key }: TestAuthority): AuthPartInput => ({ kind: 'mutual-tls', certificate: cert, privateKey: key });
const trust: AuthPartInput = { kind: 'ca', certificates: authority.cert };

/** A receiver that answers only to clients with a certificate of these authorities. */
async function mutualReceiver(authorities: readonly string[] = [authority.cert]) {
  const tls = { cert: server.cert, key: server.key, ca: [...authorities], requestCert: true, rejectUnauthorized: true };
  const started = await startReceiver([], { tls });
  onTestFinished(started.close);
  return started;
}

async function outcomeWith(engine: ClockedEngine, port: number, parts: readonly AuthPartInput[]) {
  const { id: authId } = await engine.client.auths.create({ name: 'Partner', parts: [...parts] });
  await engine.client.endpoints.create({ name: 'Shop', url: `https://localhost:${port}/`, authId, signing: null, retryPolicy: 'none' });
  const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
  return engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1));
}

describe('mutual TLS', () => {
  it('shows the certificate to a receiver that asks for one, whose authority is trusted for this endpoint', async () => {
    const receiver = await mutualReceiver();
    const engine = await startClockedEngine();
    const delivered = await outcomeWith(engine, receiver.port, [pemOf(client), trust]);
    expect(delivered).toMatchObject({ status: 'delivered', attempts: [{ connection: { tls: { isAuthorized: true } } }] });
    expect(receiver.requests).toHaveLength(1);
    const [auth] = (await engine.client.auths.list({})).items;
    expect(auth?.parts).toEqual([
      {
        kind: 'mutual-tls',
        id: 'mutual-tls',
        form: 'pem',
        certificate: {
          subject: 'CN=client.test',
          issuer: `CN=${authority.commonName}`,
          validFromMs: years.notBeforeMs,
          validToMs: years.notAfterMs,
          fingerprint256: fingerprint256(client.cert),
        },
        secrets: [],
      },
      expect.objectContaining({
        kind: 'ca',
        certificates: authority.cert,
        authorities: [expect.objectContaining({ subject: `CN=${authority.commonName}` })],
      }),
    ]);
    expect(JSON.stringify(auth)).not.toContain('PRIVATE KEY');
    expect(await engine.client.auths.check({ id: auth?.id ?? '' })).toMatchObject({ isUsable: true });
  });

  it('takes a PKCS#12 file', async () => {
    const receiver = await mutualReceiver([clientCertificate]);
    const engine = await startClockedEngine();
    const delivered = await outcomeWith(engine, receiver.port, [
      { kind: 'mutual-tls', pkcs12Base64: clientP12Base64, passphrase: 'open-sesame' },
      trust,
    ]);
    expect(delivered.status).toBe('delivered');
    expect((await engine.client.auths.list({})).items[0]?.parts[0]).toMatchObject({
      form: 'pkcs12',
      certificate: { subject: 'CN=p12 client' },
    });
  });

  it('takes an encrypted key with its passphrase, and an update without certificates keeps them', async () => {
    const receiver = await mutualReceiver();
    const engine = await startClockedEngine();
    const privateKey = createPrivateKey(client.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open-sesame' })
      .toString();
    const part = { kind: 'mutual-tls', certificate: client.cert, privateKey, passphrase: 'open-sesame' } as const;
    expect((await outcomeWith(engine, receiver.port, [part, trust])).status).toBe('delivered');
    const [auth] = (await engine.client.auths.list({})).items;
    await engine.client.auths.update({ id: auth?.id ?? '', parts: [{ kind: 'mutual-tls' }, trust] });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    expect((await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).status).toBe('delivered');
  });

  it('ends in words where none is shown, or one that the receiver does not trust', async () => {
    const engine = await startClockedEngine();
    const receiver = await mutualReceiver();
    expect((await outcomeWith(engine, receiver.port, [trust])).lastOutcome).toMatchObject({
      code: 'tls',
      message: expect.stringContaining(
        'asks for a client certificate, and none was sent: give this endpoint an authentication with mutual TLS',
      ),
    });
  });

  it('ends in words where the receiver does not trust the authority of the certificate', async () => {
    const engine = await startClockedEngine();
    const receiver = createServer(
      { cert: server.cert, key: server.key, ca: [authority.cert], requestCert: true, maxVersion: 'TLSv1.2' },
      (_request, answer) => answer.end(),
    );
    onTestFinished(() => void receiver.close());
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const stranger = makeCertificate({ ...years, issuer: makeAuthority(), names: ['stranger.test'] });
    const { lastOutcome } = await outcomeWith(engine, (receiver.address() as AddressInfo).port, [pemOf(stranger), trust]);
    expect(lastOutcome).toMatchObject({ code: 'tls', reason: 'ECONNRESET' });
  });

  it.each([
    [
      'a key of another certificate',
      { ...pemOf(client), privateKey: server.key },
      'parts.0.privateKey',
      /does not belong to the certificate/,
    ],
    [
      'a key behind another certificate',
      { kind: 'mutual-tls', certificate: authority.cert + client.cert, privateKey: client.key },
      'parts.0.certificate',
      /belongs to certificate 2 of 2: put that one first/,
    ],
    [
      'an expired certificate',
      pemOf(makeCertificate({ issuer: authority, notBeforeMs: Date.UTC(2020, 0, 1), notAfterMs: Date.UTC(2025, 0, 1) })),
      'parts.0.certificate',
      /expired on 2025-01-01/,
    ],
    ['no key', { kind: 'mutual-tls', certificate: client.cert }, 'parts.0.privateKey', /no private key in PEM/],
    ['nothing', { kind: 'mutual-tls' }, 'parts.0.certificate', /Give the certificate/],
    [
      'a key in place of the certificate',
      { kind: 'mutual-tls', certificate: client.key, privateKey: client.key },
      'parts.0.certificate',
      /There is a private key here/,
    ],
    [
      'a certificate that is cut',
      { kind: 'mutual-tls', certificate: client.cert.replace(/\n.{64}\n/, '\n'), privateKey: client.key },
      'parts.0.certificate',
      /cannot be read/,
    ],
    [
      'a PKCS#12 file without its passphrase',
      { kind: 'mutual-tls', pkcs12Base64: clientP12Base64 },
      'parts.0.passphrase',
      /give its passphrase/,
    ],
    [
      'a PKCS#12 file with a wrong passphrase',
      { kind: 'mutual-tls', pkcs12Base64: clientP12Base64, passphrase: 'x' },
      'parts.0.passphrase',
      /does not open the PKCS#12 file/,
    ],
    [
      'a PKCS#12 file with old ciphers',
      { kind: 'mutual-tls', pkcs12Base64: oldClientP12Base64, passphrase: 'open-sesame' },
      'parts.0.pkcs12Base64',
      /old way that is not supported/,
    ],
    ['a file that is not PKCS#12', { kind: 'mutual-tls', pkcs12Base64: 'AAAA' }, 'parts.0.pkcs12Base64', /not a PKCS#12 file/],
    ['PEM and PKCS#12 at once', { ...pemOf(client), pkcs12Base64: clientP12Base64 }, 'parts.0.pkcs12Base64', /not both/],
    ['an authority that is no certificate', { kind: 'ca', certificates: 'hello' }, 'parts.0.certificates', /no certificate in PEM/],
  ] as const)('is refused with %s', async (_what, part, path, message) => {
    const engine = await startClockedEngine();
    await expect(engine.client.auths.create({ name: 'Partner', parts: [part as AuthPartInput] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path, message: expect.stringMatching(message) }] },
    });
  });

  it('warns of a certificate that ends soon, and sends nothing once it has expired', async () => {
    const engine = await startClockedEngine();
    const receiver = await mutualReceiver();
    const dayMs = 86_400_000;
    const endsAtMs = engine.clock.now() + 10 * dayMs;
    const soon = makeCertificate({ issuer: authority, names: ['soon.test'], notBeforeMs: years.notBeforeMs, notAfterMs: endsAtMs });
    const { id, warnings } = await engine.client.auths.create({ name: 'Partner', parts: [pemOf(soon), trust] });
    expect(warnings).toMatchObject([{ code: 'CERTIFICATE_EXPIRES', message: expect.stringContaining('expires in 10 days') }]);
    await engine.client.endpoints.create({ name: 'Shop', url: receiver.url, authId: id, signing: null, retryPolicy: 'none' });
    engine.clock.advance(10 * dayMs);
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    expect((await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).lastOutcome).toMatchObject({
      code: 'auth',
      reason: 'CERT_HAS_EXPIRED',
      message: expect.stringMatching(/^Nothing was sent\. The certificate of CN=soon\.test expired on /),
    });
    expect(receiver.connectionCount()).toBe(0);
    expect(await engine.client.auths.check({ id })).toMatchObject({ isUsable: false });
  });

  it('is not shown at another origin that a receiver redirects to', async () => {
    const engine = await startClockedEngine();
    const elsewhere = await mutualReceiver();
    const tls = { cert: server.cert, key: server.key };
    const redirecting = await startReceiver([respond({ status: 308, headers: [['Location', `https://localhost:${elsewhere.port}/`]] })], {
      tls,
    });
    onTestFinished(redirecting.close);
    const { id: authId } = await engine.client.auths.create({ name: 'Partner', parts: [pemOf(client), trust] });
    const url = `https://localhost:${redirecting.port}/`;
    await engine.client.endpoints.create({ name: 'Shop', url, authId, signing: null, retryPolicy: 'none', redirects: { follow: 3 } });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    expect((await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).lastOutcome).toMatchObject({
      code: 'redirect',
      reason: 'REDIRECT_ORIGIN',
    });
    expect(elsewhere.connectionCount()).toBe(0);
  });
});

it('refuses a text of many beginnings without an end in one reading', () => {
  const many = '-----BEGIN A-----'.repeat(11_700);
  expect(cpuMsOf(() => expect(() => readCertificates(many, 'certificates')).toThrow('holds no certificate'))).toBeLessThan(500);
});
