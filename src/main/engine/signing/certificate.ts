import { Buffer } from 'node:buffer';
import { createHash, sign as signBytes, type KeyObject } from 'node:crypto';
import { certificatePem, commonNameOf, oid, sequence, tagged } from '../base/der.ts';

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
  const name = commonNameOf(commonName);
  const validity = sequence(tagged(0x17, Buffer.from('000101000000Z')), tagged(0x17, Buffer.from('491231235959Z')));
  const version = tagged(0xa0, tagged(0x02, Buffer.from([2])));
  const content = sequence(version, tagged(0x02, serial), algorithm, name, validity, name, spki);
  const signature = signBytes('sha256', content, privateKey);
  return certificatePem(sequence(content, algorithm, tagged(0x03, Buffer.from([0]), signature)));
}
