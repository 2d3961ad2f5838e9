import { isSameHeader } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import { changedRequest } from '#shared/changed-request.ts';
import type { KeyForm, RequestChange, SolverFix } from '#shared/contract/solver-fix.ts';
import { givenOptions, type Signing } from '#shared/contract/signing.ts';
import { secretOf } from '#shared/secret-edits.ts';
import { firstDifference, sharedEndLength } from '#shared/text/bytes.ts';
import { encodeBytes } from '../../signing/encoding.ts';
import { parseOptions, schemeOf } from '../../signing/registry.ts';
import type { Scheme } from '../../signing/scheme.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Candidate } from './candidates.ts';
import type { Cause } from './cause.ts';
import { customFix } from './fix-custom.ts';
import { secretChange, type FixPart, type FoundMac, type FoundVerdict } from './fix-parts.ts';
import { inputOf, type MacFrame, type VerdictFrame } from './frame.ts';
import type { SolverProblem } from './problem.ts';
import type { KeyVariant, SecretMaking } from './secret/secret-variants.ts';

/** For every cause but the first, at most this much of a changed body is returned. */
const handedBytes = 262_144;

/** The change that makes the signature of a match valid. With `isFirst`, a large body is returned completely. */
export function fixOfMac(found: FoundMac, problem: SolverProblem, isFirst: boolean): SolverFix {
  const { frame, candidate, key, algorithm, causes } = found;
  const { string, body } = candidate;
  const why = whyNone([...causes, ...found.comparison.causes]);
  if (why !== null) return { why };
  const url = string.causes.every(({ family }) => family === 'url') ? wholeUrl(string.parts) : null;
  const needsCustom = algorithm.causes.length > 0 || (string.causes.length > 0 && url === null);
  const parts = needsCustom
    ? [bodyChange(problem, body.bytes, isFirst), customFix(found, problem)]
    : [
        schemeChange(frame, problem),
        bodyChange(problem, body.bytes, isFirst),
        string.causes.length === 0 || url === null ? {} : { url },
        macSecretChange(frame, key),
        signatureChange(found, problem),
      ];
  return checked(parts, frame, problem, key.making);
}

/** The same for a match found through a verdict. */
export function fixOfVerdict({ frame, body, url, making, causes }: FoundVerdict, problem: SolverProblem, isFirst: boolean): SolverFix {
  const why = whyNone(causes);
  if (why !== null) return { why };
  const parts = [
    schemeChange(frame, problem),
    bodyChange(problem, body, isFirst),
    url === null || url === problem.request.url ? {} : { url },
    making === null ? {} : secretChange(making, []),
  ];
  return checked(parts, frame, problem, making);
}

function whyNone(causes: readonly Cause[]): string | null {
  const ids = new Set(causes.map(({ id }) => id));
  if (ids.size === 0) return 'Nothing needs to change for the signature itself to match.';
  if (ids.has('signature-cut')) return 'The rest of the signature can come from the sender alone; completing it here would prove nothing.';
  if (ids.has('signature-altered') || ids.has('signature-lookalikes'))
    return 'The signature was altered or mistyped; writing the computed one in its place would prove nothing. Copy the header again.';
  if (ids.has('secret-empty')) return 'No receiver should take an empty secret: set the secret at the sender.';
  return null;
}

/** The parts as one change, if the signature matches with it: every reported fix has been tried. */
function checked(
  parts: readonly FixPart[],
  frame: MacFrame | VerdictFrame,
  problem: SolverProblem,
  making: SecretMaking | null,
): SolverFix {
  const why = parts.find((part) => typeof part === 'string');
  if (why !== undefined) return { why };
  const change: RequestChange = Object.assign({}, ...parts);
  return isMatched(change, frame, problem, making)
    ? { change }
    : { why: 'No scheme, secret, URL, header or body that could be given here makes it match: correct it at the sender.' };
}

function isMatched(change: RequestChange, frame: MacFrame | VerdictFrame, problem: SolverProblem, making: SecretMaking | null): boolean {
  const options = change.scheme === undefined ? frame.options : optionsOf(change.scheme, change.options);
  const { headers, url, body } = problem.request;
  const own = making === null ? null : problem.secrets.find(({ source }) => source === making.source);
  // Only with the one secret, not all: the body may be large.
  const secrets = own === undefined || own === null ? problem.secrets.map(({ text }) => text) : [own.text];
  const secret = change.secret?.kind === 'edited' ? { ...change.secret, index: 0 } : change.secret;
  const { secret: _secret, ...rest } = change;
  const changed = changedRequest({ headers, url, body, secrets }, secret === undefined ? rest : { ...rest, secret });
  if (options === null || changed.kind === 'refused') return false;
  const { checks } = schemeOf(options.scheme).verify({ ...inputOf(problem, options), ...changed.request });
  return checks.some(({ name, result }) => name === 'signature' && result === 'passed');
}

function optionsOf(scheme: string, options: RequestChange['options']): Signing | null {
  try {
    return parseOptions(scheme, options);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The scheme, if it is not the one that the receiver verifies with. */
function schemeChange({ scheme, options }: { readonly scheme: Scheme; readonly options: Signing }, problem: SolverProblem): FixPart {
  if (problem.options?.scheme === scheme.id) return {};
  return { scheme: scheme.id, options: givenOptions(options) };
}

/** The range of bytes that differs. */
function bodyChange({ request: { body } }: SolverProblem, signed: Uint8Array, isFirst: boolean): FixPart {
  if (signed === body) return {};
  const shorter = Math.min(body.byteLength, signed.byteLength);
  const from = firstDifference(body, signed) ?? shorter;
  const end = sharedEndLength(body, signed, shorter - from);
  const inside = signed.subarray(from, signed.byteLength - end);
  if (!isFirst && inside.byteLength > handedBytes)
    return 'The changed body is too large to be handed over with every cause; change the body where it comes from.';
  return { body: { from, to: body.byteLength - end, base64: encodeBytes(inside, 'base64') } };
}

/** The URL that was signed, if it is complete. */
function wholeUrl(parts: Candidate['string']['parts']): string | null {
  const bytes = parts.find(({ name }) => name === 'url')?.bytes;
  const text = bytes == null ? '' : Buffer.from(bytes).toString('utf8');
  return /^https?:\/\//i.test(text) ? text : null;
}

const sameForm = (one: KeyForm, other: KeyForm) => one.decoding === other.decoding && one.isAfterPrefix === other.isAfterPrefix;

/** The changed secret for the scheme; in a custom scheme a different form of key is an option instead. */
function macSecretChange({ learnt, options }: MacFrame, { key, making, form }: KeyVariant): FixPart {
  if (making.source === null) {
    const word = secretOf(key, learnt.keyForm);
    return word === null || word === ''
      ? 'The scheme takes no such secret: set the secret at the sender.'
      : { secret: { kind: 'word', word } };
  }
  if (sameForm(form, learnt.keyForm)) return secretChange(making, []);
  if (options.scheme === 'custom' && !form.isAfterPrefix && form.decoding !== 'base64url') {
    const secretEncoding = form.decoding === 'text' ? 'utf8' : form.decoding;
    const secret = secretChange(making, []);
    return typeof secret === 'string' ? secret : { scheme: 'custom', options: givenOptions({ ...options, secretEncoding }), ...secret };
  }
  return secretChange(making, [{ from: form, to: learnt.keyForm }]);
}

/** The signature in the header and the form in which the scheme reads it. */
function signatureChange({ frame, comparison, mac }: FoundMac, { request: { headers } }: SolverProblem): FixPart {
  const { token, causes } = comparison;
  if (causes.length === 0) return {};
  const { header, prefix, encoding } = frame.learnt.signature;
  const [name, value] = headers[token.at] ?? ['', ''];
  if (value.split(token.text).length !== 2)
    return 'The signature stands more than once in its header, or in a form that is read otherwise: correct it in the header by hand.';
  const written = value.replace(token.text, () => `${prefix}${encodeBytes(mac, encoding)}`);
  if (isSameHeader(name, header)) return { headers: [{ index: token.at, name, value: written }] };
  // An existing header of the scheme takes precedence over any other.
  const own = headers.findIndex(([other]) => isSameHeader(other, header));
  const usual = frame.learnt.sampleHeaders.find(([other]) => isSameHeader(other, header))?.[0] ?? header;
  return {
    headers: [
      own === -1 ? { index: token.at, name: usual, value: written } : { index: own, name: headers[own]?.[0] ?? usual, value: written },
    ],
  };
}
