import { Buffer } from 'node:buffer';
import { sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import type { CodeSchemeId } from '#shared/contract/scheme-facts.ts';
import { invalid } from '../base/refusal.ts';
import { decodeSignatureText, encodeBytes, type ByteEncoding } from './encoding.ts';
import { readHeader, withoutJoinedComma } from './header-values.ts';
import { toleranceOf } from './options.ts';
import type { PairKey } from './key-text.ts';
import { problemOf, type KeyOr, type Proof, type ProofLibrary } from './verification/proof.ts';
import { type Candidate, type Reading, emptyReading, findHeaders, headerText, malformed } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';
import type { Scheme, Signed, SignInput, VerifyInput } from './scheme.ts';
import { fillPattern } from './signed-string.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

/** The definition of a scheme with a public-key signature over id, timestamp and body in a header. */
export interface PublicKeyRecipe {
  readonly scheme: CodeSchemeId;
  readonly info: Omit<Scheme['info'], 'keyKind'>;
  /** Hash of the signature, or null for Ed25519, which has its own. */
  readonly hash: 'sha256' | null;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
  readonly idHeader: string | null;
  readonly pattern: string;
  readonly encoding: ByteEncoding;
  /** Length of a signature in bytes, or null when it varies (DER). */
  readonly signatureBytes: number | null;
  /** Prefix of each signature, such as `v1a,`; null when the header is one signature and nothing else. */
  readonly entryPrefix: string | null;
  readonly keyOf: (text: string) => KeyOr<PairKey>;
  readonly makeSecret: (random: Uint8Array) => string;
  readonly writePublic: (key: PairKey) => string;
  readonly next: readonly string[];
  /** How the provider's own library judges; absent when there is none, or when it judges exactly by the bytes. */
  readonly library?: ProofLibrary;
}

/** A scheme that signs with a private key and verifies with the public one. */
export function createPublicKeyScheme(recipe: PublicKeyRecipe): Scheme {
  const proof: Proof<PairKey> = {
    scheme: recipe.scheme,
    words: {
      key: 'public key',
      signed: [...(recipe.idHeader === null ? [] : [recipe.idHeader]), recipe.timestampHeader, 'the body'],
      timestamp: recipe.timestampHeader,
    },
    keyOf: recipe.keyOf,
    read: (input) => read(recipe, input),
    isMadeBy: (key, { signature, signed }) => verifyBytes(recipe.hash, signed.bytes, key.publicKey, signature),
    ...(recipe.library === undefined ? {} : { library: recipe.library }),
  };
  return {
    id: recipe.scheme,
    info: { ...recipe.info, keyKind: 'pair' },
    checkSecret: (secret) => problemOf(recipe.keyOf(secret)),
    makeSecret: recipe.makeSecret,
    publicKeyOf: (secret) => {
      const result = recipe.keyOf(secret);
      return 'key' in result ? recipe.writePublic(result.key) : null;
    },
    sign: (input) => sign(recipe, input),
    verify: (input) => verifyBy(proof, input),
  };
}

/** The private key of each secret that may sign; only the first when the header holds one signature. */
function sign(recipe: PublicKeyRecipe, input: SignInput): Signed {
  const timestamp = String(Math.floor(input.nowMs / 1000));
  const signed = fillPattern(recipe, { id: input.id, timestamp, method: null, url: null, body: input.body });
  if (signed === null) throw new TypeError(`The pattern of ${recipe.scheme} signs something that it is not given.`);
  const secrets = recipe.entryPrefix === null ? input.secrets.slice(0, 1) : input.secrets;
  if (secrets.length === 0) throw invalid('secrets', 'Give a private key to sign with.');
  const signatures = secrets.map((secret, index) => {
    const result = recipe.keyOf(secret);
    if ('problem' in result) throw invalid(`secrets.${index}`, result.problem);
    if (result.key.privateKey === null) {
      throw invalid(`secrets.${index}`, 'This is a public key, which can only verify. Give the private key of the pair to sign with.');
    }
    return `${recipe.entryPrefix ?? ''}${encodeBytes(signBytes(recipe.hash, signed.bytes, result.key.privateKey), recipe.encoding)}`;
  });
  const headers: HeaderField[] = [];
  if (recipe.idHeader !== null) headers.push([recipe.idHeader, input.id]);
  headers.push([recipe.timestampHeader, timestamp], [recipe.signatureHeader, signatures.join(' ')]);
  return { headers, signed };
}

function read(recipe: PublicKeyRecipe, input: VerifyInput): Reading {
  const { signatureHeader, timestampHeader, idHeader } = recipe;
  const wanted = [...(idHeader === null ? [] : [idHeader]), timestampHeader, signatureHeader];
  const id = idHeader === null ? '' : headerText(input.headers, idHeader);
  const timestamp = headerText(input.headers, timestampHeader);
  const signed = fillPattern(recipe, { id, timestamp, method: null, url: null, body: input.body });
  const value = readHeader(input.headers, signatureHeader)?.text ?? '';
  const entries = recipe.entryPrefix === null ? [value] : value.split(' ');
  const results = entries.filter((entry) => entry !== '').map((entry) => readEntry(recipe, entry));
  const candidates: Candidate[] =
    signed === null ? [] : results.flatMap((result) => ('bytes' in result ? [{ text: result.text, signature: result.bytes, signed }] : []));
  const problem = results.find((result) => 'problem' in result);
  return {
    ...emptyReading(findHeaders(input.headers, wanted)),
    timestamp:
      timestamp === null
        ? null
        : judgeTime(
            { name: timestampHeader, text: timestamp, unit: 's' },
            aroundNow(toleranceOf(input.options, recipe.info.toleranceSeconds)),
            input.nowMs,
          ),
    candidates,
    trouble:
      results.some((result) => 'bytes' in result) || problem === undefined
        ? null
        : malformed(signatureHeader, problem.text, problem.problem),
    next: recipe.next,
  };
}

type Entry = { readonly text: string; readonly bytes: Uint8Array } | { readonly text: string; readonly problem: string };

function readEntry(recipe: PublicKeyRecipe, entry: string): Entry {
  // Joining two header lines leaves a comma at the end.
  const text = recipe.entryPrefix === null ? entry : withoutJoinedComma(entry);
  const prefix = recipe.entryPrefix ?? '';
  if (!text.startsWith(prefix)) {
    const isShared = text.startsWith('v1,');
    return {
      text,
      problem: isShared ? 'v1 signatures are made with a shared secret, and this scheme checks v1a' : `it does not begin with ${prefix}`,
    };
  }
  const decoded = decodeSignatureText(text.slice(prefix.length), recipe.encoding);
  if ('problem' in decoded) return { text, problem: decoded.problem };
  const bytes = decoded.bytes.byteLength;
  if (recipe.signatureBytes !== null && bytes !== recipe.signatureBytes)
    return { text, problem: `it is ${bytes} bytes long, but this scheme's signatures have ${recipe.signatureBytes}` };
  // ECDSA in DER is a SEQUENCE; 64 bytes without it are r and s side by side, which the provider does not send.
  if (recipe.signatureBytes === null && decoded.bytes[0] !== 0x30) {
    const hint = bytes === 64 ? '; it looks like r and s side by side (IEEE P1363)' : '';
    return { text, problem: `it is not ECDSA in DER${hint}` };
  }
  return { text, bytes: decoded.bytes };
}

/** Text of a key as bytes in hex of a given length, or null. */
export function hexBytes(text: string, length: number): Uint8Array | null {
  return /^[0-9a-fA-F]+$/.test(text) && text.length === length * 2 ? Buffer.from(text, 'hex') : null;
}
