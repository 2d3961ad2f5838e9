import { Buffer } from 'node:buffer';
import { createFormIndex } from './form-index.ts';
import { secretForms } from './secret-forms.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';
/** Shorter ones occur by chance. */
const shortest = 4;
/** What stands where a value was cut. */
const cut = '\u2026';

/** Takes secrets out of what somebody else wrote, who may have repeated them there. */
export interface SecretCleaner {
  readonly text: (text: string) => string;
  /** The same for a text in which `…` stands where values were cut: a secret that was cut there goes, too. */
  readonly cutText: (text: string) => string;
  /** Of bytes, each of which is one character. */
  readonly latin1: (bytes: string) => string;
}

/** A cleaner of these secrets, in all forms in which a text may hold them; null stands for none. */
export function createSecretCleaner(secrets: readonly (string | null)[]): SecretCleaner {
  const whole = secrets.filter((secret) => secret !== null);
  const known = [...new Set(whole.flatMap(formsOf))].filter(({ length }) => length >= shortest);
  const text = without(known);
  return {
    text,
    cutText: (given) => withoutCut(text(given), known),
    latin1: without(known.map((form) => Buffer.from(form, 'utf8').toString('latin1'))),
  };
}

/** What ends in the beginning of a secret before each cut, without that. */
function withoutCut(text: string, secrets: readonly string[]): string {
  const pieces = text.split(cut);
  return pieces
    .map((piece, index) => {
      if (index === pieces.length - 1) return piece;
      const longest = Math.max(0, ...secrets.map((secret) => overlapOf(piece, secret)));
      return longest < shortest ? piece : `${piece.slice(0, -longest)}${shown}`;
    })
    .join(cut);
}

/** How much of the beginning of a secret a text ends in. */
function overlapOf(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length); length >= shortest; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
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

function without(secrets: readonly string[]): (text: string) => string {
  const index = createFormIndex<string>(shortest);
  for (const secret of secrets) index.add(secret, shown);
  return (text) => index.replaceIn(text, (mark) => mark);
}
