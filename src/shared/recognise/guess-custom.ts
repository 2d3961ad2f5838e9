import type { HeaderField } from '../contract/common.ts';
import { customOptions } from '../contract/signing.ts';
import { readSignatureValue, type CustomGuess, type SignatureValue } from './signature-value.ts';

/** A header of an unknown sender that is named like a signature, or whose value looks like one. */
export interface UnknownSignature {
  readonly header: string;
  /** A sentence that says what the value looks like. */
  readonly because: string;
  /** Descriptions that would read it, the likeliest first; none where only its owner's public key, or more, could. */
  readonly guesses: readonly CustomGuess[];
}

const namedForIt = /signature|signed|hmac|(?:^|[-_])(?:sig|sign|mac|jwt|jws)(?:[-_]|$)/i;
const namedForWebhooks = /webhook|digest|hash|checksum|token|verif|(?:^|[-_])sha(?:1|256|512)?(?:[-_]|$)/i;
/** Headers about a signature or an event rather than of one. */
const namedForMore = /(?:timestamp|time|version|algorithm|alg|headers|input|nonce|type|event|topic|id|uuid|key-?id|url)$/i;
/** What names a digest of the body, the parts of a cache, or a session. */
const standardNames =
  /^(?:(?:content|repr|unencoded)-digest|digest|want-.*|content-md5|x-amz-content-sha256|etag|if-.*|cookie|x-csrf-token|x-xsrf-token)$/i;

/** Most headers whose values are read and that are described, since anybody can send many. */
const readLimit = 200;
const describedLimit = 20;

/** Headers that look like signatures of an unknown sender; those named like one come first. */
export function unknownSignatures(headers: readonly HeaderField[], hasUrl: boolean): readonly UnknownSignature[] {
  return headers
    .filter(([name, value]) => value.trim() !== '' && isNamedLikeOne(name.trim()))
    .slice(0, readLimit)
    .flatMap(([header, value]) => {
      const rank = rankOf(header.trim(), value);
      return rank === null ? [] : [{ rank, header, value }];
    })
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, describedLimit)
    .map(({ header, value }) => describe(header, value, headers, hasUrl));
}

/** The guesses that are options of `custom`: a header may have a name, or stand beside one, that no option takes. */
export function usableGuesses(guesses: readonly CustomGuess[]): readonly CustomGuess[] {
  return guesses.filter((guess) => customOptions.safeParse({ scheme: 'custom', ...guess }).success);
}

const isCredentials = (name: string) => /^(?:proxy-)?authorization$/i.test(name);

function isNamedLikeOne(name: string): boolean {
  if (standardNames.test(name)) return false;
  return isCredentials(name) || namedForIt.test(name) || (namedForWebhooks.test(name) && !namedForMore.test(name));
}

/** How certain it is, judged by name and value, that a header is a signature, from 0; null if it is not. */
function rankOf(name: string, text: string): number | null {
  if (isCredentials(name)) return rankOfCredentials(text);
  const isReadable = readSignatureValue(text).kind !== 'other';
  if (namedForIt.test(name) && !namedForMore.test(name)) return isReadable ? 0 : 1;
  return isReadable ? 2 : null;
}

/** Credentials of a caller are no signature, but for those that name an HMAC, and a token that somebody signed. */
function rankOfCredentials(text: string): number | null {
  if (/^\S*(?:hmac|signature)/i.test(text.trim())) return 0;
  return readSignatureValue(text).kind === 'jwt' ? 3 : null;
}

function describe(header: string, text: string, headers: readonly HeaderField[], hasUrl: boolean): UnknownSignature {
  const value = readSignatureValue(text);
  const isForPublicKey = /ed25519|ecdsa|rsa|(?:^|[-_])jws/i.test(header);
  if (isForPublicKey && (value.kind === 'mac' || value.kind === 'list'))
    return { header, because: `${header} is named like a signature that needs the public key of its sender.`, guesses: [] };
  switch (value.kind) {
    case 'mac': {
      const { algorithm, encoding, prefix } = value.mac;
      const before = prefix === '' ? '' : `, with ${JSON.stringify(prefix)} before it`;
      return {
        header,
        because: `${header} looks like an ${macName(algorithm)} in ${encoding}${before}.`,
        guesses: contentsOf(headers, header, hasUrl).map((content) => ({ header, ...value.mac, ...content })),
      };
    }
    case 'list':
      return describeList(header, value, headers, hasUrl);
    case 'jwt':
      return describeToken(header, value);
    case 'other':
      return { header, because: `${header} is named like a signature, but holds ${value.what}.`, guesses: [] };
  }
}

function macName(algorithm: string): string {
  // 64 bytes are also what Ed25519 gives.
  return `HMAC-${algorithm.toUpperCase()}${algorithm === 'sha512' ? ' or Ed25519 signature' : ''}`;
}

function describeList(
  header: string,
  { separator, macs, time }: Extract<SignatureValue, { kind: 'list' }>,
  headers: readonly HeaderField[],
  hasUrl: boolean,
): UnknownSignature {
  const [first] = macs;
  const stamp: CustomGuess = time === null ? {} : { timestampHeader: header, timestampPrefix: time.prefix, timestampUnit: time.unit };
  const held = time === null ? 'several signatures, each like' : 'a timestamp and what looks like';
  return {
    header,
    because: `${header} holds ${held} an ${macName(first?.algorithm ?? 'sha256')} in ${first?.encoding ?? 'hex'}.`,
    guesses: macs.flatMap((mac) =>
      contentsOf(headers, header, hasUrl, time === null ? undefined : stamp).map((content) => ({ header, separator, ...mac, ...content })),
    ),
  };
}

function describeToken(header: string, { algorithm, prefix, claims }: Extract<SignatureValue, { kind: 'jwt' }>): UnknownSignature {
  const because = `${header} holds a JWT${/^(?:proxy-)?authorization$/i.test(header) ? ', perhaps only the credentials of the caller,' : ''} signed with ${algorithm}`;
  const hash = ({ HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const)[algorithm];
  if (claims === null) return { header, because: `${because} without what it signs (detached).`, guesses: [] };
  if (hash === undefined) return { header, because: `${because}, which needs the public key of its sender.`, guesses: [] };
  const digestClaim =
    Object.keys(claims).find((name) => /sha-?256|hash|digest|checksum/i.test(name) && /^[\w.:/-]{1,100}$/.test(name)) ?? null;
  const covers = digestClaim === null ? 'and no claim that looks like a hash of the body' : `and the claim ${digestClaim}`;
  return { header, because: `${because} ${covers}.`, guesses: [{ header, prefix, encoding: 'jwt', algorithm: hash, digestClaim }] };
}

/** What such senders sign, the likeliest first, with the headers of its parts. */
function contentsOf(headers: readonly HeaderField[], own: string, hasUrl: boolean, stamp?: CustomGuess): readonly CustomGuess[] {
  const time = stamp ?? timestampOf(headers);
  const id = idOf(headers, own);
  const body = ['{body}', ...(hasUrl ? ['{body}{url}', '{url}{body}', '{method}{url}{body}'] : []), '{bodySha256}'];
  if (time === null) return body.map((signedContent) => (signedContent === '{body}' ? {} : { signedContent }));
  const withTime = [
    '{timestamp}.{body}',
    '{timestamp}{body}',
    '{timestamp}:{body}',
    'v0:{timestamp}:{body}',
    '{body}{timestamp}',
    '{body}.{timestamp}',
    '{timestamp}|{body}',
    '{timestamp}\n{body}',
  ];
  const withId =
    id === null ? [] : ['{id}.{timestamp}.{body}', '{id}{timestamp}{body}', '{timestamp}.{id}.{body}', '{timestamp}{id}{body}'];
  const withUrl = hasUrl ? ['{timestamp}{method}{url}{body}', '{method}{url}{body}{timestamp}'] : [];
  return [
    ...[...withTime, ...withUrl].map((signedContent) => ({ ...time, signedContent })),
    ...withId.map((signedContent) => ({ ...time, idHeader: id, signedContent })),
    // The timestamp may stand beside a signature that does not cover it.
    ...body.map((signedContent) => (stamp === undefined ? { signedContent } : { ...time, signedContent })),
  ];
}

function timestampOf(headers: readonly HeaderField[]): CustomGuess | null {
  for (const [name, value] of headers) {
    const unit = /timestamp|(?:^|[-_])(?:ts|time|sent-at)$/i.test(name) ? unitOf(value.trim()) : null;
    if (unit !== null) return { timestampHeader: name, timestampUnit: unit };
  }
  return null;
}

function unitOf(value: string): 's' | 'ms' | 'rfc3339' | null {
  if (/^\d{10}$/.test(value)) return 's';
  if (/^\d{13}$/.test(value)) return 'ms';
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? 'rfc3339' : null;
}

function idOf(headers: readonly HeaderField[], own: string): string | null {
  const named = headers.filter(([name, value]) => name !== own && value.trim() !== '' && value.length < 200);
  const best = [/(?:webhook|svix|message|delivery|event|msg)-?id$/i, /(?:delivery|nonce|request-id)$/i]
    .map((pattern) => named.find(([name]) => pattern.test(name)))
    .find((found) => found !== undefined);
  return best?.[0] ?? null;
}
