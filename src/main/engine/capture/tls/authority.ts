import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { localAuthorityName } from '#shared/trust-steps.ts';
import type { Clock, Log, Vault } from '../../base/ports.ts';
import { openJson, sealJson } from '../../store/sealed.ts';
import { makeCertificate, newKey, type Issuer } from './make-certificate.ts';

/** The authority as the workspace keeps it: its key is sealed by the vault. */
export interface StoredAuthority {
  readonly commonName: string;
  readonly certificatePem: string;
  /** Base64 of a sealed private key, PEM. */
  readonly keySealed: string;
}

/** Where the authority is kept. */
export interface AuthorityStore {
  readonly read: () => StoredAuthority | undefined;
  readonly write: (authority: StoredAuthority) => Promise<void>;
}

/** The authority that signs the listener's certificates, and those that are trusted where it is. */
export interface Authority extends Issuer {
  readonly certificatePem: string;
  /** SHA-256 of the certificate, as OpenSSL prints it. */
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** The authority of the workspace. */
export interface AuthorityBook {
  /** The authority; it is made when it is first asked for, and renewed with the same key when a year is left. */
  readonly get: () => Promise<Authority>;
  /** Makes another one with a new key: whoever trusts the old one no longer trusts this listener. */
  readonly replace: () => Promise<Authority>;
}

interface AuthorityDeps {
  readonly store: AuthorityStore;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 86_400_000;
const validMs = 3650 * dayMs;
const renewBeforeMs = 365 * dayMs;
/** Clocks of senders may be behind. */
const skewMs = 3_600_000;

export function createAuthorityBook({ store, vault, clock, log }: AuthorityDeps): AuthorityBook {
  let known: Authority | null = null;
  let making: Promise<Authority> | null = null;

  const keep = async (issuer: Issuer): Promise<Authority> => {
    const nowMs = clock.now();
    const certificatePem = makeCertificate({
      commonName: issuer.commonName,
      publicKey: createPublicKey(issuer.privateKey),
      issuer,
      notBeforeMs: nowMs - skewMs,
      notAfterMs: nowMs + validMs,
      names: null,
      isForThisMachine: true,
    });
    const keyPem = issuer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await store.write({
      commonName: issuer.commonName,
      certificatePem,
      keySealed: Buffer.from(sealJson(vault, keyPem)).toString('base64'),
    });
    known = authorityOf(issuer, certificatePem);
    return known;
  };
  const stored = (): Authority | null => {
    const kept = store.read();
    if (kept === undefined) return null;
    try {
      const privateKey = createPrivateKey(openJson<string>(vault, Buffer.from(kept.keySealed, 'base64')));
      return authorityOf({ commonName: kept.commonName, privateKey }, kept.certificatePem);
    } catch {
      log.warn({}, 'The key of the local certificate authority was sealed with another key, so a new authority is made: trust that one');
      return null;
    }
  };
  const isFresh = ({ notAfterMs }: Authority) => notAfterMs - clock.now() > renewBeforeMs;
  /** One at a time: two would overwrite each other. */
  const once = (make: () => Promise<Authority>): Promise<Authority> => {
    making ??= make().finally(() => (making = null));
    return making;
  };
  return {
    get: async () => {
      known ??= stored();
      if (known !== null && isFresh(known)) return known;
      const before = known;
      return await once(() => keep(before ?? newIssuer()));
    },
    replace: async () => {
      await making;
      return await once(() => keep(newIssuer()));
    },
  };
}

/** Each has another name: OpenSSL looks authorities up by name, and would take the wrong one of two with the same. */
function newIssuer(): Issuer {
  const privateKey = newKey();
  const mark = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('hex').slice(-8);
  return { commonName: `${localAuthorityName} ${mark}`, privateKey };
}

function authorityOf({ commonName, privateKey }: Issuer, certificatePem: string): Authority {
  const certificate = new X509Certificate(certificatePem);
  return {
    commonName,
    privateKey,
    certificatePem,
    fingerprint: certificate.fingerprint256,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
  };
}
