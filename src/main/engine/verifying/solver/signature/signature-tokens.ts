import { isSameHeader } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { encodeBytes, type ByteEncoding } from '../../../signing/encoding.ts';
import { costOf, type Cause } from '../cause.ts';

/** How a scheme writes a MAC: where, in which encoding, and with which prefix. */
export interface SignatureForm {
  /** Lower case. */
  readonly header: string;
  readonly prefix: string;
  readonly encoding: ByteEncoding;
}

/** A received signature, decoded in one of its possible ways. */
export interface SignatureToken {
  /** Index of its header. */
  readonly at: number;
  /** As received, with what belongs to it. */
  readonly text: string;
  /** What was received before it, such as `v1,` or `sha256=`. */
  readonly prefix: string;
  readonly encoding: ByteEncoding;
  readonly mac: Uint8Array;
  readonly causes: readonly Cause[];
  readonly cost: number;
  /** Which bytes of the MAC it may be: all, or what is left after it was cut. */
  readonly end: 'start' | 'end';
  /** The digits of the signature alone, in `encoding`, as they were received. */
  readonly digits: string;
  /** Whether it is base64 without any capital letter, which a MAC has only by accident. */
  readonly isCaseLost: boolean;
  /** A MAC in such digits. */
  readonly writeDigits: (mac: Uint8Array) => string;
  /** A MAC in the form of this signature. */
  readonly write: (mac: Uint8Array) => string;
}

/** At most this many signatures of one request are considered. */
const tokenLimit = 24;
const otherHeaderLimit = 30;

/** Fewer bytes than this could match by chance. */
export const leastBytes = 6;

const copyHeader = 'Copy the whole header as it was sent.';
const decodeAs = (form: SignatureForm) => `Write and read the signature as ${form.encoding}.`;

/** The signatures of a request in every reading, those in the scheme's own form first. */
export function signatureTokens(headers: readonly HeaderField[], form: SignatureForm): readonly SignatureToken[] {
  const placed = headers.map(([name, value], at) => ({ name, value: value.slice(0, 8192), at }));
  const inPlace = placed.filter(({ name }) => isSameHeader(name, form.header));
  const elsewhere = placed
    .filter(({ name }) => !isSameHeader(name, form.header) && /sign|hmac|digest|hash|\bmac\b|webhook|jwt|authorization/i.test(name))
    .slice(0, otherHeaderLimit);
  const tokens = [
    ...inPlace.flatMap(({ value, at }) => readValue(value, at, form, [])),
    ...elsewhere.flatMap(({ name, value, at }) => readValue(value, at, form, [movedCause(name, form)])),
  ];
  const seen = new Set<string>();
  return tokens
    .toSorted((left, right) => left.cost - right.cost)
    .filter((token) => {
      const name = `${token.end} ${Buffer.from(token.mac).toString('latin1')}`;
      return seen.has(name) ? false : seen.add(name) !== null;
    })
    .slice(0, tokenLimit);
}

function movedCause(name: string, form: SignatureForm): Cause {
  return signatureCause(
    'in-other-header',
    1,
    `the signature is taken from ${name} instead of ${form.header}`,
    'the sender uses another header than the scheme',
    'Choose the scheme that reads this header, or set its name in a custom scheme.',
  );
}

function readValue(value: string, at: number, form: SignatureForm, causes: readonly Cause[]): readonly SignatureToken[] {
  const pieces = value.trim() === '' ? [] : splitValue(value.trim());
  return pieces.flatMap((piece) => readPiece(piece, at, form, causes));
}

interface Piece {
  readonly text: string;
  /** Such as `v1,` or `sha256=`. */
  readonly prefix: string;
  readonly mac: string;
  readonly causes: readonly Cause[];
}

const pairPattern = /^["']?([A-Za-z][A-Za-z0-9_-]{0,20}[=:,])?["':]*([A-Za-z0-9+/_%-]{8,}={0,2})["':]*$/;

/** Entries of a header value with their prefixes. A space may also be a lost +. */
function splitValue(value: string): readonly Piece[] {
  const entries = entriesOf(value);
  const respaced = value.replace(/([=:])\s+(?=\S)/g, '$1');
  const unwrapped = value.replace(/\s+/g, '');
  return [
    ...entries.flatMap((entry) => pieceOf(entry, entry, [])),
    ...(respaced === value ? [] : entriesOf(respaced).flatMap((entry) => pieceOf(value, entry, [spaceCause]))),
    ...(entries.length > 1 ? pieceOf(value, value.replaceAll(' ', '+'), []) : []),
    ...(unwrapped === value ? [] : pieceOf(value, unwrapped, [wrappedCause])),
  ];
}

function entriesOf(value: string): readonly string[] {
  return value.split(/[\s;]+|,(?=[A-Za-z0-9_-]{1,20}=)/).filter((entry) => entry !== '');
}

function pieceOf(text: string, entry: string, causes: readonly Cause[]): readonly Piece[] {
  const match = pairPattern.exec(entry.replace(/,$/, ''));
  const mac = match?.[2];
  return mac === undefined || /^\d{8,13}$/.test(mac) ? [] : [{ text, prefix: match?.[1] ?? '', mac, causes }];
}

interface Decoded {
  readonly mac: Uint8Array;
  readonly encoding: ByteEncoding;
  readonly digits: string;
  readonly end: SignatureToken['end'];
  readonly causes: readonly Cause[];
}

function readPiece(piece: Piece, at: number, form: SignatureForm, before: readonly Cause[]): readonly SignatureToken[] {
  return decodings(piece.mac, form).flatMap((decoded): readonly SignatureToken[] => {
    if (decoded.mac.byteLength < leastBytes) return [];
    const prefixed = piece.prefix === form.prefix ? [] : [prefixCause(piece.prefix, form)];
    const causes = [...before, ...piece.causes, ...prefixed, ...decoded.causes];
    const write = (mac: Uint8Array) => {
      const text = encodeBytes(mac, decoded.encoding);
      return `${form.prefix}${decoded.encoding === 'hex' && /[A-F]/.test(piece.mac) ? text.toUpperCase() : text}`;
    };
    const { digits, encoding } = decoded;
    const writeDigits = (mac: Uint8Array) => encodeBytes(mac, encoding).replace(/=+$/, '');
    const isCaseLost = encoding !== 'hex' && !/[A-Z]/.test(digits);
    const { text, prefix } = piece;
    const { mac, end } = decoded;
    return [{ at, isCaseLost, text, prefix, encoding, mac, causes, cost: costOf(causes), end, digits, writeDigits, write }];
  });
}

function prefixCause(received: string, form: SignatureForm): Cause {
  const change =
    received === ''
      ? `${form.prefix} is put before the signature`
      : form.prefix === ''
        ? `${received} is taken away from before the signature`
        : `${form.prefix} stands before the signature instead of ${received}`;
  const why = received === '' ? 'the signature was copied without its prefix' : 'the signature is marked as of another kind';
  return signatureCause('prefix', 0.8, change, why, copyHeader);
}

const spaceCause = signatureCause(
  'space',
  0.5,
  'the space between the prefix and the signature is removed',
  'the sender writes a space where none belongs',
  'Take the space out where the header is written, or drop it where it is read.',
);

const wrappedCause = signatureCause(
  'wrapped',
  0.7,
  'the white space inside the signature is removed',
  'the header was wrapped where it was copied from',
  copyHeader,
);

/** The possible bytes of a text. Hex is also valid base64, but never with the length of a MAC. */
function decodings(text: string, form: SignatureForm): readonly Decoded[] {
  const decoded: Decoded[] = [];
  const add = (mac: Uint8Array, encoding: ByteEncoding, causes: readonly Cause[], end: Decoded['end'] = 'start', digits = text) => {
    decoded.push({ mac, encoding, digits: encoding === 'hex' ? digits.toLowerCase() : digits.replace(/=+$/, ''), end, causes });
  };
  const wrong = (encoding: ByteEncoding): readonly Cause[] =>
    encoding === form.encoding
      ? []
      : [
          signatureCause(
            `is-${encoding}`,
            0.9,
            `the signature is read as ${encoding} instead of ${form.encoding}`,
            'the sender encodes the signature in another way',
            decodeAs(form),
          ),
        ];
  if (/^[0-9a-fA-F]+$/.test(text)) {
    const isCased = form.encoding === 'hex' && /[A-F]/.test(text);
    const cased = isCased
      ? [
          signatureCause(
            'hex-case',
            0.5,
            'the signature is written in lower case',
            'the sender writes hex in capitals',
            'Compare the decoded bytes, not the text.',
          ),
        ]
      : [];
    const even = text.length - (text.length % 2);
    add(Buffer.from(text.slice(0, even), 'hex'), 'hex', [...wrong('hex'), ...cased]);
    add(Buffer.from(text.slice(text.length - even), 'hex'), 'hex', [...wrong('hex'), ...cased], 'end');
  }
  const plain = text.includes('%') ? percentDecoded(text) : text;
  const escaped =
    plain === text
      ? []
      : [signatureCause('percent-encoded', 0.8, 'the signature is percent-decoded', 'something percent-encoded the header', copyHeader)];
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) addBase64(plain, escaped);
  return decoded;

  function addBase64(base64: string, before: readonly Cause[]): void {
    const isUrl = /[-_]/.test(base64);
    const encoding = isUrl || form.encoding === 'base64url' ? 'base64url' : 'base64';
    const bytes = Buffer.from(base64, 'base64');
    const isUnpadded = encoding === 'base64' && base64.length % 4 !== 0 && !base64.endsWith('=');
    const unpadded =
      isUnpadded && isMacSize(bytes.byteLength)
        ? [
            signatureCause(
              'padding',
              0.5,
              'the padding (=) is put at the end of the signature',
              'something took the padding of the base64 away',
              copyHeader,
            ),
          ]
        : [];
    add(bytes, encoding, [...before, ...wrong(encoding), ...unpadded]);
    // Base64 that lost its beginning is decoded in groups of four from its end.
    add(Buffer.from(base64.slice(base64.length % 4), 'base64'), encoding, [...before, ...wrong(encoding)], 'end');
    const inner = bytes.toString('latin1');
    if (/^(?:[0-9a-fA-F]{2}){20,64}$/.test(inner))
      add(
        Buffer.from(inner, 'hex'),
        'hex',
        [
          ...before,
          signatureCause(
            'base64-of-hex',
            1,
            'the signature is taken for base64 of hex',
            'the sender encodes the signature twice',
            decodeAs(form),
          ),
        ],
        'start',
        inner,
      );
  }
}

function isMacSize(bytes: number): boolean {
  return [20, 32, 48, 64].includes(bytes);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function signatureCause(id: string, cost: number, change: string, why: string, remedy: string): Cause {
  return { kind: 'encoding', id: `signature-${id}`, family: 'signature-text', cost, change, why, remedy };
}
