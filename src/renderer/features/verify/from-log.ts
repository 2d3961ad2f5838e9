import type { Capture } from '#shared/contract/captures.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Client } from '../../base/client.ts';
import { nullIfUnknown } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { captureHead } from '../../base/capture-head.ts';
import { fieldLimit } from '../../base/field-limit.ts';
import { shownText } from './exact-text.ts';
import { emptyInput, type VerifyInput } from './verify-input.ts';

/** Something in the log that has, or leads to, one request. */
export interface LogId {
  readonly kind: 'capture' | 'attempt' | 'delivery' | 'message';
  readonly id: string;
}

/** An endpoint or bin whose secrets can be tried. */
export interface SecretOwner {
  readonly id: string;
  readonly label: string;
  readonly fingerprints: readonly string[];
}

/** A request of the log as the form holds it, with notes for the user. */
export interface FromLog {
  readonly id: string;
  /** Such as `attempt 2 of 3`. */
  readonly label: string;
  /** Where it is shown in full. */
  readonly href: string;
  readonly notes: readonly string[];
  readonly input: VerifyInput;
  /** Whose secrets are tried, or null if none are known. */
  readonly owner: SecretOwner | null;
}

const kinds = { cap: 'capture', att: 'attempt', dlv: 'delivery', msg: 'message' } as const;

/** Reads an id of the log out of a text, or a link of this window that holds one; null for anything else. */
export function logIdOf(text: string): LogId | null {
  const match = /^(?:\S*[/=])?((cap|att|dlv|msg)_[A-Za-z0-9_-]{3,100})$/.exec(text.trim());
  const prefix = match?.[2] as keyof typeof kinds | undefined;
  return match?.[1] === undefined || prefix === undefined ? null : { kind: kinds[prefix], id: match[1] };
}

/**
 * Reads the request behind an id: for a message that of its newest delivery, for a delivery that of its newest attempt. Rejects as the
 * calls do.
 */
export async function readFromLog(client: Client, { kind, id }: LogId): Promise<FromLog> {
  switch (kind) {
    case 'capture':
      return fromCapture(client, await client.captures.get({ id }));
    case 'attempt':
      return fromAttempt(client, await client.deliveries.attempt({ id }));
    case 'delivery':
      return fromDelivery(client, id);
    case 'message': {
      const [newest] = (await client.deliveries.list({ messageId: id, limit: 1 })).items;
      if (newest === undefined) throw new Error(`The log has no delivery of the message ${id}. Copy the whole id again.`);
      return fromDelivery(client, newest.id);
    }
  }
}

async function fromCapture(client: Client, capture: Capture): Promise<FromLog> {
  const bin = await nullIfUnknown(client.bins.get({ id: capture.binId }));
  const owner = bin === null || bin.secretFingerprints.length === 0 ? null : ownerOf(bin, 'bin');
  return {
    id: capture.id,
    label: `capture in ${bin?.name ?? 'a deleted bin'}`,
    href: formatRoute({ area: 'captures', id: capture.id }),
    notes: capture.isBodyTruncated
      ? [
          'The body was cut off when it was captured (the connection ended early or the limit was reached), so no signature over it can match.',
        ]
      : [],
    owner,
    input: {
      ...emptyInput,
      head: shownText(captureHead(capture)).trimEnd(),
      ...bodyFields(capture.bodyBase64, 'body of the capture'),
      ...schemeFields(bin?.signing ?? null),
      secretsOf: owner?.id ?? null,
      clock: new Date(capture.receivedAtMs).toISOString(),
    },
  };
}

async function fromDelivery(client: Client, id: string): Promise<FromLog> {
  const delivery = await client.deliveries.get({ id, bodies: false });
  const newest = delivery.attempts.findLast(({ request }) => request !== null);
  if (newest === undefined) throw new Error(`No request of the delivery ${id} has been sent yet. Open it after its first attempt.`);
  return fromAttempt(client, await client.deliveries.attempt({ id: newest.id }), delivery);
}

async function fromAttempt(client: Client, attempt: Attempt, known?: DeliveryDetail): Promise<FromLog> {
  const { request, signature } = attempt;
  if (request === null) throw new Error(`The attempt ${attempt.id} sent no request, so there is nothing to verify.`);
  const delivery = known ?? (await client.deliveries.get({ id: attempt.deliveryId, bodies: false }));
  const endpoint = await nullIfUnknown(client.endpoints.get({ id: delivery.endpointId }));
  const owner = endpoint === null || endpoint.secretFingerprints.length === 0 ? null : ownerOf(endpoint, 'endpoint');
  const isSameScheme = signature !== null && endpoint?.signing?.scheme === signature.scheme;
  return {
    id: attempt.id,
    label: `attempt ${attempt.number} of ${delivery.attempts.length} to ${delivery.endpointName}`,
    href: formatRoute({ area: 'deliveries', id: delivery.id }),
    notes: [
      ...(signature === null ? ['The attempt was not signed.'] : []),
      ...(signature !== null && owner === null ? ['Its endpoint was deleted with its secrets; enter the secret.'] : []),
      ...(signature !== null && owner !== null && !signature.secretFingerprints.some((one) => owner.fingerprints.includes(one))
        ? ['It was signed with a secret that the endpoint no longer has; enter that secret.']
        : []),
      ...(signature !== null && owner !== null && !isSameScheme
        ? ['The endpoint now signs with another scheme; the form shows the scheme of the attempt, with its default options.']
        : []),
    ],
    owner,
    input: {
      ...emptyInput,
      head: [`${request.method} ${targetOf(request.url)} HTTP/1.1`, ...request.headers.map(([name, value]) => `${name}: ${value}`)].join(
        '\n',
      ),
      url: request.url,
      ...bodyFields(request.bodyBase64 ?? '', 'body of the attempt'),
      ...(isSameScheme ? schemeFields(endpoint.signing) : { scheme: signature?.scheme ?? null }),
      secretsOf: owner?.id ?? null,
      clock: new Date(attempt.startedAtMs).toISOString(),
    },
  };
}

/** An endpoint or bin as an owner of secrets. */
export function ownerOf(
  { id, name, secretFingerprints }: { readonly id: string; readonly name: string; readonly secretFingerprints: readonly string[] },
  kind: 'endpoint' | 'bin',
): SecretOwner {
  return { id, label: `${name} (${kind})`, fingerprints: secretFingerprints };
}

function schemeFields(signing: Signing | null): Pick<VerifyInput, 'scheme' | 'custom' | 'options'> {
  return { scheme: signing?.scheme ?? null, custom: signing?.scheme === 'custom' ? signing : null, options: signing };
}

/** A text that a field would take long to lay out is given as a file, as when it is pasted. */
function bodyFields(bodyBase64: string, name: string): Pick<VerifyInput, 'body' | 'encoding' | 'file'> {
  const bytes = bytesOfBase64(bodyBase64);
  if (bytes.length > fieldLimit) return { body: '', encoding: 'text', file: { name, bytes } };
  const text = utf8OrNull(bytes);
  return text === null ? { body: bodyBase64, encoding: 'base64', file: null } : { body: text, encoding: 'text', file: null };
}

/** Path and query as they stand in a request line. */
function targetOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || '/';
}
