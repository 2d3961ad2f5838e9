import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { fingerprintOf } from '../../signing/secret.ts';

/** Takes known values out of texts and bytes. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** Each byte of a known value becomes `*`, so that sizes and places stay. */
  readonly bytes: (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly maskedBytes: number };
}

/** Shorter values occur by chance, and taking them out would only spoil the file. */
const shortestValue = 8;

const star = 0x2a;

/** A redaction of these secrets and values, in every form in which a request may carry them. */
export function createRedaction(secrets: readonly string[]): Redaction {
  const values = [...new Map(secrets.flatMap((secret) => formsOf(secret).map((form) => [form, fingerprintOf(secret)] as const)))]
    .filter(([form]) => form.length >= shortestValue)
    // A longer form may hold a shorter one.
    .toSorted(([left], [right]) => right.length - left.length);
  return {
    text: (text) => values.reduce((rest, [form, fingerprint]) => rest.replaceAll(form, `[secret ${fingerprint}]`), text),
    bytes: (bytes) => {
      const masked = Buffer.from(bytes);
      let maskedBytes = 0;
      for (const [form] of values) maskedBytes += mask(masked, Buffer.from(form, 'utf8'));
      return { bytes: masked, maskedBytes };
    },
  };
}

function mask(bytes: Buffer, value: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(value); at !== -1; at = bytes.indexOf(value, at + value.byteLength)) {
    bytes.fill(star, at, at + value.byteLength);
    count += value.byteLength;
  }
  return count;
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const bytes = Buffer.from(trimmed, 'utf8');
  const bare = trimmed.replace(/^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/, '');
  // JSON and forms write some characters of a secret otherwise.
  const written = [JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed)];
  return [
    secret,
    trimmed,
    bare,
    ...written,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

const privateName =
  /^(proxy-)?authorization$|^cookie$|^set-cookie2?$|token|secret|passw|api-?key|access-?key|session|credential|^x-auth|jwt|assertion/i;

/** Whether a header of this name usually holds what lets its reader in. */
export function isPrivateHeader(name: string): boolean {
  return privateName.test(name);
}

/** What stands in the place of a header's value that is left out. */
export function leftOut(value: string): string {
  return `[redacted: ${value.length} character${value.length === 1 ? '' : 's'}]`;
}

/** Values of an Authorization header for Basic that hold a secret, which a search for its text would miss. */
export function holdsSecretInBasic([name, value]: HeaderField, secrets: readonly string[]): boolean {
  const match = /^basic +([A-Za-z0-9+/=_-]+)/i.exec(value);
  if (match === null || !/authorization/i.test(name)) return false;
  const decoded = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  return secrets.some((secret) => secret !== '' && decoded.includes(secret));
}

/** A URL without user, password and the values of parameters that let their reader in; and those values. */
export function redactUrl(url: string): { readonly url: string; readonly values: readonly string[] } {
  const values: string[] = [];
  const take = (value: string) => {
    values.push(value);
    return '[redacted]';
  };
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@/i, (_, scheme: string, user: string) => `${scheme}${take(user)}@`);
  const redacted = withoutUser.replaceAll(
    /([?&](?:[\w.-]*(?:token|secret|passw(?:or)?d|api_?key|access_?key|auth|session)[\w.-]*|key|sig|code)=)([^&#]+)/gi,
    (_, name: string, value: string) => `${name}${take(value)}`,
  );
  return { url: redacted, values };
}

/**
 * The beginning of a signature, enough to compare by eye and too little to send. Whoever has the whole signature of a
 * shared secret over a message can send that message in the sender's name.
 */
export function beginningOf(signature: string): string {
  if (signature.startsWith('token with fingerprint ')) return signature;
  const cut = signature.replaceAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g, (run) => `${run.slice(0, 8)}… (${run.length - 8} characters left out)`);
  return cut === signature ? `${signature.slice(0, Math.min(4, Math.floor(signature.length / 2)))}… (the rest left out)` : cut;
}
