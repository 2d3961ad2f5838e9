import { generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate with its key, both PEM, as `node:tls` takes them. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificateOptions {
  /** Host names and IPv4 addresses it is made out to; by default localhost and 127.0.0.1. */
  readonly names?: readonly string[];
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  /** The authority that signs it; left out, it signs itself. */
  readonly issuer?: TestAuthority;
  readonly isAuthority?: boolean;
  /** Common name; by default the first of `names`. */
  readonly commonName?: string;
  /** Whose certificate it is; a fresh P-256 pair by default. */
  readonly keyPair?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

export interface TestAuthority extends TestCertificate {
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/**
 * Makes an X.509 certificate for a test in a few milliseconds. It is written as DER by hand with `node:crypto` only, since
 * the `openssl` program is not on every machine that runs the tests and cannot easily make expired certificates.
 */
export function makeCertificate(options: TestCertificateOptions = {}): TestAuthority {
  const {
    names = ['localhost', '127.0.0.1'],
    notBeforeMs = Date.now() - dayMs,
    notAfterMs = Date.now() + dayMs,
    isAuthority = false,
  } = options;
  const commonName = options.commonName ?? names[0] ?? 'nobody';
  const { privateKey, publicKey } = options.keyPair ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    ...(names.length === 0 ? [] : [sequence(oid('2.5.29.17'), tlv(0x04, sequence(...names.map(generalName))))]),
    ...(isAuthority ? [sequence(oid('2.5.29.19'), tlv(0x01, Buffer.of(0xff)), tlv(0x04, sequence(tlv(0x01, Buffer.of(0xff)))))] : []),
  ];
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(options.issuer?.commonName ?? commonName),
    sequence(utcTime(notBeforeMs), utcTime(notAfterMs)),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  const signature = sign('sha256', body, options.issuer?.privateKey ?? privateKey);
  const der = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { cert: pem(der), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), commonName, privateKey };
}

/** An authority whose certificates are trusted where its own is given as `ca`. */
export function makeAuthority(): TestAuthority {
  return makeCertificate({ names: [], commonName: `Test authority ${randomBytes(4).toString('hex')}`, isAuthority: true });
}

/** SHA-256 fingerprint of the first certificate of a PEM text, in the form of `getPeerCertificate().fingerprint256`. */
export function fingerprint256(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

/** One DER element: tag, length, content. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

/** A SEQUENCE of DER. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return tlv(0x30, ...contents);
}

/** An OBJECT IDENTIFIER of DER. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, Buffer.from(commonName)))));
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name));
}

/** Two-digit years, so for dates from 1950 to 2049. */
function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
