import { Buffer } from 'node:buffer';
import type { KeyForm, SecretEdit } from '#shared/contract/solver-fix.ts';
import { keyIn, secretPrefix } from '#shared/secret-edits.ts';
import { fingerprintOf } from '../../../signing/secret.ts';
import { costOf, type Cause } from '../cause.ts';
import { copiedSteps } from './copied.ts';
import { charsetSteps, encodedSteps } from './encoded.ts';
import { escapedSteps } from './escaped.ts';
import { mistypedSteps, readingLimit, readingsOver } from './mistyped.ts';
import { secretCause } from './secret-steps.ts';

/** A secret to try, and where it comes from. */
export interface SolverSecret {
  readonly text: string;
  /** Its name for people, such as the name of its endpoint; never the secret. */
  readonly label: string;
  /** `given` is what the receiver verifies with; `other` belongs to another endpoint or bin. */
  readonly origin: 'given' | 'other';
  /** Replaced by a newer one of the same endpoint. */
  readonly isPrevious: boolean;
  readonly source: SecretSource;
}

/** Where to find a secret again: by its index among those that the caller gave, or at the endpoint or bin that still has it. */
export type SecretSource =
  | { readonly kind: 'given'; readonly index: number }
  | { readonly kind: 'owner'; readonly id: string; readonly isExpired: boolean };

/** How a key or text was derived from a secret, so that a caller can do the same. */
export interface SecretMaking {
  /** Null when no secret was used. */
  readonly source: SecretSource | null;
  readonly label: string;
  /** The edits of its text, in order; null when naming them would reveal the secret. */
  readonly edits: readonly SecretEdit[] | null;
}

/** A possible key. */
export interface KeyVariant {
  readonly key: Uint8Array;
  readonly causes: readonly Cause[];
  readonly cost: number;
  /** Never tried together with a usual change of anything else. */
  readonly isAlone: boolean;
  readonly secretFingerprint: string;
  readonly secretLabel: string;
  readonly making: SecretMaking;
  /** How the edited text becomes the key. */
  readonly form: KeyForm;
}

const useForm = 'Turn the secret into a key as the scheme says, on both sides.';

const decodings = ['text', 'base64', 'base64url', 'hex'] as const;

/** All forms, those without decoding first. */
export const keyForms: readonly KeyForm[] = [false, true].flatMap((isAfterPrefix) =>
  decodings.map((decoding) => ({ isAfterPrefix, decoding })),
);

/** Every key that may have been derived from these secrets, cheapest first; of equal keys the cheapest is kept. `form` is the scheme's own. */
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
  const ofTexts = textVariants(secret.text).flatMap((text) =>
    (text.isAlone ? [own] : formsFor(own)).flatMap((form): readonly KeyVariant[] => {
      const key = keyIn(text.text, form);
      if (key === null || (form.isAfterPrefix && form !== own && !secretPrefix.test(text.text))) return [];
      const causes = [...origin, ...text.causes, ...(isSameForm(form, own) ? [] : [formCause(form, own)])];
      return [variantOf(secret, { key, form, edits: text.edits }, causes, text.isAlone)];
    }),
  );
  const ofBytes = [...encodedSteps, ...charsetSteps].flatMap(({ cause, apply }) => {
    const key = apply(secret.text);
    return key === null || typeof key === 'string' ? [] : [variantOf(secret, { key, form: own, edits: null }, [...origin, cause], true)];
  });
  return [...ofTexts, ...ofBytes];
}

function variantOf(
  { text, label, source }: SolverSecret,
  { key, form, edits }: Pick<KeyVariant, 'key' | 'form'> & Pick<SecretMaking, 'edits'>,
  causes: readonly Cause[],
  isAlone: boolean,
): KeyVariant {
  const making = { source, label, edits };
  return { key, form, making, causes, cost: costOf(causes), isAlone, secretFingerprint: fingerprintOf(text), secretLabel: label };
}

/** With more secrets than this, they were not typed by hand. */
const mistypedSecrets = 5;

function typedOf(secrets: readonly SolverSecret[]): readonly SolverSecret[] {
  return secrets.filter(({ origin }) => origin === 'given').slice(0, mistypedSecrets);
}

/** A sentence on which readings of mistyped secrets are left out; null when none are. */
export function leftOutOfReadings(secrets: readonly SolverSecret[], bodyBytes: number): string | null {
  const given = secrets.filter(({ origin }) => origin === 'given').length;
  const readings = readingsOver(bodyBytes, typedOf(secrets).length);
  if (readings < readingLimit)
    return `At most ${readings.toLocaleString('en-US')} readings of characters that look alike were tried of each secret, because the body has ${bodyBytes.toLocaleString('en-US')} bytes.`;
  return given > mistypedSecrets ? `Characters that look alike were tried in the first ${mistypedSecrets} secrets only.` : null;
}

/** Keys of secrets with confused characters, generated one after the other. */
export function* lateKeyVariants(secrets: readonly SolverSecret[], form: KeyForm, bodyBytes: number): Generator<KeyVariant, void, void> {
  const typed = typedOf(secrets);
  const readings = readingsOver(bodyBytes, typed.length);
  for (const secret of typed)
    for (const { cause, apply } of mistypedSteps(secret.text, readings)) {
      const text = apply(secret.text);
      const key = typeof text === 'string' ? keyIn(text, form) : null;
      if (key !== null) yield variantOf(secret, { key, form, edits: null }, [cause], true);
    }
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
        'secret-owner',
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
        'secret-owner',
        'of-another',
        1,
        `the secret of ${label} is used`,
        'sender and receiver have the secrets of different endpoints',
        `Use the secret of ${label}, or give the sender the secret of this endpoint.`,
      ),
    ];
  return [];
}

/** A changed text of a secret, for schemes that can only give verdicts. */
export interface SecretText {
  readonly text: string;
  /** The text as it was given. */
  readonly source: string;
  readonly making: SecretMaking;
  readonly causes: readonly Cause[];
}

/** Every form of the secrets' texts; of equal texts the first is kept. */
export function secretTexts(secrets: readonly SolverSecret[]): readonly SecretText[] {
  const seen = new Set<string>();
  return secrets
    .flatMap((secret) =>
      textVariants(secret.text).map(({ text, causes, edits }) => ({
        text,
        source: secret.text,
        making: { source: secret.source, label: secret.label, edits },
        causes: [...originCauses(secret), ...causes],
      })),
    )
    .toSorted((left, right) => costOf(left.causes) - costOf(right.causes))
    .filter(({ text }) => (seen.has(text) ? false : seen.add(text) !== null));
}

interface TextVariant {
  readonly text: string;
  readonly causes: readonly Cause[];
  readonly isAlone: boolean;
  readonly edits: SecretMaking['edits'];
}

/** The text of a secret, and what it may have been before it was copied or escaped. */
function textVariants(text: string): readonly TextVariant[] {
  return [
    { text, causes: [], isAlone: false, edits: [] },
    ...[...copiedSteps(text), ...escapedSteps].flatMap(({ cause, apply, isAlone, edit }): readonly TextVariant[] => {
      const changed = apply(text);
      return typeof changed !== 'string' || changed === '' || changed === text
        ? []
        : [{ text: changed, causes: [cause], isAlone, edits: edit === null ? null : [edit] }];
    }),
  ];
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
  return secretCause('secret-form', `as-${id}`, form.decoding === 'base64url' ? 1.1 : 1, change, why, useForm);
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
  causes: [secretCause('secret-missing', id, 1.5, change, notSet, 'Set the secret where the sender runs, and refuse to start without it.')],
  cost: 1.5,
  isAlone: false,
  secretFingerprint: fingerprintOf(text),
  secretLabel: 'no secret',
  making: { source: null, label: text, edits: [] },
  form: { isAfterPrefix: false, decoding: 'text' },
}));
