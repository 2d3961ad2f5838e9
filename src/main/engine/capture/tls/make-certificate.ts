import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign as signBytes, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { certificatePem, commonNameOf, oid, sequence, tagged } from '../../base/der.ts';

/** Who signs a certificate. */
export interface Issuer {
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

/** What a certificate says; it is signed with ECDSA by a key on the curve P-256. */
export interface CertificateFields {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Host names and addresses that a server certificate is for; null for an authority. */
  readonly names: readonly string[] | null;
  /** Whether an authority may sign for nothing but this machine. */
  readonly isForThisMachine?: boolean;
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const yes = tagged(0x01, Buffer.of(0xff));

/** A fresh key on P-256. */
export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** An X.509 certificate as PEM. */
export function makeCertificate(fields: CertificateFields): string {
  const serial = randomBytes(16);
  // Positive, and with no byte that could be left out.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, serial),
    ecdsaWithSha256,
    commonNameOf(fields.issuer.commonName),
    sequence(timeOf(fields.notBeforeMs), timeOf(fields.notAfterMs)),
    commonNameOf(fields.commonName),
    fields.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensionsOf(fields))),
  );
  const signature = signBytes('sha256', content, fields.issuer.privateKey);
  return certificatePem(sequence(content, ecdsaWithSha256, tagged(0x03, Buffer.of(0), signature)));
}

function extensionsOf({ names, publicKey, issuer, isForThisMachine = false }: CertificateFields): readonly Buffer[] {
  const ids = [
    extension('551d0e', tagged(0x04, keyId(publicKey))),
    extension('551d23', sequence(tagged(0x80, keyId(createPublicKey(issuer.privateKey))))),
  ];
  if (names === null)
    return [
      extension('551d13', sequence(yes), true),
      // Signs certificates and lists of revoked ones.
      extension('551d0f', tagged(0x03, Buffer.of(1, 0x06)), true),
      ...ids,
      ...(isForThisMachine ? [extension('551d1e', thisMachineOnly(), true)] : []),
    ];
  return [
    extension('551d13', sequence(), true),
    // Signs handshakes.
    extension('551d0f', tagged(0x03, Buffer.of(7, 0x80)), true),
    // Authenticates servers.
    extension('551d25', sequence(oid('2b06010505070301'))),
    ...ids,
    extension('551d11', sequence(...names.map(generalName))),
  ];
}

function extension(idHex: string, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(idHex), ...(isCritical ? [yes] : []), tagged(0x04, value));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
}

/** Name constraints: names below `localhost` and loopback addresses. */
function thisMachineOnly(): Buffer {
  const loopbackV6 = [...Array<number>(15).fill(0), 1, ...Array<number>(16).fill(0xff)];
  const permitted = [
    tagged(0x82, Buffer.from('localhost')),
    tagged(0x87, Buffer.of(127, 0, 0, 0, 255, 0, 0, 0)),
    tagged(0x87, Buffer.from(loopbackV6)),
  ];
  return sequence(tagged(0xa0, ...permitted.map((name) => sequence(name))));
}

function generalName(name: string): Buffer {
  if (isIP(name) === 4) return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  if (name === '::1') return tagged(0x87, Buffer.from([...Array<number>(15).fill(0), 1]));
  return tagged(0x82, Buffer.from(name));
}

/** Years from 2050 on have four digits. */
function timeOf(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}
