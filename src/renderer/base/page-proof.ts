import { hostProofText, pageChallengePath, pageProofProtocolPrefix, pageProofText, type PageChallenge } from '#shared/host-bridge.ts';

/** What answers at our port is not the host that this page has the key of: another program, or a host that was started with another token. */
export class HostNotProven extends Error {
  override readonly name = 'HostNotProven';
  constructor() {
    super('What answers at this address is not the Hookyard that this page was opened by: open the link that Hookyard printed.');
  }
}

/**
 * The subprotocol that lets this page in, once the host has proven that it has the page key. Whoever else listens on the port, while the host
 * is gone, gets a nonce and nothing else: neither the key nor a cookie. Rejects with {@link HostNotProven}, or if nobody answers.
 */
export async function provenProtocol(origin: string, pageKey: string, signal: AbortSignal): Promise<string> {
  const pageNonce = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const answer = await fetch(`${origin}${pageChallengePath}?nonce=${pageNonce}`, {
    credentials: 'omit',
    redirect: 'error',
    cache: 'no-store',
    signal,
  });
  const { nonce, proof } = challengeOf(await answer.json());
  const key = await crypto.subtle.importKey('raw', bytesOf(pageKey), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  // In constant time.
  const isHost = await crypto.subtle.verify('HMAC', key, fromBase64url(proof), bytesOf(hostProofText(origin, pageNonce, nonce)));
  if (!isHost) throw new HostNotProven();
  const own = await crypto.subtle.sign('HMAC', key, bytesOf(pageProofText(origin, nonce)));
  return `${pageProofProtocolPrefix}${nonce}.${base64url(new Uint8Array(own))}`;
}

function challengeOf(answer: unknown): PageChallenge {
  const { nonce, proof } = (typeof answer === 'object' && answer !== null ? answer : {}) as { nonce?: unknown; proof?: unknown };
  const isText = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{1,200}$/.test(text);
  if (!isText(nonce) || !isText(proof)) throw new HostNotProven();
  return { nonce, proof };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0));
}
