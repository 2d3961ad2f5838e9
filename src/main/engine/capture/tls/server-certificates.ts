import { createPublicKey, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsFault } from '#shared/contract/tls-fault.ts';
import type { Clock } from '../../base/ports.ts';
import type { Authority } from './authority.ts';
import { makeCertificate, newKey, type Issuer } from './make-certificate.ts';

/** The certificates that the listener shows. */
export interface ServerCertificates {
  /** The one for a name, or for `localhost` and the loopback addresses where there is none; made on demand, and anew before it expires. */
  readonly contextFor: (serverName: string | null, fault: TlsFault | null) => SecureContext;
  /** The one without a name as PEM; the same object until it is renewed. */
  readonly unnamed: () => UnnamedCertificate;
}

/** A certificate and its key, both PEM. */
export interface UnnamedCertificate {
  readonly cert: string;
  readonly key: string;
}

const dayMs = 86_400_000;
const validMs = 90 * dayMs;
const renewBeforeMs = 30 * dayMs;
const skewMs = 3_600_000;
/** Made certificates that are kept; the one that was made first goes. Anybody may ask for names. */
const keptContexts = 200;

const thisMachine = ['localhost', '*.localhost', '127.0.0.1', '::1'];

export function createServerCertificates(authority: Authority, clock: Pick<Clock, 'now'>): ServerCertificates {
  const key = newKey();
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKey = createPublicKey(key);
  const strangers = createStrangers(clock);
  const contexts = new Map<string, { readonly context: SecureContext; readonly renewAtMs: number }>();

  let unnamed: (UnnamedCertificate & { readonly renewAtMs: number }) | null = null;

  const make = (serverName: string | null, fault: TlsFault | null): SecureContext => {
    const { cert, options } = shown({ serverName, fault, key, publicKey, authority, strangers, nowMs: clock.now() });
    return createSecureContext({ key: keyPem, cert, ...options });
  };
  return {
    unnamed: () => {
      const nowMs = clock.now();
      if (unnamed !== null && nowMs < unnamed.renewAtMs) return unnamed;
      const { cert } = shown({ serverName: null, fault: null, key, publicKey, authority, strangers, nowMs });
      unnamed = { cert, key: keyPem, renewAtMs: nowMs + validMs - renewBeforeMs };
      return unnamed;
    },
    contextFor: (serverName, fault) => {
      const name = `${fault ?? ''}/${serverName ?? ''}`;
      const kept = contexts.get(name);
      if (kept !== undefined && clock.now() < kept.renewAtMs) return kept.context;
      const context = make(serverName, fault);
      contexts.delete(name);
      contexts.set(name, { context, renewAtMs: clock.now() + validMs - renewBeforeMs });
      const [oldest] = contexts.keys();
      if (contexts.size > keptContexts && oldest !== undefined) contexts.delete(oldest);
      return context;
    },
  };
}

interface Shown {
  readonly serverName: string | null;
  readonly fault: TlsFault | null;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  readonly authority: Authority;
  readonly strangers: Strangers;
  readonly nowMs: number;
}

/** The certificates that are sent for a name, the server's first. */
function shown({ serverName, fault, key, publicKey, authority, strangers, nowMs }: Shown) {
  const names = serverName === null ? thisMachine : [serverName, ...thisMachine];
  const commonName = serverName ?? 'localhost';
  const usual = { commonName, publicKey, issuer: authority as Issuer, names, notBeforeMs: nowMs - skewMs, notAfterMs: nowMs + validMs };
  const signedBy = (issuer: Issuer) => makeCertificate({ ...usual, issuer });
  const plain = (cert: string) => ({ cert, options: {} });
  switch (fault) {
    case 'expired':
      return plain(makeCertificate({ ...usual, notBeforeMs: nowMs - validMs, notAfterMs: nowMs - dayMs }));
    case 'self-signed':
      return plain(signedBy({ commonName, privateKey: key }));
    case 'wrong-host': {
      const other = 'another-host.localhost';
      return plain(makeCertificate({ ...usual, commonName: other, names: [other] }));
    }
    case 'untrusted': {
      const { issuer, certificatePem } = strangers.unknown();
      return plain(signedBy(issuer) + certificatePem);
    }
    case 'missing-intermediate':
      return plain(signedBy(strangers.between(authority)));
    case 'old-tls':
      // The signatures of TLS 1.0 and 1.1 are below what OpenSSL allows by default.
      return {
        cert: signedBy(authority),
        options: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const,
      };
    case 'handshake-cut':
    case 'handshake-hang':
    case null:
      return plain(signedBy(authority));
  }
}

/** Authorities that nobody is given, so that nobody trusts them. */
interface Strangers {
  readonly unknown: () => { readonly issuer: Issuer; readonly certificatePem: string };
  /** One that our own authority signed, and that is never sent along. */
  readonly between: (authority: Authority) => Issuer;
}

function createStrangers(clock: Pick<Clock, 'now'>): Strangers {
  let unknown: ReturnType<Strangers['unknown']> | null = null;
  let between: Issuer | null = null;
  return {
    unknown: () => {
      if (unknown !== null) return unknown;
      const issuer = { commonName: 'Hookyard authority that nobody trusts', privateKey: newKey() };
      const nowMs = clock.now();
      const certificatePem = makeCertificate({
        commonName: issuer.commonName,
        publicKey: createPublicKey(issuer.privateKey),
        issuer,
        notBeforeMs: nowMs - skewMs,
        notAfterMs: nowMs + 3650 * dayMs,
        names: null,
      });
      unknown = { issuer, certificatePem };
      return unknown;
    },
    // Its own certificate is sent to nobody, so it is not made.
    between: ({ commonName }) => (between ??= { commonName: `${commonName} intermediate`, privateKey: newKey() }),
  };
}
