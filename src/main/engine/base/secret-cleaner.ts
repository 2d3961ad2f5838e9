import { Buffer } from 'node:buffer';
import { secretForms } from './secret-forms.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';
/** Shorter ones occur by chance. */
const shortest = 4;

/** Takes secrets out of what somebody else wrote, who may have repeated them there. */
export interface SecretCleaner {
  readonly text: (text: string) => string;
  /** Of bytes, each of which is one character. */
  readonly latin1: (bytes: string) => string;
}

/** A cleaner of these secrets, in all forms in which a text may hold them; null stands for none. */
export function createSecretCleaner(secrets: readonly (string | null)[]): SecretCleaner {
  const whole = secrets.filter((secret) => secret !== null);
  const known = [...new Set(whole.flatMap(formsOf))].filter(({ length }) => length >= shortest).toSorted((a, b) => b.length - a.length);
  const inBytes = known.map((secret) => Buffer.from(secret, 'utf8').toString('latin1'));
  return { text: (text) => without(text, known), latin1: (bytes) => without(bytes, inBytes) };
}

/**
 * A secret with and without the name of an authentication scheme before it, and the password of Basic authentication, in all forms in which
 * a text may hold them.
 */
function formsOf(secret: string): readonly string[] {
  const value = secret.replace(/^[A-Za-z][\w-]{0,30} (?=\S)/, '');
  const whole = [secret, value, ...(/^basic /i.test(secret) ? passwordOf(value) : [])];
  return whole.flatMap((form) => [form, ...secretForms(form)]);
}

/** What stands behind the first colon of Basic credentials; none where there is no colon. */
function passwordOf(credentials: string): readonly string[] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.includes(':') ? [text.slice(text.indexOf(':') + 1)] : [];
}

function without(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, shown), text);
}
