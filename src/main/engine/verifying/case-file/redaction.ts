import { Buffer } from 'node:buffer';
import { decodedName, isPrivateName } from '#shared/text/private-names.ts';
import { fingerprintOf } from '../../signing/secret.ts';

/** Removes known values from texts and bytes. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** Each byte of a known value becomes `*`, so that sizes and places stay. */
  readonly bytes: (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly maskedBytes: number };
}

/** Shorter values occur by chance, and removing them would only damage the file. */
const shortestValue = 8;

const star = 0x2a;

/** A redaction of these secrets and values, in every form in which a request may carry them, and of secrets that must go however short they are. */
export function createRedaction(secrets: readonly string[], certain: readonly string[] = []): Redaction {
  const always = new Set(certain);
  const values = [
    ...new Map([...secrets, ...certain].flatMap((secret) => formsOf(secret).map((form) => [form, fingerprintOf(secret)] as const))),
  ]
    .filter(([form]) => form.length >= shortestValue || always.has(form))
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
  // JSON and forms escape some characters of a secret.
  // A lone surrogate, which no URL can carry, is written there as U+FFFD.
  const written = [JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed.toWellFormed())];
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

/** The replacement for a header value that is left out. */
export function leftOut(value: string): string {
  return `[redacted: ${value.length} character${value.length === 1 ? '' : 's'}]`;
}

/** Whether a value holds a secret inside text in base64 (Basic, a JWT, a wrapped body), which a search for the secret's own text would miss. */
export function holdsSecretInBase64(value: string, secrets: readonly string[]): boolean {
  const runs = value.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  return runs.some((run) => {
    // A word may precede it without a space, and it may contain other characters, so each offset is tried.
    const decoded = [0, 1, 2, 3].map((skipped) => Buffer.from(run.slice(skipped), 'base64').toString('utf8'));
    return secrets.some((secret) => secret.trim() !== '' && decoded.some((text) => text.includes(secret.trim())));
  });
}

/** A URL without user, password and the values of credential parameters; and those values. */
export function redactUrl(url: string): { readonly url: string; readonly values: readonly string[] } {
  const values: string[] = [];
  const take = (value: string) => {
    values.push(value);
    return '[redacted]';
  };
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@/i, (_, scheme: string, user: string) => `${scheme}${take(user)}@`);
  // Parameters of the query, of the fragment (`#access_token=`) and of a path segment (`;token=`).
  const redacted = withoutUser.replaceAll(
    /([?&#;]|#[^=]*?[?&])([^=?&#;/]+)=([^&#;/?]+)/g,
    (whole, mark: string, name: string, value: string) => (isPrivateName(decodedName(name)) ? `${mark}${name}=${take(value)}` : whole),
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
