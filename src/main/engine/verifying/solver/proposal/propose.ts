import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { placeholderNames } from '#shared/contract/custom-placeholders.ts';
import { customOptions, givenOptions, type CustomField, type CustomOptions } from '#shared/contract/signing.ts';
import type { SolverMatch } from '#shared/contract/solving.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { withoutSignature } from '../../../signing/custom/unsigned-request.ts';
import type { HashName } from '../../../signing/mac-recipe.ts';
import { schemeOf } from '../../../signing/registry.ts';
import { encodedKey, fingerprintOf } from '../../../signing/secret.ts';
import { fillPattern } from '../../../signing/signed-string.ts';
import type { Cause } from '../cause.ts';
import { secretChange } from '../fix-parts.ts';
import { inputOf } from '../frame.ts';
import type { SolverProblem } from '../problem.ts';
import { countTry, explained, keepMatch, type SearchState } from '../search-state.ts';
import type { SolverSecret } from '../secret/secret-variants.ts';
import { carriersOf, idsIn, macsIn, timesIn, type CarriedMac, type CarriedTime, type Carrier } from './carriers.ts';
import { contentsFor, contentSizes } from './contents.ts';

/** At most so many bytes are signed for proposals, so that a large body leaves time for other things. */
const signedLimitBytes = 67_108_864;
const secretLimit = 5;
const macLimit = 24;
/** Signed strings with keys that are tried, so that a search still comes to its end in a few seconds. */
const tryLimit = 60_000;

const secretEncodings = ['utf8', 'base64', 'hex'] as const;

interface ReadyKey {
  readonly secret: SolverSecret;
  readonly encoding: CustomOptions['secretEncoding'];
  readonly key: KeyObject;
}

/** Where everything stands that one signed string is made of. */
interface Layout {
  readonly mac: CarriedMac;
  readonly time: CarriedTime | null;
  readonly id: Carrier | null;
}

/**
 * Looks for a custom scheme that the request was signed by: every text with the length of a MAC is compared with the MACs of everything that
 * senders are known to sign. A whole MAC never matches by chance. Yields after each signed string.
 */
export function* proposeCustom(state: SearchState): Generator<void, void, void> {
  const { problem } = state;
  const carriers = carriersOf(problem);
  const macs = macsIn(carriers).slice(0, macLimit);
  const times = [null, ...timesIn(carriers, macs).slice(0, 4)];
  const ids = [null, ...idsIn(carriers)];
  const keys = keysOf(problem.secrets.slice(0, secretLimit));
  const budget = { signedBytes: 0, tries: 0 };
  const layouts = groupsOf(macs).flatMap((group) => times.flatMap((time) => ids.map((id) => ({ group, time, id }))));
  for (const { content, layout } of triedContents(layouts, problem)) {
    const { group, time, id } = layout;
    const signed = signedString(content, { mac: group[0], time, id }, problem);
    if (signed === null) continue;
    const match = matchIn(group, { content, time, id, signed }, keys, state);
    if (match !== null) return keepMatch(match, state);
    budget.signedBytes += signed.byteLength * keys.length;
    budget.tries += keys.length;
    if (budget.signedBytes > signedLimitBytes || budget.tries > tryLimit) return;
    yield;
  }
}

/** What may be signed in each layout; those with few things beside the body come first in all of them. */
function* triedContents<L extends Omit<Layout, 'mac'>>(
  layouts: readonly L[],
  problem: SolverProblem,
): Generator<{ readonly content: string; readonly layout: L }, void, void> {
  for (const size of contentSizes)
    for (const layout of layouts) for (const content of contentsOf(layout, size, problem)) yield { content, layout };
}

/** MACs that cover the same request: those in headers together, and each other by itself, as it is no part of what it covers. */
function groupsOf(macs: readonly CarriedMac[]): readonly (readonly [CarriedMac, ...CarriedMac[]])[] {
  const [first, ...others] = macs.filter(({ carrier }) => carrier.place === 'header');
  const apart = macs.filter(({ carrier }) => carrier.place !== 'header').map((mac) => [mac] as const);
  return first === undefined ? apart : [[first, ...others], ...apart];
}

interface Trial extends Omit<Layout, 'mac'> {
  readonly content: string;
  readonly signed: Uint8Array;
}

function matchIn(
  group: readonly CarriedMac[],
  { content, signed, time, id }: Trial,
  keys: readonly ReadyKey[],
  state: SearchState,
): SolverMatch | null {
  for (const key of keys)
    for (const hash of new Set(group.map((mac) => mac.hash))) {
      countTry(state, [searching]);
      const own = macOf(hash, key, signed);
      const mac = group.find((one) => one.hash === hash && own.equals(one.mac));
      const match = mac === undefined ? null : matchOf({ mac, time, id }, content, key, state.problem);
      if (match !== null) return match;
    }
  return null;
}

/** What is being tried; a match has its description in the place of this. */
const searching: Cause = {
  kind: 'scheme',
  id: 'scheme-custom',
  family: 'scheme',
  cost: 2,
  change: 'the scheme is a custom one',
  why: 'no scheme that is known here signs like this',
  remedy: 'Verify with the custom scheme that is proposed here; it can be applied as it is.',
};

function keysOf(secrets: readonly SolverSecret[]): readonly ReadyKey[] {
  return secrets.flatMap((secret) =>
    secretEncodings.flatMap((encoding): readonly ReadyKey[] => {
      const result = encodedKey(secret.text, encoding);
      return 'key' in result && result.key.byteLength > 0 ? [{ secret, encoding, key: createSecretKey(result.key) }] : [];
    }),
  );
}

/** Contents with everything that a layout carries; without it, another layout tries them. */
function* contentsOf(
  { time, id }: Omit<Layout, 'mac'>,
  size: (typeof contentSizes)[number],
  { request }: SolverProblem,
): Generator<string, void, void> {
  // Nothing in a MAC of an empty body alone shows that it is the body that is signed.
  if (size === 0 && request.body.byteLength === 0) return;
  const has = { timestamp: time !== null, id: id !== null, url: request.url !== null, method: request.method !== null };
  for (const content of contentsFor(has, size))
    if ((time === null || content.includes('{timestamp}')) && (id === null || content.includes('{id}'))) yield content;
}

function signedString(content: string, { mac, time, id }: Layout, { request }: SolverProblem): Uint8Array | null {
  const field = { place: mac.carrier.place, name: mac.carrier.name, value: '{signature}' };
  const { url, body } = withoutSignature({ fields: [field] }, request);
  const values = { id: id?.value ?? null, timestamp: time?.text ?? null, method: request.method, url, body };
  return fillPattern({ pattern: content }, values)?.bytes ?? null;
}

function macOf(hash: HashName, { key }: ReadyKey, signed: Uint8Array): Buffer {
  return createHmac(hash, key).update(signed).digest();
}

/** Whether a verdict says that the request is genuine; one that was kept for a while is too old, which says nothing about its scheme. */
function isProven({ verdict, reason, matchedSignature }: Verification): boolean {
  return matchedSignature !== null && (verdict === 'valid' || reason === 'timestamp_stale' || reason === 'timestamp_future');
}

/** The match, if the scheme that it describes verifies the request; null where the options cannot say it. */
function matchOf(layout: Layout, content: string, { secret, encoding }: ReadyKey, problem: SolverProblem): SolverMatch | null {
  const { mac, time, id } = layout;
  // A placeholder that was sent as text would be read as one.
  if ([mac.carrier, time?.carrier, id].some((carrier) => placeholderNames(carrier?.value ?? '').length > 0)) return null;
  const parsed = customOptions.safeParse({
    scheme: 'custom',
    algorithm: mac.hash,
    encoding: mac.encoding,
    signedContent: content,
    fields: fieldsOf(layout),
    ...(time === null ? {} : { timestampUnit: time.unit }),
    secretEncoding: encoding,
  });
  if (!parsed.success) return null;
  const verdict = schemeOf('custom').verify({ ...inputOf(problem, parsed.data), secrets: [secret.text] });
  if (!isProven(verdict)) return null;
  const change = secretChange({ source: secret.source, label: secret.label, edits: [] }, []);
  const cause: Cause = { ...searching, change: `the scheme is a custom one, ${describeCustom(parsed.data)}` };
  return {
    ...explained([cause], mac.mac.byteLength, () => verdict),
    scheme: 'custom',
    comparedBytes: mac.mac.byteLength,
    secretFingerprint: fingerprintOf(secret.text),
    secretLabel: secret.label,
    signed: verdict.signedBase64 === null ? null : { base64: String(verdict.signedBase64), parts: [...verdict.parts] },
    unchanged: null,
    expected: mac.digits,
    received: mac.digits,
    bodyDiff: null,
    fix: typeof change === 'string' ? { why: change } : { change: { scheme: 'custom', options: givenOptions(parsed.data), ...change } },
  };
}

/** The fields of a layout, each as text with placeholders. */
function fieldsOf({ mac, time, id }: Layout): readonly CustomField[] {
  const isTimeBeside = time !== null && time.carrier === mac.carrier;
  const own = signatureText(mac, isTimeBeside ? time : null);
  const fieldOf = ({ place, name }: Carrier, value: string): CustomField => ({ place, name, value });
  return [
    ...(id === null ? [] : [fieldOf(id, '{id}')]),
    ...(time === null || isTimeBeside ? [] : [fieldOf(time.carrier, '{timestamp}')]),
    fieldOf(mac.carrier, own),
  ];
}

/** The value of the field with the signature; of labelled entries, only those of the signature and its time. */
function signatureText({ carrier, at, digits }: CarriedMac, time: CarriedTime | null): string {
  const marks = [
    { at, length: digits.length, name: '{signature}' },
    ...(time === null ? [] : [{ at: time.at, length: time.text.length, name: '{timestamp}' }]),
  ];
  const text = marks
    .toSorted((one, other) => other.at - one.at)
    .reduce((value, mark) => `${value.slice(0, mark.at)}${mark.name}${value.slice(mark.at + mark.length)}`, carrier.value);
  const separator = [',', ';'].find((mark) => text.split(mark).every((entry) => /^\s*[^\s=]+=/.test(entry)));
  if (separator === undefined) return text;
  const kept = text.split(separator).filter((entry) => /\{(?:signature|timestamp)\}/.test(entry));
  return kept.map((entry) => entry.trim()).join(separator);
}
