import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint256, makeCertificate } from '../../support/test-certificates.ts';
import { certificateFaults, trusted } from './faults/tls-faults.ts';
import { receiverForTest, senderForTest, sendOptions, wireRequest } from './sender-support.ts';

describe('over TLS, an attempt', () => {
  it.each(certificateFaults)(
    'goes through without verification where there is $name, and still records why it is not trusted',
    async ({ tls, url, reason }) => {
      trustAuthority();
      const receiver = await receiverForTest([], { tls });
      const result = await senderForTest().send(wireRequest(url?.(receiver.port) ?? ''), sendOptions({ verifyTls: false }));
      expect(result.outcome.code).toBe('ok');
      expect(result.connection?.tls).toMatchObject({ isAuthorized: false, authorizationError: reason });
    },
  );

  it('records protocol, cipher, certificate and timing of a peer it trusts, also on the kept connection', async () => {
    trustAuthority();
    const certificate = makeCertificate({ issuer: trusted });
    const receiver = await receiverForTest([], { tls: certificate });
    const sender = senderForTest();
    const request = wireRequest(`https://localhost:${receiver.port}/`);
    const first = await sender.send(request, sendOptions());
    const tls = {
      protocol: 'TLSv1.3',
      cipher: expect.stringContaining('TLS_'),
      alpn: null,
      subject: 'CN=localhost',
      issuer: `CN=${trusted.commonName}`,
      validFrom: expect.stringContaining('GMT'),
      validTo: expect.stringContaining('GMT'),
      fingerprint256: fingerprint256(certificate.cert),
      isAuthorized: true,
      authorizationError: null,
    };
    expect(first.outcome.code).toBe('ok');
    expect(first.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: false, tls });
    expect(first.timings).toMatchObject({ dnsMs: expect.any(Number), connectMs: expect.any(Number), tlsMs: expect.any(Number) });
    const second = await sender.send(request, sendOptions());
    expect(second.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: true, tls });
    expect(second.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
  });

  it('does not use a connection opened without verification for an attempt that verifies', async () => {
    const receiver = await receiverForTest([], { tls: makeCertificate() });
    const sender = senderForTest();
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ verifyTls: false }))).outcome.code).toBe('ok');
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ verifyTls: true }))).outcome.code).toBe('tls');
  });
});

/** Lets this process trust the test authority until the test ends. */
function trustAuthority(): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, trusted.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
}
