import type { Rfc9421Options } from '#shared/contract/proof-signing.ts';
import type { ReceiverRecipe, ContentDigest, SnippetPiece, SnippetProof } from './recipe.ts';

/** The components whose values a receiver can build; other fields of the message are headers. */
const derived: Readonly<Record<string, SnippetPiece>> = {
  '@method': { kind: 'method' },
  '@target-uri': { kind: 'url' },
  '@authority': { kind: 'authority' },
  '@scheme': { kind: 'origin-scheme' },
  '@request-target': { kind: 'target' },
  '@path': { kind: 'target-path' },
  '@query': { kind: 'target-query' },
  'content-digest': { kind: 'digest' },
};

const proofs: Readonly<Record<Rfc9421Options['algorithm'], SnippetProof>> = {
  'hmac-sha256': { kind: 'mac', hash: 'sha256', isKeyed: true, secret: 'base64', encoding: 'base64' },
  ed25519: { kind: 'ed25519', key: 'pem', encoding: 'base64' },
  'ecdsa-p256-sha256': { kind: 'ecdsa-p256', key: 'pem', form: 'pair', encoding: 'base64' },
};

const digests: Readonly<Record<Rfc9421Options['digest'], ContentDigest>> = {
  'sha-256': { label: 'sha-256', hash: 'sha256' },
  'sha-512': { label: 'sha-512', hash: 'sha512' },
};

/**
 * A receiver of HTTP Message Signatures (RFC 9421) as these options make them: one label, one algorithm, and one list of
 * components in one order. It is not a full implementation of the RFC, and refuses anything signed differently.
 */
export function messageRecipeOf(options: Rfc9421Options): ReceiverRecipe | { readonly unavailable: string } {
  const { components, label } = options;
  const foreign = components.find((name) => !(name in derived) && !/^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name));
  if (foreign !== undefined) {
    return { unavailable: `Receiver code does not put ${foreign} together; take it out of the components, or use a library for RFC 9421.` };
  }
  const missing = options.requiredComponents.find((name) => !components.includes(name));
  if (missing !== undefined) {
    return { unavailable: `Receivers require ${missing}, which the components do not cover, so they would refuse every request.` };
  }
  const isDigestSigned = components.includes('content-digest');
  return {
    proof: proofs[options.algorithm],
    signature: { kind: 'message', label, list: `(${components.map((name) => `"${name}"`).join(' ')})` },
    time: { place: 'message', name: 'created', unit: 's', toleranceSeconds: 300 },
    idHeader: null,
    fixedHeader: null,
    listHeader: null,
    digestParameter: null,
    contentDigest: isDigestSigned ? digests[options.digest] : null,
    signed: [
      ...components.flatMap((name): readonly SnippetPiece[] => [
        { kind: 'literal', text: `"${name}": ` },
        derived[name] ?? { kind: 'field', name },
        { kind: 'literal', text: '\n' },
      ]),
      { kind: 'literal', text: '"@signature-params": ' },
      { kind: 'parameters' },
    ],
    notes: [
      `This is no whole implementation of RFC 9421: it takes the signature ${label} with ${options.algorithm} over exactly ${components.join(', ') || 'nothing'} in this order, with created and without expires, and refuses every other.`,
      isDigestSigned
        ? `Content-Digest must hold ${options.digest} alone, and is computed again from the body.`
        : 'content-digest is not covered, so anyone could have changed the body.',
      ...(components.includes('@authority')
        ? ['Write the host of WEBHOOK_ORIGIN in small letters, without the port that its scheme has anyway.']
        : []),
    ],
  };
}
