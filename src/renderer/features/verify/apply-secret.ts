import type { SolverMatch } from '#shared/contract/solving.ts';
import { base64OfBytes, bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import type { AppliedTo, Step } from './apply-match.ts';

/** How a secret that was typed is put right. */
const repairs: Readonly<Record<string, (secret: string) => string>> = {
  'secret-trimmed': (secret) => secret.trim(),
  'secret-unquoted': (secret) => unquoted(secret.trim()),
  'secret-name-removed': (secret) =>
    unquoted(/^(?:export\s+)?[A-Za-z][A-Za-z0-9_]*\s*(?:=|:\s)\s*(\S.*)$/s.exec(secret.trim())?.[1] ?? secret),
  'secret-spaces-removed': (secret) => secret.replaceAll(/[\s\u200b-\u200d\u2060\ufeff\u00a0]+/g, ''),
  'secret-quoted': (secret) => `"${secret}"`,
  'secret-prefix-added': (secret) => `whsec_${secret}`,
  'secret-lower-case': (secret) => secret.toLowerCase(),
  'secret-upper-case': (secret) => secret.toUpperCase(),
};

/** What senders sign with whose secret is not set. */
const unsetWords: Readonly<Record<string, string>> = { 'secret-undefined': 'undefined', 'secret-null': 'null', 'secret-none': 'None' };

function unquoted(text: string): string {
  return /^(["'`\u201c\u201d\u2018\u2019])(.+)(["'`\u201c\u201d\u2018\u2019])$/s.exec(text)?.[2] ?? text;
}

/** The secret that a match was found with, where it was typed: its place among the fields, and its text. */
export interface TypedSecret {
  readonly index: number;
  readonly text: string;
}

/** The typed secret that a match names, or null for one out of the workspace. */
export function typedSecret({ secretLabel }: SolverMatch, secrets: readonly string[]): TypedSecret | null {
  const typed = secrets.map((text, index) => ({ text, index })).filter(({ text }) => text !== '');
  const number = /^secret (\d+) of \d+$/.exec(secretLabel)?.[1];
  if (number !== undefined) return typed[Number(number) - 1] ?? null;
  return secretLabel === 'the secret given' ? (typed[0] ?? null) : null;
}

const keyFormPattern = /^secret-as-(after-prefix-)?(text|base64|base64url|hex)$/;

/** What the secrets of the form become for a match that changes the secret. */
export function secretChanges(match: SolverMatch, { input, reading, owners }: AppliedTo): Step {
  const causes = match.causes.filter(({ kind }) => kind === 'secret').map(({ id }) => id);
  if (causes.includes('secret-empty'))
    return 'No receiver should take an empty secret, and this form does not either: set the secret at the sender.';
  if (causes.includes('secret-newline'))
    return 'A field for a secret holds no line break: take it out of the file that the sender reads its secret from.';
  const ownWord = causes.map((id) => unsetWords[id]).find((word) => word !== undefined);
  if (ownWord !== undefined) return keyForms(new TextEncoder().encode(ownWord)).map((text) => ({ secrets: [text] }));
  const owned = ownerChange(match, causes, owners);
  const others = causes.filter((id) => id !== 'secret-of-another' && id !== 'secret-previous');
  if (typeof owned === 'string' || others.length === 0) return owned;
  const typed = typedSecret(match, input.secrets);
  if (typed === null)
    return `The secret of ${match.secretLabel} is kept and never shown, so it cannot be changed here: enter it to apply this.`;
  if (others.some((id) => repairs[id] === undefined && !keyFormPattern.test(id)))
    return 'The sender uses the secret in a form that is not typed here: set the same secret, in the same form, on both sides.';
  const text = others.reduce((changed, id) => repairs[id]?.(changed) ?? changed, typed.text);
  const replaced = (secret: string) => ({ secrets: input.secrets.map((old, index) => (index === typed.index ? secret : old)) });
  const form = others.map((id) => keyFormPattern.exec(id)).find((found) => found !== null);
  if (form === undefined) return [replaced(text)];
  const key = keyOf(text, form[1] !== undefined, form[2] ?? 'text');
  if (key === null) return 'The secret cannot be written in another form here: enter it as the sender uses it.';
  if (reading.scheme !== 'custom') return keyForms(key).map(replaced);
  return [{ ...replaced(base64OfBytes(key)), scheme: 'custom', custom: { ...reading.custom, secretEncoding: 'base64' } }];
}

/** Another owner's secret is chosen, since secrets never come back from the engine. */
function ownerChange({ secretFingerprint, secretLabel }: SolverMatch, causes: readonly string[], owners: AppliedTo['owners']): Step {
  if (!causes.includes('secret-of-another') && !causes.includes('secret-previous')) return [{}];
  const owner = owners.find(({ fingerprints }) => fingerprints.includes(secretFingerprint));
  if (owner !== undefined) return [{ secretsOf: owner.id }];
  return `This secret of ${secretLabel} is not in use any more, so it cannot be chosen here: enter it to apply this.`;
}

const prefixPattern = /^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/;

/** The key behind a secret's text in a form that the search names; null where the text has no such form. */
export function keyOf(text: string, isAfterPrefix: boolean, decoding: string): Uint8Array | null {
  const rest = isAfterPrefix ? text.replace(prefixPattern, '') : text;
  switch (decoding) {
    case 'base64':
    case 'base64url':
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(rest) ? bytesOfBase64(padded(rest.replaceAll('-', '+').replaceAll('_', '/'))) : null;
    case 'hex':
      return /^(?:[0-9a-f]{2})+$/i.test(rest) ? Uint8Array.from(rest.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null;
    default:
      return new TextEncoder().encode(rest);
  }
}

function padded(base64: string): string {
  const bare = base64.replace(/=+$/, '');
  return bare + '='.repeat((4 - (bare.length % 4)) % 4);
}

/** The texts by which schemes take a key: as text, in base64 with or without the usual prefix, in hex. */
export function keyForms(key: Uint8Array): readonly string[] {
  const text = utf8OrNull(key);
  const base64 = base64OfBytes(key);
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [...(text !== null && /^[\x21-\x7e]+$/.test(text) ? [text] : []), `whsec_${base64}`, base64, hex];
}
