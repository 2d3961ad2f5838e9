import { Buffer } from 'node:buffer';

/** A value of DER: tag, length, content. */
export function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  const size = bytes.byteLength;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), bytes]);
  const digits = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.byteLength]), digits, bytes]);
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...content);
}

/** An object identifier by its encoded bytes in hex. */
export function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

/** A distinguished name that is a common name alone. */
export function commonNameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(name, 'utf8')))));
}

/** The text form of a certificate in DER. */
export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
