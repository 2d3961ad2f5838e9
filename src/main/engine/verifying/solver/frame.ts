import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { readHeader } from '../../signing/header-values.ts';
import { parseOptions, schemeOf, schemes } from '../../signing/registry.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Scheme, VerifyInput } from '../../signing/scheme.ts';
import { algorithmsFor, readyKey, type Algorithm } from './algorithms.ts';
import type { Cause } from './cause.ts';
import { learnScheme, type LearntScheme } from './learn-scheme.ts';
import { recognisedIn, uncheckableIn } from './recognised.ts';
import type { SolverProblem } from './problem.ts';
import { keyVariants, lateKeyVariants, type KeyVariant } from './secret/secret-variants.ts';
import { nameOfParts, partsOf, type StringPart } from './signed-parts.ts';
import { signatureTokens, type SignatureToken } from './signature/signature-tokens.ts';
import { stringVariants, type StringVariants } from './string/string-variants.ts';

/** A scheme applied to one request: everything that stays the same while body, secret and string change. */
export interface MacFrame {
  readonly kind: 'mac';
  /** The verdict on the unchanged request, by the receiver's clock. */
  readonly judge: () => Verification;
  readonly scheme: Scheme;
  readonly options: Signing;
  /** How the scheme makes and writes a signature. */
  readonly learnt: LearntScheme;
  readonly causes: readonly Cause[];
  readonly keys: readonly (KeyVariant & { readonly ready: ReturnType<typeof readyKey> })[];
  /** Keys that are too many to hold in memory, generated one after the other. */
  readonly lateKeys: () => Iterable<MacFrame['keys'][number]>;
  readonly tokens: readonly SignatureToken[];
  readonly algorithms: readonly Algorithm[];
  /** The scheme's own signed string; null when the request lacks a part of it. */
  readonly parts: readonly StringPart[] | null;
  readonly strings: StringVariants;
  /** The scheme's signed string over another body. */
  readonly partsWith: (body: Uint8Array) => readonly StringPart[] | null;
}

/** A scheme that can only give verdicts, such as one with public keys. */
export interface VerdictFrame {
  readonly kind: 'verdict';
  readonly judge: () => Verification;
  readonly scheme: Scheme;
  readonly options: Signing;
  readonly causes: readonly Cause[];
  /** False where the header of the signature is of no form that the scheme reads, so that no change of anything else could match it. */
  readonly isReadable: boolean;
}

export type Frame = MacFrame | VerdictFrame;

/**
 * The scheme that was chosen, or those that were recognised; then every other one whose header the request carries. None for a sender whose
 * signature is known to be one that cannot be computed here.
 */
export function framesOf(problem: SolverProblem): readonly Frame[] {
  const { options, request } = problem;
  if (uncheckableIn(problem) !== null) return [];
  const { signings: expected, outvoted } = options === null ? recognisedIn(problem) : { signings: [options], outvoted: [] };
  const chosen = expected.map((signing) => frameOf(schemeOf(signing.scheme), signing, [], problem));
  const others = schemes
    .filter(({ id }) => id !== 'custom' && !expected.some(({ scheme }) => scheme === id) && !outvoted.some((one) => one === id))
    .filter((scheme) => scheme.info.headers.some((name) => readHeader(request.headers, name) !== null))
    .flatMap((scheme) => {
      const own = defaultOptions(scheme.id);
      return own === null ? [] : [frameOf(scheme, own, expected.length === 0 ? [] : [schemeCause(scheme)], problem)];
    })
    .filter((frame) => frame.kind === 'mac' || canJudge(frame, problem))
    .filter(
      (frame) =>
        frame.kind === 'verdict' || frame.tokens.some(({ causes }) => !causes.some(({ id }) => id === 'signature-in-other-header')),
    );
  const frames = withoutTwins([...chosen, ...others]);
  if (frames.length > 0) return frames;
  const custom = defaultOptions('custom');
  return custom === null ? [] : [frameOf(schemeOf('custom'), custom, [], problem)];
}

/** Whether a scheme that nobody chose finds in the request what it reads, and a key among the secrets. */
function canJudge({ scheme, options }: VerdictFrame, problem: SolverProblem): boolean {
  const { reason } = scheme.verify({ ...inputOf(problem, options), secrets: problem.secrets.map(({ text }) => text) });
  return !['header_missing', 'header_malformed', 'secret_missing', 'secret_malformed', 'unknown'].includes(reason);
}

function schemeCause({ id, info }: Scheme): Cause {
  return {
    kind: 'scheme',
    id: `scheme-${id}`,
    family: 'scheme',
    cost: 1,
    change: `the scheme is ${info.title} (${id})`,
    why: 'the request is signed by another scheme than the one chosen',
    remedy: `Verify with the scheme ${id}.`,
  };
}

function defaultOptions(id: string): Signing | null {
  try {
    return parseOptions(id);
  } catch (error) {
    // The scheme needs options, and none were given.
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function frameOf(scheme: Scheme, options: Signing, causes: readonly Cause[], problem: SolverProblem): Frame {
  const learnt = learnScheme(scheme, options);
  const judge = () => scheme.verify({ ...inputOf(problem, options), secrets: problem.secrets.map(({ text }) => text) });
  const verdict = (): VerdictFrame => ({ kind: 'verdict', judge, scheme, options, causes, isReadable: isReadable(scheme, judge()) });
  if (learnt === null) return verdict();
  const { request } = problem;
  const headers = withSample(request.headers, learnt);
  const ask = (body: Uint8Array) => scheme.verify({ ...inputOf(problem, options), headers, body });
  const verification = ask(request.body);
  // Only the scheme can judge what the signature does not cover directly, such as a digest of the body.
  if (verification.matchedSignature !== null && !isTimely(verification.reason)) return verdict();
  const parts = partsOf(verification, request.body);
  const missing = missingParts(parts ?? [], request.headers, learnt);
  const tokens = signatureTokens(request.headers, learnt.signature);
  const sizes = new Set(tokens.map(({ mac }) => mac.byteLength));
  return {
    kind: 'mac',
    judge,
    scheme,
    options,
    learnt,
    causes,
    keys: keyVariants(problem.secrets, learnt.keyForm).map((variant) => ({ ...variant, ready: readyKey(variant.key) })),
    lateKeys: function* lateKeys() {
      for (const variant of lateKeyVariants(problem.secrets, learnt.keyForm, request.body.byteLength))
        yield { ...variant, ready: readyKey(variant.key) };
    },
    tokens,
    algorithms: algorithmsFor(learnt.hash, sizes),
    parts: missing.size === 0 ? parts : null,
    strings: stringVariants(parts ?? [{ name: 'body', bytes: null }], missing, request),
    partsWith: (body) => (parts?.some(({ bytes }) => bytes === null) === true ? parts : partsOf(ask(body), body)),
  };
}

function isReadable({ info }: Scheme, { reason, checks }: Verification): boolean {
  const isMalformed = reason === 'header_malformed' && checks.some(({ name, result }) => name === 'signature' && result === 'failed');
  // In the body it may become readable by another body.
  return info.headers.length === 0 || !isMalformed;
}

/** Whether a frame has a signature to compare with. */
export function hasSignature(frame: Frame): boolean {
  return frame.kind === 'verdict' ? frame.isReadable : frame.tokens.length > 0;
}

/** Reasons that do not concern the signature itself. */
export function isTimely(reason: string): boolean {
  return reason === 'ok' || reason === 'timestamp_stale' || reason === 'timestamp_future' || reason === 'timestamp_malformed';
}

/** A request as a scheme verifies it, without secrets. */
export function inputOf({ request, nowMs }: SolverProblem, options: Signing): VerifyInput {
  return { options, secrets: [], nowMs, method: request.method, url: request.url, headers: request.headers, body: request.body };
}

/** Missing headers are replaced by those of the sample, so that the signed string can be built at all. */
function withSample(headers: readonly HeaderField[], { sampleHeaders }: LearntScheme): readonly HeaderField[] {
  return [...headers, ...sampleHeaders.filter(([name]) => !readHeader(headers, name)?.text)];
}

/** Names of parts that came from the sample. */
function missingParts(parts: readonly StringPart[], headers: readonly HeaderField[], learnt: LearntScheme): ReadonlySet<string> {
  const borrowed = learnt.sampleHeaders.filter(([name]) => !readHeader(headers, name)?.text).map(([, value]) => value);
  const isBorrowed = (bytes: Uint8Array) => borrowed.some((value) => value.includes(Buffer.from(bytes).toString('latin1')));
  return new Set(
    parts.flatMap(({ name, bytes }) =>
      name !== 'separator' && name !== 'literal' && bytes !== null && bytes.byteLength > 3 && isBorrowed(bytes) ? [name] : [],
    ),
  );
}

/** Schemes that differ only in name give the same candidates; the first of them is kept. */
function withoutTwins(frames: readonly Frame[]): readonly Frame[] {
  const seen = new Set<string>();
  return frames.filter((frame) => {
    if (frame.kind === 'verdict') return true;
    const keys = frame.keys.map(({ key, cost }) => `${Buffer.from(key).toString('latin1')} ${cost}`).join();
    const tokens = frame.tokens.map(({ mac, cost }) => `${Buffer.from(mac).toString('latin1')} ${cost}`).join();
    const name = [frame.algorithms[0]?.hash, frame.parts === null ? 'none' : nameOfParts(frame.parts), keys, tokens].join('\u0001');
    return seen.has(name) ? false : seen.add(name) !== null;
  });
}
