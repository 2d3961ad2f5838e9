import type { HeaderField } from '#shared/contract/common.ts';
import type { Rfc9421Options } from '#shared/contract/proof-signing.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { invalid } from '../../base/refusal.ts';
import { encodeBytes } from '../encoding.ts';
import { ed25519FromSeed, p256FromRandom, privatePem, publicPem, type PairKey } from '../key-text.ts';
import { problemOf, type Proof } from '../verification/proof.ts';
import { verifyBy } from '../verification/verify-by.ts';
import { remarksOnKey } from '../secret-wrapper.ts';
import { codeInfo } from '../scheme-info.ts';
import type { Scheme, Signed, SignInput, VerifyInput } from '../scheme.ts';
import { contentDigest } from './content-digest.ts';
import { algorithmsOf, isMessageSignature, readMessageKey, signMessage, type MessageKey } from './message-key.ts';
import { labelsOf, readLabel, readNothing } from './read-signature.ts';
import { signatureBaseOf, type Message } from './signature-base.ts';
import { readComponent } from './structured-field.ts';

const proof: Omit<Proof<MessageKey>, 'read'> = {
  scheme: 'rfc9421',
  words: { key: 'secret', signed: ['a component that is covered', 'a parameter of the signature'], timestamp: 'created' },
  keyOf: readMessageKey,
  remarksOn,
  isMadeBy: (key, { signature, signed, algorithm }) =>
    isMessageSignature(key, algorithm ?? algorithmsOf(key)[0] ?? '', signed.bytes, signature),
  expected: {
    of: (key, signed) => (key.kind === 'shared' ? signMessage(key, signed.bytes) : null),
    write: (signature) => `:${encodeBytes(signature, 'base64')}:`,
  },
  mismatch: (key, { algorithm }) => {
    const allowed = algorithmsOf(key);
    if (algorithm === undefined || allowed.includes(algorithm)) return null;
    return `The signature says alg="${algorithm}", but the key is one for ${allowed.join(' or ')}, so it is refused: the key decides, not the request.`;
  },
};

/** HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530). */
export const rfc9421: Scheme = {
  id: 'rfc9421',
  info: codeInfo('rfc9421'),
  checkSecret: (secret) => problemOf(readMessageKey(secret)),
  remarksOn,
  makeSecret: (random, options) => {
    const { algorithm } = rfc9421Of(options);
    if (algorithm === 'hmac-sha256') return encodeBytes(random, 'base64');
    return pemOf(algorithm === 'ed25519' ? ed25519FromSeed(random) : p256FromRandom(random));
  },
  publicKeyOf: (secret) => {
    const result = readMessageKey(secret);
    return 'key' in result && result.key.kind === 'pair' ? publicPem(result.key.pair.publicKey) : null;
  },
  sign,
  verify,
};

function sign(input: SignInput): Signed {
  const options = rfc9421Of(input.options);
  const [secret] = input.secrets;
  if (secret === undefined) throw invalid('secrets', 'Give a secret or a private key to sign with.');
  const result = readMessageKey(secret);
  if ('problem' in result) throw invalid('secrets.0', result.problem);
  const components = options.components.map(readComponent);
  const isDigestCovered = components.some(({ name }) => name === 'content-digest');
  const digest: HeaderField[] = isDigestCovered ? [['Content-Digest', contentDigest(input.body, options.digest)]] : [];
  const message: Message = {
    method: input.method || null,
    // What goes over the wire is the URL as the URL standard writes it.
    url: URL.canParse(input.url) ? new URL(input.url).href : input.url || null,
    status: options.status,
    headers: [...digest, ['content-length', String(input.body.byteLength)]],
  };
  const parameters = [
    `(${components.map(({ text }) => text).join(' ')})`,
    `created=${Math.floor(input.nowMs / 1000)}`,
    ...(options.keyId === null ? [] : [`keyid="${options.keyId}"`]),
    `alg="${algorithmsOf(result.key)[0] ?? ''}"`,
    `nonce="${input.id}"`,
  ].join(';');
  const base = signatureBaseOf(message, components, parameters);
  if (base.kind === 'unknown') {
    throw invalid(
      'options.components',
      `This cannot be signed, because nothing tells the ${base.names.join(', ')}: give the whole URL and the method, and cover content-digest and components that begin with @.`,
    );
  }
  if (base.kind === 'problem') throw invalid('options.components', `This cannot be signed: ${base.problem}.`);
  const signature = signMessage(result.key, base.signed.bytes);
  if (signature === null)
    throw invalid('secrets.0', 'This is a public key, which can only verify. Give the private key of the pair to sign with.');
  return {
    headers: [
      ...digest,
      ['Signature-Input', `${options.label}=${parameters}`],
      ['Signature', `${options.label}=:${encodeBytes(signature, 'base64')}:`],
    ],
    signed: base.signed,
  };
}

function remarksOn(secret: string): readonly string[] {
  const result = readMessageKey(secret);
  return 'key' in result && result.key.kind === 'shared' ? remarksOnKey(secret, { key: result.key.key }) : [];
}

/** Each signature is judged by itself, because each has its own time and its own components; the first valid one counts. */
function verify(input: VerifyInput): Verification {
  const options = rfc9421Of(input.options);
  const labels = labelsOf(input.headers);
  const verdicts = labels.map((label) => verifyBy({ ...proof, read: (given) => readLabel(given, options, label) }, input));
  const at = Math.max(
    0,
    verdicts.findIndex(({ verdict }) => verdict === 'valid'),
  );
  const verdict = verdicts[at];
  if (verdict === undefined) return verifyBy({ ...proof, read: readNothing }, input);
  return {
    ...verdict,
    receivedSignatures: verdicts.flatMap(({ receivedSignatures }) => receivedSignatures),
    matchedSignature:
      verdict.matchedSignature === null ? null : verdicts.slice(0, at).flatMap(({ receivedSignatures }) => receivedSignatures).length,
  };
}

function pemOf({ privateKey }: PairKey): string {
  if (privateKey === null) throw new TypeError('A key that was just made has no private half.');
  return privatePem(privateKey);
}

/** The registry hands a scheme its own options; others are a bug of the caller. */
function rfc9421Of(options: Signing): Rfc9421Options {
  if (options.scheme !== 'rfc9421') throw new TypeError(`HTTP Message Signatures were given options of ${options.scheme}.`);
  return options;
}
