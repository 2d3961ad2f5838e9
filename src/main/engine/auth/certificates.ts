import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { CertificateInfo } from '#shared/contract/auths.ts';
import { invalid } from '../base/refusal.ts';
import { longestRsaBits } from '../signing/key-text.ts';
import type { ClientIdentity } from './config.ts';
import { keyRounds, pemKeyRounds } from './key-rounds.ts';

/** A block ends before the next begins, so that a text of many beginnings is read once and not once for each. */
const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----(?:(?!-----BEGIN )[\s\S])*?-----END \1-----/g;
const dayMs = 86_400_000;

/** How long before its end a certificate is warned about. */
const soonMs = 30 * dayMs;

/** The certificates of a PEM text, in its order. Throws a Refusal at `path` for a text that holds none, or something else. */
export function readCertificates(text: string, path: string): readonly X509Certificate[] {
  const blocks = [...text.matchAll(pemBlock)];
  const others = blocks.find(([, label]) => label !== 'CERTIFICATE' && label !== 'TRUSTED CERTIFICATE');
  if (others?.[1]?.includes('PRIVATE KEY') === true)
    throw invalid(path, 'There is a private key here. Put only the certificates here, and the key into its own field.');
  if (blocks.length === 0 || others !== undefined)
    throw invalid(path, 'This holds no certificate in PEM: paste the whole text, from -----BEGIN CERTIFICATE----- to the last END line.');
  return blocks.map(([block], index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw invalid(path, `Certificate ${index + 1} of ${blocks.length} cannot be read: copy it again, whole.`);
    }
  });
}

/** A client's certificate that can be used, with what is shown of it. */
export interface CheckedIdentity {
  /** With its private key decrypted if that was a PEM, so that no connection has to do it again. */
  readonly identity: ClientIdentity;
  readonly info: CertificateInfo;
}

/**
 * The client's certificate, checked before use: that the key can be read and belongs to it, and that it has not expired. Rejects with a Refusal
 * whose path begins with `path`. An encrypted key can take as long as its file asks for.
 */
export async function checkedIdentity(identity: ClientIdentity, path: string, nowMs: number): Promise<CheckedIdentity> {
  const isPem = identity.pkcs12Base64 === undefined;
  const { leaf, opened } = isPem ? openPem(identity, path) : { leaf: await leafOfPkcs12(identity, path), opened: identity };
  const info = certificateInfoOf(leaf);
  const problem = expiryProblem(info, nowMs);
  if (problem !== null) throw invalid(`${path}${isPem ? 'certificate' : 'pkcs12Base64'}`, problem);
  const { modulusLength = 0 } = leaf.publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength > longestRsaBits)
    throw invalid(
      `${path}${isPem ? 'privateKey' : 'pkcs12Base64'}`,
      `The RSA key has ${modulusLength.toLocaleString('en')} bits, and each connection would be slow: use one of at most ${longestRsaBits.toLocaleString('en')}.`,
    );
  return { identity: opened, info };
}

/** What is shown of a certificate. */
export function certificateInfoOf(certificate: X509Certificate): CertificateInfo {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFromMs: Date.parse(certificate.validFrom),
    validToMs: Date.parse(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
  };
}

/** A sentence when a certificate is of no use any more; null otherwise. */
export function expiryProblem({ subject, validToMs }: CertificateInfo, nowMs: number): string | null {
  if (validToMs > nowMs) return null;
  return `The certificate of ${subject} expired on ${dayText(validToMs)}: replace it with a new one.`;
}

/** A sentence on a certificate that can be used but not for long, or not yet; null otherwise. */
export function expiryRemark({ subject, validFromMs, validToMs }: CertificateInfo, nowMs: number): string | null {
  if (validFromMs > nowMs) return `The certificate of ${subject} is not valid before ${dayText(validFromMs)}.`;
  if (validToMs > nowMs + soonMs) return null;
  const days = Math.max(1, Math.round((validToMs - nowMs) / dayMs));
  return `The certificate of ${subject} expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${dayText(validToMs)}.`;
}

function openPem(
  { certificate, privateKey = '', passphrase }: ClientIdentity,
  path: string,
): { readonly leaf: X509Certificate; readonly opened: ClientIdentity } {
  const chain = readCertificates(certificate ?? '', `${path}certificate`);
  const key = readKey(privateKey, passphrase, path);
  const [leaf] = chain;
  const owner = chain.findIndex((each) => each.checkPrivateKey(key));
  if (owner < 0 || leaf === undefined)
    throw invalid(
      `${path}privateKey`,
      'The private key does not belong to the certificate: take the one that the certificate was made for.',
    );
  if (owner > 0)
    throw invalid(`${path}certificate`, `The private key belongs to certificate ${owner + 1} of ${chain.length}: put that one first.`);
  const plain = passphrase === undefined ? privateKey : key.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { leaf, opened: { certificate, privateKey: plain } };
}

function readKey(text: string, passphrase: string | undefined, path: string): KeyObject {
  if (!text.includes('PRIVATE KEY-----'))
    throw invalid(`${path}privateKey`, 'This holds no private key in PEM: paste the whole text, from -----BEGIN to the END line.');
  const rounds = pemKeyRounds(text);
  // Nothing can interrupt OpenSSL in it, not even the end of its thread.
  if (rounds > mostKeyRounds)
    throw invalid(
      `${path}privateKey`,
      `Its passphrase takes ${rounds.toLocaleString('en')} rounds to open the private key, and at most ${mostKeyRounds.toLocaleString('en')} are possible: encrypt it again with fewer (openssl pkcs8 -topk8 -iter 100000).`,
    );
  try {
    return createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    if (text.includes('ENCRYPTED'))
      throw invalid(
        `${path}passphrase`,
        passphrase === undefined ? 'The private key is encrypted: give its passphrase.' : 'The passphrase does not open the private key.',
        { cause: error },
      );
    throw invalid(`${path}privateKey`, 'The private key cannot be read: copy it again, whole.', { cause: error });
  }
}

/** Rounds of an encrypted key: some 4 s with SHA-512. OpenSSL writes 2,048, and those who follow OWASP's advice 600,000. */
const mostKeyRounds = 10_000_000;

/** Rounds of a PKCS#12 file, all together: some 25 ms with SHA-512. OpenSSL writes 6,144, Java 30,000. */
const mostRounds = 60_000;

async function leafOfPkcs12({ pkcs12Base64 = '', passphrase }: ClientIdentity, path: string): Promise<X509Certificate> {
  const file = Buffer.from(pkcs12Base64, 'base64');
  // The file stays as it is, and is opened again for connections, beside other calls.
  const rounds = keyRounds(file);
  if (rounds > mostRounds)
    throw invalid(
      `${path}pkcs12Base64`,
      `The PKCS#12 file takes ${rounds.toLocaleString('en')} rounds to open, and at most ${mostRounds.toLocaleString('en')} are possible: export it again with fewer (openssl pkcs12 -export -iter 10000), or give certificate and key in PEM.`,
    );
  let context: SecureContext;
  try {
    context = createSecureContext({
      pfx: file,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    throw pkcs12Problem(error, passphrase, path);
  }
  const leaf = await shownBy(context);
  if (leaf !== null) return leaf;
  throw invalid(`${path}pkcs12Base64`, 'The PKCS#12 file holds no certificate with its private key: export both together.');
}

function pkcs12Problem(error: unknown, passphrase: string | undefined, path: string): Error {
  const text = error instanceof Error ? error.message : '';
  if (/mac verify/i.test(text))
    return invalid(
      `${path}passphrase`,
      passphrase === undefined ? 'The PKCS#12 file is encrypted: give its passphrase.' : 'The passphrase does not open the PKCS#12 file.',
      { cause: error },
    );
  if (/unsupported/i.test(text))
    return invalid(
      `${path}pkcs12Base64`,
      'The PKCS#12 file is encrypted in an old way that is not supported any more. Export it again with AES-256, or use PEM.',
      { cause: error },
    );
  return invalid(`${path}pkcs12Base64`, 'This is not a PKCS#12 file (.p12 or .pfx) that can be read.', { cause: error });
}

/** The certificate that a TLS context shows to its peer, seen in a handshake with itself: Node has no other way to look into PKCS#12. */
function shownBy(context: SecureContext): Promise<X509Certificate | null> {
  const [near, far] = duplexPair();
  return new Promise((resolve) => {
    const server = new TLSSocket(near, { isServer: true, secureContext: context });
    const client = connect({ socket: far, rejectUnauthorized: false });
    const end = (certificate: X509Certificate | null) => {
      resolve(certificate);
      client.destroy();
      server.destroy();
    };
    client.once('secureConnect', () => end(client.getPeerX509Certificate() ?? null));
    client.on('error', () => end(null));
    server.on('error', () => end(null));
  });
}

/** A distinguished name as Node writes it, which has a line for each of its parts. */
function oneLine(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ');
}

function dayText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
