import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificatesIn, followChain, publicRoots } from '#engine/signing/certificate-chain.ts';
import { judgePaypalCertificate } from '#engine/signing/paypal-certificate.ts';
import { readyCase } from '../../support/proof-cases.ts';
import { makeAuthority, makeCertificate, type TestAuthority, type TestCertificateOptions } from '../../support/test-certificates.ts';

const paypalName = 'messageverificationcerts.paypal.com';
const nowMs = Date.now();
const root = makeAuthority();
const intermediate = makeCertificate({ names: [], commonName: 'Test intermediate', isAuthority: true, issuer: root });

function leaf(options: TestCertificateOptions = {}): TestAuthority {
  return makeCertificate({ names: [], commonName: paypalName, issuer: intermediate, ...options });
}

const read = (...certificates: readonly TestAuthority[]) => certificates.map(({ cert }) => new X509Certificate(cert));

function judge(certificate: TestAuthority, given: readonly TestAuthority[], roots: readonly TestAuthority[], atMs = nowMs) {
  return judgePaypalCertificate(new X509Certificate(certificate.cert), read(...given), atMs, read(...roots));
}

describe('the certificate of a PayPal signature', () => {
  it('is followed over the certificates given to a public root, whatever their order', () => {
    for (const given of [[intermediate], [root, intermediate], [leaf(), intermediate, root]]) {
      const { obstacles, note, next } = judge(leaf(), given, [root]);
      expect(obstacles).toEqual([]);
      expect(note).toContain(`The certificate is named ${paypalName}, and counts until `);
      expect(note).toContain(`its chain leads to the public root ${root.commonName}.`);
      expect(note).toContain('Not checked, because nothing is fetched here: whether it was revoked');
      expect(next).toEqual([expect.stringContaining('is the one behind PAYPAL-CERT-URL')]);
    }
  });

  it('may be that of the sandbox, and is refused under a public root for any other name', () => {
    expect(judge(leaf({ commonName: 'messageverificationcerts.sandbox.paypal.com' }), [intermediate], [root]).obstacles).toEqual([]);
    for (const commonName of ['shop.example', 'messageverificationcerts.paypal.com.evil.example', 'xmessageverificationcerts.paypal.com']) {
      const { obstacles } = judge(leaf({ commonName }), [intermediate], [root]);
      expect(obstacles).toEqual([
        {
          reason: 'certificate_invalid',
          message: `The certificate is that of ${commonName} and not of ${paypalName}, so it must not be used.`,
        },
      ]);
    }
  });

  it('is accepted up to a root that was given along, and told to be only as good as that', () => {
    const { obstacles, note, next } = judge(leaf(), [intermediate, root], []);
    expect(obstacles).toEqual([]);
    expect(note).toContain(`its chain ends at ${root.commonName}, which was given along and is no public root`);
    expect(next).toHaveLength(2);
  });

  it('asks for the certificate of the issuer where that is missing, and refuses another name there', () => {
    const { obstacles, note, next } = judge(leaf(), [], [root]);
    expect(obstacles).toEqual([]);
    expect(note).toContain('its chain was not checked, because the certificate of its issuer, Test intermediate, was not given.');
    expect(next[1]).toContain('Give the certificate of Test intermediate along');
    expect(judge(leaf({ commonName: 'shop.example' }), [], [root]).obstacles).toHaveLength(1);
  });

  it('is refused when another key signed it than that of the issuer it names, or one that may not issue', () => {
    const impostor = makeCertificate({ names: [], commonName: 'Test intermediate', isAuthority: true });
    const forged = judge(leaf(), [impostor], [root]);
    expect(forged.obstacles.map(({ message }) => message)).toEqual([
      `The chain of the certificate is broken: ${paypalName} names Test intermediate as its issuer, but the key of that certificate did not sign it. It must not be used.`,
    ]);
    const shop = makeCertificate({ names: [], commonName: 'shop.example', issuer: intermediate });
    const belowShop = judge(leaf({ issuer: shop }), [shop, intermediate], [root]);
    expect(belowShop.obstacles[0]?.message).toContain('may not issue others (it is no CA)');
  });

  it('is refused outside of its dates, and so is one whose issuer is outside of its own', () => {
    const expired = leaf({ notBeforeMs: nowMs - 20_000, notAfterMs: nowMs - 10_000 });
    expect(judge(expired, [intermediate], [root]).obstacles[0]?.message).toMatch(/^The certificate expired at /);
    expect(judge(expired, [intermediate], [root], nowMs - 15_000).obstacles).toEqual([]);
    const early = leaf({ notBeforeMs: nowMs + 10_000 });
    expect(judge(early, [intermediate], [root]).obstacles[0]?.message).toMatch(/^The certificate counts from .* only/);
    const old = makeCertificate({
      names: [],
      commonName: 'Old intermediate',
      isAuthority: true,
      issuer: root,
      notAfterMs: nowMs - 10_000,
    });
    const below = judge(leaf({ issuer: old }), [old], [root]);
    expect(below.obstacles[0]?.message).toMatch(/^The certificate Old intermediate in its chain expired at /);
  });
});

describe('a chain of certificates', () => {
  it('ends when it is longer than any in use, and in a circle', () => {
    const names = Array.from({ length: 12 }, (_, index) => `Authority ${index}`);
    const authorities = names.reduce<readonly TestAuthority[]>((made, commonName) => {
      const issuer = made.at(-1);
      return [...made, makeCertificate({ names: [], commonName, isAuthority: true, ...(issuer === undefined ? {} : { issuer }) })];
    }, []);
    const last = authorities.at(-1) ?? root;
    expect(followChain(...withGiven(last, authorities)).end).toMatchObject({ kind: 'broken' });
    const one = makeCertificate({ names: [], commonName: 'One', isAuthority: true });
    const other = makeCertificate({ names: [], commonName: 'Other', isAuthority: true, issuer: one });
    const circle = makeCertificate({ names: [], commonName: 'One', isAuthority: true, issuer: other, keyPair: pairOf(one) });
    expect(followChain(...withGiven(circle, [other, circle])).end).toEqual({ kind: 'open', issuer: 'One' });
  });

  it('of a public root is the root itself, of which Node brings many', () => {
    const [first] = publicRoots();
    if (first === undefined) throw new Error('Node brings no root certificates.');
    expect(followChain(first, []).end).toEqual({ kind: 'public', root: first });
  });

  it('is read out of a text with anything between its certificates', () => {
    const text = `subject=/CN=x\n${leaf().cert}\nissuer\n${intermediate.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`;
    expect(certificatesIn(text)).toHaveLength(2);
    expect(certificatesIn('no certificate')).toEqual([]);
  });
});

function withGiven(certificate: TestAuthority, given: readonly TestAuthority[]) {
  return [new X509Certificate(certificate.cert), read(...given), []] as const;
}

function pairOf({ cert, privateKey }: TestAuthority) {
  return { privateKey, publicKey: new X509Certificate(cert).publicKey };
}

describe('a PayPal verdict', () => {
  const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ready = readyCase({ id: 'paypal', options: { webhookId: 'WH-1' } });
  const key = keyPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const body = Buffer.from('{"id":"WH-1"}');
  const sent = ready.sign(body, { secrets: [key] });
  const chainOptions = { notBeforeMs: Date.UTC(2000, 0, 1), notAfterMs: Date.UTC(2049, 0, 1) };
  const authority = makeCertificate({ names: [], commonName: 'Test authority', isAuthority: true, ...chainOptions });
  const certificate = makeCertificate({ names: [], commonName: paypalName, issuer: authority, keyPair, ...chainOptions });

  it('says what was checked of the certificate and what was not', () => {
    const verdict = ready.verify(sent, { secrets: [certificate.cert + authority.cert] });
    expect(verdict).toMatchObject({ verdict: 'valid', reason: 'ok' });
    expect(verdict.message).toContain('its chain ends at Test authority, which was given along and is no public root');
    expect(verdict.next.join(' ')).toContain('Check that the certificate leads to a public root');
  });

  it('is the same with the chain in another order, on one line, or as secrets of its own', () => {
    const texts = [
      [authority.cert + certificate.cert],
      [(certificate.cert + authority.cert).replaceAll('\n', '')],
      [(certificate.cert + authority.cert).replaceAll('\n', '\\n')],
      [certificate.cert, authority.cert],
    ];
    for (const secrets of texts) {
      const verdict = ready.verify(sent, { secrets });
      expect(verdict.verdict).toBe('valid');
      expect(verdict.message).toContain('its chain ends at Test authority');
    }
  });

  it('asks for the chain where the certificate stands alone, and says that a bare key proves nothing of its owner', () => {
    expect(ready.verify(sent, { secrets: [certificate.cert] }).message).toContain(
      'the certificate of its issuer, Test authority, was not given',
    );
    const spki = keyPair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect(ready.verify(sent, { secrets: [spki] }).message).toContain('no chain, dates or name were checked');
  });

  it('is invalid when the certificate has a forged chain, although the signature matches', () => {
    const impostor = makeCertificate({ names: [], commonName: 'Test authority', isAuthority: true, ...chainOptions });
    const verdict = ready.verify(sent, { secrets: [certificate.cert + impostor.cert] });
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'certificate_invalid' });
    expect(verdict.message).toContain('The signature itself matches.');
  });
});
