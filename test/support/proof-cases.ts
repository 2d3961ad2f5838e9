import fc from 'fast-check';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { Scheme, Signed, VerifyInput } from '#engine/signing/scheme.ts';
import type { CodeSchemeId } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { verification, type Verification } from '#shared/contract/verifying.ts';

/** A scheme that signs more than headers and body, or with a key pair, with what a request for it needs. */
export interface ProofCase {
  readonly id: CodeSchemeId;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly body: fc.Arbitrary<Uint8Array>;
  /** What a changed byte of the body comes out as; null where the body as a whole is not signed. */
  readonly tampered: 'signature_mismatch' | 'digest_mismatch' | null;
  /** Seconds that a request stays fresh, or null where the scheme sets no limit. */
  readonly freshSeconds: number | null;
  /** Seconds that its time may lie ahead. */
  readonly aheadSeconds: number;
}

export const sentAtMs = 1_763_600_000_000;

const bytes = fc.uint8Array({ maxLength: 600 });
const words = fc.stringMatching(/^[A-Za-z0-9 _.:\-é😀]{0,20}$/u);
const objects = fc
  .dictionary(
    words.filter((name) => !['signature', 'webhookTimestamp', '__proto__'].includes(name)),
    fc.jsonValue({ maxDepth: 2 }),
  )
  .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 2), `${JSON.stringify(value)}\r\n`))
  .map((text) => Buffer.from(text, 'utf8'));
const forms = fc.array(fc.tuple(words, words), { maxLength: 8 }).map((pairs) => Buffer.from(new URLSearchParams(pairs).toString(), 'utf8'));
const adyenItem = fc.record(
  {
    pspReference: words,
    merchantReference: words,
    amount: fc.record({ value: fc.nat(), currency: fc.constantFrom('EUR', 'USD') }),
    success: fc.constantFrom('true', 'false'),
    additionalData: fc.dictionary(
      words.filter((name) => name !== '__proto__'),
      words,
    ),
  },
  { requiredKeys: ['pspReference', 'amount'] },
);
const adyenBodies = fc
  .array(adyenItem, { minLength: 1, maxLength: 3 })
  .map((items) =>
    Buffer.from(JSON.stringify({ live: 'false', notificationItems: items.map((item) => ({ NotificationRequestItem: item })) }), 'utf8'),
  );

const plain = { options: {}, body: bytes, tampered: 'signature_mismatch', freshSeconds: null, aheadSeconds: 300 } as const;
const timed = { ...plain, freshSeconds: 300 } as const;
const named = <T extends { readonly id: string }>(one: T): T & { readonly name: string } => ({ ...one, name: one.id });

export const proofCases: readonly ProofCase[] = [
  named({ ...timed, id: 'standard-webhooks-v1a' }),
  named({ ...plain, id: 'discord' }),
  named({ ...plain, id: 'sendgrid' }),
  named({ ...timed, id: 'plaid', tampered: 'digest_mismatch' }),
  named({ ...plain, id: 'hubspot-v1' }),
  named({ ...plain, id: 'hubspot-v2' }),
  named({ ...timed, id: 'hubspot-v3' }),
  named({ ...timed, id: 'linear', body: objects, freshSeconds: 60, aheadSeconds: 60 }),
  named({ ...plain, id: 'mailgun', body: objects, tampered: null }),
  named({ ...timed, id: 'box', freshSeconds: 600, aheadSeconds: 0 }),
  named({ ...timed, id: 'contentful', freshSeconds: 29.999, aheadSeconds: 30 }),
  named({ ...timed, id: 'coinbase-cdp' }),
  named({ ...plain, id: 'square' }),
  named({ ...plain, id: 'twilio-form', body: forms, tampered: null }),
  named({ ...plain, id: 'mandrill', body: forms, tampered: null }),
  named({ ...timed, id: 'telnyx' }),
  named({ ...plain, id: 'twilio-json', tampered: 'digest_mismatch' }),
  named({ ...plain, id: 'adyen-payments', body: adyenBodies, tampered: null }),
  named({ ...plain, id: 'adyen-header' }),
  named({ ...plain, id: 'paypal', options: { webhookId: 'WH-1' } }),
  { ...timed, id: 'rfc9421', name: 'rfc9421 with a shared key', tampered: 'digest_mismatch' },
  {
    ...timed,
    id: 'rfc9421',
    name: 'rfc9421 with Ed25519',
    options: { algorithm: 'ed25519', digest: 'sha-512' },
    tampered: 'digest_mismatch',
  },
  {
    ...timed,
    id: 'rfc9421',
    name: 'rfc9421 with ECDSA',
    options: { algorithm: 'ecdsa-p256-sha256', keyId: 'k' },
    tampered: 'digest_mismatch',
  },
];

/** A scheme with one fresh secret, ready to sign and to verify. */
export interface ReadyCase {
  readonly scheme: Scheme;
  readonly options: Signing;
  readonly secret: string;
  readonly sign: (
    body: Uint8Array,
    change?: { readonly url?: string; readonly nowMs?: number; readonly secrets?: readonly string[] },
  ) => SentRequest;
  readonly verify: (request: SentRequest, change?: Partial<VerifyInput>) => Verification;
}

/** A request as it would be sent. */
export interface SentRequest extends Pick<VerifyInput, 'method' | 'url' | 'headers' | 'body'> {
  readonly signed: Signed['signed'];
}

/** Makes a key of 32 chosen bytes and binds a scheme to it. */
export function readyCase({ id, options: given }: Pick<ProofCase, 'id' | 'options'>, seed = 7): ReadyCase {
  const scheme = schemeOf(id);
  const options = parseOptions(id, given);
  const secret = scheme.makeSecret(Buffer.alloc(32, seed), options);
  return {
    scheme,
    options,
    secret,
    sign: (body, { url = 'https://example.com/hooks?b=2&a=1', nowMs = sentAtMs, secrets = [secret] } = {}) => {
      const sent = scheme.sign({ options, secrets, id: 'msg_1', nowMs, method: 'POST', url, body });
      return { method: 'POST', url: sent.url ?? url, headers: sent.headers, body: sent.body ?? body, signed: sent.signed };
    },
    verify: ({ method, url, headers, body }, change) =>
      verification.parse(scheme.verify({ options, secrets: [secret], nowMs: sentAtMs, method, url, headers, body, ...change })),
  };
}
