import { Buffer } from 'node:buffer';

/** What the first bytes of a connection are. */
export type FirstBytes =
  | { readonly kind: 'hello'; readonly serverName: string | null }
  /** More has to come. */
  | { readonly kind: 'more' }
  | { readonly kind: 'not-tls' };

const handshakeRecord = 0x16;
const clientHello = 0x01;
const serverNameExtension = 0;
/** A first message is far smaller, also with keys against quantum computers; what is larger is not looked at further. */
const largestBytes = 65_536;

/** Reads the server name of a ClientHello (RFC 8446, section 4.1.2; RFC 6066, section 3), which may be split over several records. */
export function readClientHello(bytes: Uint8Array): FirstBytes {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (all.length > 0 && all[0] !== handshakeRecord) return { kind: 'not-tls' };
  if (all.length > 1 && all[1] !== 3) return { kind: 'not-tls' };
  const message = handshakeIn(all);
  if (message.length > 0 && message[0] !== clientHello) return { kind: 'not-tls' };
  if (message.length < 4 || message.length < 4 + message.readUIntBE(1, 3))
    return all.length > largestBytes ? { kind: 'hello', serverName: null } : { kind: 'more' };
  try {
    return { kind: 'hello', serverName: serverNameOf(message) };
  } catch (error) {
    // A length that points behind the end; OpenSSL refuses the message.
    if (error instanceof RangeError) return { kind: 'hello', serverName: null };
    throw error;
  }
}

/** The content of the handshake records so far. */
function handshakeIn(all: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= all.length && all[at] === handshakeRecord; at += 5 + all.readUInt16BE(at + 3))
    parts.push(all.subarray(at + 5, at + 5 + all.readUInt16BE(at + 3)));
  return Buffer.concat(parts);
}

function serverNameOf(message: Buffer): string | null {
  // Behind type, length, version and random: session id, cipher suites, compression methods, extensions.
  let at = 4 + 2 + 32;
  at += 1 + message.readUInt8(at);
  at += 2 + message.readUInt16BE(at);
  at += 1 + message.readUInt8(at);
  if (at + 2 > message.length) return null;
  const end = Math.min(message.length, at + 2 + message.readUInt16BE(at));
  at += 2;
  while (at + 4 <= end) {
    const length = message.readUInt16BE(at + 2);
    // A list with one name of type 0: its length, the type, the length of the name.
    if (message.readUInt16BE(at) === serverNameExtension && length > 5 && message.readUInt8(at + 6) === 0)
      return message.toString('latin1', at + 9, at + 9 + message.readUInt16BE(at + 7));
    at += 4 + length;
  }
  return null;
}
