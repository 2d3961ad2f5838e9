import { Buffer } from 'node:buffer';
import { isPrivateName } from '#shared/text/private-names.ts';
import { createFormIndex } from '../../base/form-index.ts';
import { namedCredentials, withoutNamed } from '../../base/named-credentials.ts';
import { secretForms } from '../../base/secret-forms.ts';
import { withoutDecoded } from '../../base/wrapped-text.ts';
import { fingerprintOf } from '../../signing/secret.ts';

/** Removes known values from texts and bytes. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** Each byte of a known value becomes `*`, so that sizes and places stay. */
  readonly bytes: (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly maskedBytes: number };
}

/** Shorter values occur by chance, and removing them would only damage the file. */
export const shortestValue = 8;

const star = 0x2a;
const redactedText = '[redacted]';

/** A request may be made of thousands of values: further ones are looked for as they are alone. */
const mostWithForms = 200;

/** A redaction of these secrets and values, in every form in which a request may carry them, and of secrets that must go however short they are. */
export function createRedaction(secrets: readonly string[], certain: readonly string[] = []): Redaction {
  const inText = createFormIndex<string>(shortestValue);
  // Each byte is one character.
  const inBytes = createFormIndex<string>(shortestValue);
  const short = new Map<string, string>();
  for (const [index, secret] of [...new Set([...certain, ...secrets])].entries()) {
    const shown = `[secret ${fingerprintOf(secret)}]`;
    for (const form of [secret, secret.trim(), ...(index < mostWithForms ? secretForms(secret) : [])]) {
      inText.add(form, shown);
      inBytes.add(latin1(form), shown);
    }
    if (certain.includes(secret) && secret !== '' && secret.length < shortestValue) short.set(secret, shown);
  }
  return {
    text: (text) =>
      [...short].reduce(
        (rest, [value, shown]) => rest.replaceAll(value, shown),
        inText.replaceIn(text, (shown) => shown),
      ),
    bytes: (bytes) => {
      const masked = Buffer.from(bytes);
      let maskedBytes = 0;
      for (const { start, end } of inBytes.placesIn(masked.toString('latin1'))) {
        masked.fill(star, start, end);
        maskedBytes += end - start;
      }
      for (const value of short.keys()) maskedBytes += mask(masked, Buffer.from(value, 'utf8'));
      return { bytes: masked, maskedBytes };
    },
  };
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function mask(bytes: Buffer, value: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(value); at !== -1; at = bytes.indexOf(value, at + value.byteLength)) {
    bytes.fill(star, at, at + value.byteLength);
    count += value.byteLength;
  }
  return count;
}

/** The replacement for a header value that is left out. */
export function leftOut(value: string): string {
  return `[redacted: ${value.length} character${value.length === 1 ? '' : 's'}]`;
}

/** A text without the credentials that are named in it, and these: what comes before known values are taken out of it. */
export function redactNamed(text: string): { readonly text: string; readonly values: readonly string[] } {
  return withoutNamed(text, isPrivateName, redactedText);
}

/**
 * What is left of a text from which known values, and named ones where they go, are taken out: runs of base64 and hex that hold any once
 * they are decoded are left out, and the whole text where it does so in other ways.
 */
export function redactDecoded(text: string, redaction: Redaction, isNamedToo: boolean): string {
  const shows = (decoded: string) =>
    redaction.text(decoded) !== decoded || (isNamedToo && namedCredentials(decoded, isPrivateName).length > 0);
  return withoutDecoded(text, shows, redactedText) ?? leftOut(text);
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
