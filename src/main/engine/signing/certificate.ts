import { Buffer } from 'node:buffer';
import { createHash, sign as signBytes, type KeyObject } from 'node:crypto';

/**
 * A self-signed X.509 certificate of an RSA key as PEM. The same key and name always give the same certificate, valid from
 * 2000 to the end of 2049, so that it need not be kept beside the key.
 */
export function selfSignedPem(privateKey: KeyObject, publicKey: KeyObject, commonName: string): string {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const serial = createHash('sha256').update(spki).digest().subarray(0, 8);
  // An integer with its first bit set would be negative.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const algorithm = sequence(oid('2a864886f70d01010b'), tagged(0x05));
  const name = sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
  const validity = sequence(tagged(0x17, Buffer.from('000101000000Z')), tagged(0x17, Buffer.from('491231235959Z')));
  const version = tagged(0xa0, tagged(0x02, Buffer.from([2])));
  const content = sequence(version, tagged(0x02, serial), algorithm, name, validity, name, spki);
  const signature = signBytes('sha256', content, privateKey);
  const certificate = sequence(content, algorithm, tagged(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** A value of DER: tag, length, content. */
function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  const size = bytes.byteLength;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), bytes]);
  const digits = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.byteLength]), digits, bytes]);
}

function sequence(...content: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...content);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}
