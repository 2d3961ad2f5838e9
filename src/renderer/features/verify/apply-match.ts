import type { SolvedCause, SolverMatch } from '#shared/contract/solving.ts';
import { base64OfBytes, bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { asCustom, needsCustom } from './apply-custom.ts';
import { secretChanges } from './apply-secret.ts';
import { signatureChange } from './apply-signature.ts';
import type { SecretOwner } from './from-log.ts';
import type { InputReading, VerifyInput } from './verify-input.ts';

/** What a change is applied to. */
export interface AppliedTo {
  readonly input: VerifyInput;
  readonly reading: InputReading;
  readonly owners: readonly SecretOwner[];
  /** What the secrets of the form give as it stands, in the form in which the scheme writes a signature. */
  readonly expectedSignatures: readonly string[];
  /** Headers that the scheme of the form reads. */
  readonly schemeHeaders: readonly string[];
}

type Change = Partial<VerifyInput>;

/**
 * What the form may have to hold for a match to be valid as it stands: several where only a verdict tells which, the likeliest
 * first. Or a sentence why no form can express the change.
 */
export type Applied = { readonly kind: 'changes'; readonly changes: readonly Change[] } | { readonly kind: 'none'; readonly why: string };

/** A change of one field or more, several of which one must be the right one, or a sentence why there is none. */
export type Step = readonly Change[] | string;

/** The signed part of a match that has a name, as bytes; null where there is none, or several. */
export function signedPart({ signed }: Pick<SolverMatch, 'signed'>, name: string): Uint8Array<ArrayBuffer> | null {
  if (signed === null) return null;
  const [part, ...others] = signed.parts.filter((candidate) => candidate.name === name);
  return part === undefined || others.length > 0 ? null : bytesOfBase64(signed.base64).slice(part.start, part.end);
}

/** How a match can be put into the form, or why it cannot. */
export function appliedMatch(match: SolverMatch, form: AppliedTo): Applied {
  if (match.causes.length === 0) return { kind: 'none', why: 'Nothing needs to change for the signature itself to match.' };
  if (match.causes.some(({ id }) => id === 'signature-cut'))
    return {
      kind: 'none',
      why: 'The rest of the signature can come from the sender alone; completing it here would prove nothing.',
    };
  if (match.causes.some(({ id }) => id === 'signature-altered' || id === 'signature-lookalikes'))
    return {
      kind: 'none',
      why: 'The signature was altered or mistyped; writing the computed one in its place would prove nothing. Copy the header again.',
    };
  const steps = match.causes.some((cause) => needsCustom(cause, match))
    ? [bodyStep(match, form), ...asCustom(match, form)]
    : plainSteps(match, form);
  return combined(steps);
}

function plainSteps(match: SolverMatch, form: AppliedTo): readonly Step[] {
  const kinds = new Set(match.causes.map(({ kind }) => kind));
  return [
    bodyStep(match, form),
    ...(kinds.has('secret') ? [secretChanges(match, form)] : []),
    ...(kinds.has('string') ? [urlStep(match)] : []),
    ...(kinds.has('encoding') ? [signatureChange(match, form)] : []),
    ...(kinds.has('scheme') ? [schemeStep(match)] : []),
  ];
}

/** Every choice of one change out of each step; a step without any says why there is none at all. */
function combined(steps: readonly Step[]): Applied {
  const why = steps.find((step) => typeof step === 'string');
  if (why !== undefined) return { kind: 'none', why };
  const changes = steps
    .filter((step) => typeof step !== 'string')
    .reduce<readonly Change[]>((made, step) => made.flatMap((one) => step.map((other) => ({ ...one, ...other }))), [{}]);
  return { kind: 'changes', changes };
}

function bodyStep(match: SolverMatch, form: AppliedTo): Step {
  const causes = match.causes.filter(({ kind }) => kind === 'body');
  if (causes.length === 0) return [{}];
  const signed = signedPart(match, 'body');
  if (signed !== null) return [bodyChange(signed)];
  const again = form.reading.body.ok ? redone(form.reading.body.bytes, causes) : null;
  if (again !== null) return [bodyChange(again)];
  return match.signed === null
    ? 'The changed body is too large to be handed over with every cause; change the body where it comes from.'
    : 'The scheme signs a digest of the body, and the changed body itself was not kept; change the body where it comes from.';
}

function bodyChange(body: Uint8Array): Change {
  const text = utf8OrNull(body);
  const kept = { file: null, lineEnding: 'asPasted' } as const;
  return text === null ? { ...kept, body: base64OfBytes(body), encoding: 'base64' } : { ...kept, body: text, encoding: 'text' };
}

/** Changes of a body that are done again where what was signed does not hold the body. */
const bodyRepairs: Readonly<Record<string, (text: string) => string>> = {
  'body-lf': (text) => text.replaceAll(/\r\n?/g, '\n'),
  'body-crlf': (text) => text.replaceAll(/\r\n?|\n/g, '\r\n'),
  'body-newline-added': (text) => `${text}\n`,
  'body-crlf-added': (text) => `${text}\r\n`,
  'body-newline-removed': (text) => text.replace(/(?:\r\n|\r|\n)$/, ''),
  'body-trimmed': (text) => text.trim(),
};

function redone(body: Uint8Array, causes: readonly SolvedCause[]): Uint8Array | null {
  const text = utf8OrNull(body);
  const repairs = causes.map(({ id }) => bodyRepairs[id]);
  if (text === null || repairs.some((repair) => repair === undefined)) return null;
  return new TextEncoder().encode(repairs.reduce((changed, repair) => repair?.(changed) ?? changed, text));
}

/** The URL that was signed, where it is a whole one; `needsCustom` tells of other changes of the signed string. */
function urlStep(match: SolverMatch): Step {
  const url = signedPart(match, 'url');
  const text = url === null ? '' : new TextDecoder().decode(url);
  return /^https?:\/\//i.test(text)
    ? [{ url: text }]
    : 'The scheme signs a whole URL, and what was signed is none, so no URL in the form gives it.';
}

/** Its options are its usual ones, as the search took them. */
function schemeStep({ scheme }: SolverMatch): Step {
  return [{ scheme, options: null, custom: null }];
}
