import { Buffer } from 'node:buffer';
import { fingerprintOf } from '../../../signing/secret.ts';
import { costOf, type Cause } from '../cause.ts';

/** A secret to try, and where it comes from. */
export interface SolverSecret {
  readonly text: string;
  /** What it is called towards people, such as the name of its endpoint; never the secret. */
  readonly label: string;
  /** `given` is what the receiver verifies with; `other` belongs to another endpoint or bin. */
  readonly origin: 'given' | 'other';
  /** Replaced by a newer one of the same endpoint. */
  readonly isPrevious: boolean;
}

/** How the text of a secret becomes a key; `after-prefix` leaves a prefix such as `whsec_` out first. */
export interface KeyForm {
  readonly isAfterPrefix: boolean;
  readonly decoding: 'text' | 'base64' | 'base64url' | 'hex';
}

/** A key as it may have been used. */
export interface KeyVariant {
  readonly key: Uint8Array;
  readonly causes: readonly Cause[];
  readonly cost: number;
  readonly secretFingerprint: string;
  readonly secretLabel: string;
}

const copyAgain = 'Copy the secret again, whole and without anything around it.';
const useForm = 'Turn the secret into a key as the scheme says, on both sides.';

const decodings = ['text', 'base64', 'base64url', 'hex'] as const;
const prefixPattern = /^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/;

/** All forms, those that decode nothing first. */
export const keyForms: readonly KeyForm[] = [false, true].flatMap((isAfterPrefix) =>
  decodings.map((decoding) => ({ isAfterPrefix, decoding })),
);

/** The key of a secret in a form; null where the text has no such form. A text without a prefix is whole after it. */
export function keyIn(text: string, form: KeyForm): Uint8Array | null {
  const rest = form.isAfterPrefix ? text.replace(prefixPattern, '') : text;
  switch (form.decoding) {
    case 'text':
      return Buffer.from(rest, 'utf8');
    case 'base64':
      return /^[A-Za-z0-9+/]{2,}={0,2}$/.test(rest) && rest.replace(/=+$/, '').length % 4 !== 1 ? Buffer.from(rest, 'base64') : null;
    case 'base64url':
      return /^[A-Za-z0-9_-]{2,}={0,2}$/.test(rest) && /[-_]/.test(rest) ? Buffer.from(rest, 'base64url') : null;
    case 'hex':
      return /^(?:[0-9a-fA-F]{2})+$/.test(rest) ? Buffer.from(rest, 'hex') : null;
  }
}

/** Every key that may have been made of these secrets, cheapest first; of equal keys the cheapest stays. `form` is the scheme's own. */
export function keyVariants(secrets: readonly SolverSecret[], form: KeyForm): readonly KeyVariant[] {
  const all = [...secrets.flatMap((secret) => variantsOf(secret, form)), ...noSecretVariants];
  const seen = new Set<string>();
  return all
    .toSorted((left, right) => left.cost - right.cost)
    .filter(({ key }) => {
      const name = Buffer.from(key).toString('latin1');
      return seen.has(name) ? false : seen.add(name) !== null;
    });
}

function variantsOf(secret: SolverSecret, own: KeyForm): readonly KeyVariant[] {
  const origin = originCauses(secret);
  return textVariants(secret.text).flatMap((text) =>
    formsFor(own).flatMap((form): readonly KeyVariant[] => {
      const key = keyIn(text.text, form);
      if (key === null || (form.isAfterPrefix && form !== own && !prefixPattern.test(text.text))) return [];
      const causes = [...origin, ...text.causes, ...(isSameForm(form, own) ? [] : [formCause(form, own)])];
      return [{ key, causes, cost: costOf(causes), secretFingerprint: fingerprintOf(secret.text), secretLabel: secret.label }];
    }),
  );
}

function formsFor(own: KeyForm): readonly KeyForm[] {
  return [own, ...keyForms.filter((form) => !isSameForm(form, own))];
}

function isSameForm(left: KeyForm, right: KeyForm): boolean {
  return left.isAfterPrefix === right.isAfterPrefix && left.decoding === right.decoding;
}

function originCauses({ origin, isPrevious, label }: SolverSecret): readonly Cause[] {
  if (isPrevious)
    return [
      secretCause(
        'previous',
        origin === 'given' ? 0.9 : 1.1,
        `the previous secret of ${label} is used`,
        'the sender still signs with the secret from before the rotation',
        'Give the sender the new secret, or accept the old one for a while.',
      ),
    ];
  if (origin === 'other')
    return [
      secretCause(
        'of-another',
        1,
        `the secret of ${label} is used`,
        'sender and receiver have the secrets of different endpoints',
        `Use the secret of ${label}, or give the sender the secret of this endpoint.`,
      ),
    ];
  return [];
}

/** The text of a secret in a changed form, for schemes that are only asked for a verdict. */
export interface SecretText {
  readonly text: string;
  /** The text as it was given. */
  readonly source: string;
  readonly label: string;
  readonly causes: readonly Cause[];
}

/** Every form of the secrets' texts; of equal texts the first stays. */
export function secretTexts(secrets: readonly SolverSecret[]): readonly SecretText[] {
  const seen = new Set<string>();
  return secrets
    .flatMap((secret) =>
      textVariants(secret.text).map(({ text, causes }) => ({
        text,
        source: secret.text,
        label: secret.label,
        causes: [...originCauses(secret), ...causes],
      })),
    )
    .toSorted((left, right) => costOf(left.causes) - costOf(right.causes))
    .filter(({ text }) => (seen.has(text) ? false : seen.add(text) !== null));
}

interface TextVariant {
  readonly text: string;
  readonly causes: readonly Cause[];
}

/** The text of a secret, and what it may have been before it was copied. */
function textVariants(text: string): readonly TextVariant[] {
  const changed: TextVariant[] = [{ text, causes: [] }];
  const add = (next: string, cause: Cause) => {
    if (next !== '' && next !== text) changed.push({ text: next, causes: [cause] });
  };
  const copied = 'more than the secret was copied';
  add(text.trim(), secretCause('trimmed', 0.8, 'the white space around the secret is removed', copied, copyAgain));
  add(unquoted(text.trim()), secretCause('unquoted', 0.9, 'the quotes around the secret are removed', copied, copyAgain));
  add(
    afterName(text.trim()),
    secretCause(
      'name-removed',
      1,
      'the name before the secret is removed',
      'a line of settings was copied, and not the value alone',
      copyAgain,
    ),
  );
  add(
    text.replace(/[\s\u200b-\u200d\u2060\ufeff\u00a0]+/g, ''),
    secretCause(
      'spaces-removed',
      1.1,
      'the spaces inside the secret are removed',
      'the secret was wrapped where it was copied from',
      copyAgain,
    ),
  );
  add(
    `"${text}"`,
    secretCause(
      'quoted',
      1.2,
      'the secret has quotes around it',
      'the sender took the quotes of its settings for part of the secret',
      'Take the quotes out of the settings of the sender.',
    ),
  );
  add(
    `${text}\n`,
    secretCause(
      'newline',
      1.1,
      'the secret ends with a newline',
      'the sender reads the secret from a file with a newline at its end',
      'Trim the secret where it is read.',
    ),
  );
  if (!text.startsWith('whsec_'))
    add(
      `whsec_${text}`,
      secretCause('prefix-added', 1.1, 'the secret has whsec_ before it', 'the secret was copied without its prefix', copyAgain),
    );
  if (/^[0-9a-f]{16,}$/i.test(text)) {
    add(
      text.toLowerCase(),
      secretCause('lower-case', 1.2, 'the secret is in lower case', 'something changed the case of the secret', copyAgain),
    );
    add(
      text.toUpperCase(),
      secretCause('upper-case', 1.3, 'the secret is in upper case', 'something changed the case of the secret', copyAgain),
    );
  }
  return changed;
}

function unquoted(text: string): string {
  return /^(["'`\u201c\u201d\u2018\u2019])(.+)(["'`\u201c\u201d\u2018\u2019])$/s.exec(text)?.[2] ?? text;
}

/** What follows `NAME=` or `name: `. */
function afterName(text: string): string {
  const rest = /^(?:export\s+)?[A-Za-z][A-Za-z0-9_]*\s*(?:=|:\s)\s*(\S.*)$/s.exec(text)?.[1];
  return rest === undefined || /^=*$/.test(rest) ? text : unquoted(rest);
}

function formCause(form: KeyForm, own: KeyForm): Cause {
  const part =
    form.isAfterPrefix && !own.isAfterPrefix
      ? 'the secret without its prefix'
      : !form.isAfterPrefix && own.isAfterPrefix
        ? 'the whole secret, with its prefix,'
        : 'the secret';
  const change = form.decoding === 'text' ? `${part} is used as text` : `${part} is decoded from ${form.decoding}`;
  const why =
    form.decoding === own.decoding
      ? 'sender and receiver do not agree about the prefix of the secret'
      : own.decoding === 'text'
        ? 'the sender decodes the secret, which this scheme takes as text'
        : 'the sender does not decode the secret as this scheme does';
  const id = `${form.isAfterPrefix ? 'after-prefix-' : ''}${form.decoding}`;
  return secretCause(`as-${id}`, form.decoding === 'base64url' ? 1.1 : 1, change, why, useForm);
}

function secretCause(id: string, cost: number, change: string, why: string, remedy: string): Cause {
  return { kind: 'secret', id: `secret-${id}`, cost, change, why, remedy };
}

const notSet = 'the sender signs although its secret is not set';
const noSecretVariants: readonly KeyVariant[] = (
  [
    ['empty', '', 'the secret is empty'],
    ['undefined', 'undefined', 'the secret is the word undefined'],
    ['null', 'null', 'the secret is the word null'],
    ['none', 'None', 'the secret is the word None'],
  ] as const
).map(([id, text, change]) => ({
  key: Buffer.from(text),
  causes: [secretCause(id, 1.5, change, notSet, 'Set the secret where the sender runs, and refuse to start without it.')],
  cost: 1.5,
  secretFingerprint: fingerprintOf(text),
  secretLabel: 'no secret',
}));
