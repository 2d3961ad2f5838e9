/** How the text in the body field stands for bytes. */
export type BodyEncoding = 'text' | 'base64' | 'hex';

/** The bytes, or a sentence about why there are none. */
export type DecodedBody = { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly ok: false; readonly message: string };

const fail = (message: string): DecodedBody => ({ ok: false, message });

function decodeHex(text: string): DecodedBody {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]/g, '');
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) return fail(`"${wrong}" is not a hex digit; use 0-9 and a-f, with spaces or colons if you like.`);
  if (digits.length % 2 !== 0) return fail('There is an odd number of hex digits; each byte takes two.');
  return { ok: true, bytes: Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
}

function decodeBase64(text: string): DecodedBody {
  const plain = text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const wrong = /[^A-Za-z0-9+/]/.exec(plain)?.[0];
  if (wrong !== undefined) return fail(`"${wrong}" does not occur in Base64.`);
  if (plain.length % 4 === 1) return fail('A character is missing: Base64 never ends after one character of a group of four.');
  return { ok: true, bytes: Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)) };
}

/** Turns what stands in the body field into bytes. Base64 may be of the URL kind and without padding. */
export function decodeBody(text: string, encoding: BodyEncoding): DecodedBody {
  switch (encoding) {
    case 'text':
      return { ok: true, bytes: new TextEncoder().encode(text) };
    case 'base64':
      return decodeBase64(text);
    case 'hex':
      return decodeHex(text);
  }
}
