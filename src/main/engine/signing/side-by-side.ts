import { schemeFacts, type ProviderSchemeId } from '#shared/contract/scheme-facts.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Check, Verification } from '#shared/contract/verifying.ts';
import { providers } from '#shared/providers/index.ts';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { rankOf, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';
import { hasHeader } from '#shared/text/headers.ts';
import { listed } from './header-values.ts';
import { writtenForm } from './written-form.ts';

/** The verdict by one of the schemes that a request shows. */
export interface SchemeVerdict {
  readonly verdict: Verification;
  readonly signing: Signing;
  readonly recognised: RecognisedScheme;
}

/** The verdict that counts among several, and the schemes that match without counting. */
export interface Deciding {
  readonly verdict: Verification;
  readonly signing: Signing;
  readonly outvoted: readonly Signing['scheme'][];
}

/** One signature of a request: the readings of it, of which one that matches counts, and how sure the surest is. */
interface Place {
  /** The header that carries it, or `the body`. */
  readonly name: string;
  readonly rank: number;
  readonly lead: SchemeVerdict;
  /** A reading that matches, although whose header it is writes another form. */
  readonly near: SchemeVerdict | null;
}

/**
 * Which of several verdicts counts. A request is valid where a signature matches and none fails that is as sure, or newer of the same
 * provider, since a receiver that checks that one refuses it. Null where nothing was judged.
 */
export function decide(judged: readonly SchemeVerdict[], headers: readonly HeaderField[]): Deciding | null {
  const places = placesOf(judged, headers);
  const [first] = places;
  if (first === undefined) return null;
  const right = places.filter(({ lead }) => lead.verdict.verdict === 'valid');
  const wrong = places.filter(({ lead }) => lead.verdict.verdict === 'invalid');
  const counting = right.find((place) => !wrong.some((other) => outweighs(other, place)));
  const against = counting === undefined ? wrong.find((other) => right.some((place) => outweighs(other, place))) : undefined;
  const { lead, near, name } = counting ?? against ?? first;
  const others = right.length === 0 ? [] : [...right, ...wrong].filter(({ lead: other }) => other !== lead);
  const outvoted = lead.verdict.verdict === 'valid' ? [] : [...right.map(({ lead: other }) => other), ...(near === null ? [] : [near])];
  return {
    signing: lead.signing,
    verdict: withOthers(near === null ? lead.verdict : withNear(lead, near), name, others),
    outvoted: outvoted.map(({ signing }) => signing.scheme),
  };
}

function placesOf(judged: readonly SchemeVerdict[], headers: readonly HeaderField[]): readonly Place[] {
  const byName = Map.groupBy(judged, (one) => placeOf(one, headers));
  return [...byName].map(([name, readings]) => {
    const rank = Math.min(...readings.map(({ recognised }) => rankOf(recognised)));
    const owner = readings.find(({ recognised }) => recognised.isOwner === true && rankOf(recognised) === rank);
    const match = readings.find(({ verdict }) => verdict.verdict === 'valid') ?? null;
    const lead = owner ?? match ?? readings[0];
    if (lead === undefined) throw new Error('A group has a member.');
    return { name, rank, lead, near: owner === undefined || match === owner ? null : match };
  });
}

/** Where a signature stands: two schemes that read the same header read the same signature. */
function placeOf({ signing }: SchemeVerdict, headers: readonly HeaderField[]): string {
  if (signing.scheme === 'custom') return canonical(signing.header, headers);
  const mark = schemeFacts[signing.scheme].marks.find(({ header }) => hasHeader(headers, header));
  return mark === undefined ? `the body (${signing.scheme})` : canonical(mark.header, headers);
}

/** A name as the request writes it, so that names of one header are equal. */
function canonical(name: string, headers: readonly HeaderField[]): string {
  return headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[0] ?? name;
}

/** Whether a signature that fails counts more than one that matches. */
function outweighs(wrong: Place, right: Place): boolean {
  const [failing, matching] = [standing(wrong), standing(right)];
  return failing !== null && matching !== null && failing.provider === matching.provider
    ? failing.age < matching.age
    : wrong.rank <= right.rank;
}

/** The provider of a scheme, and how many of its ways of signing are newer or stronger: it lists them in that order. */
function standing({ lead }: Place): { readonly provider: string; readonly age: number } | null {
  return standings.get(lead.signing.scheme) ?? null;
}

const standings: ReadonlyMap<string, { readonly provider: string; readonly age: number }> = new Map(
  Object.entries(providers).flatMap(([provider, { schemes }]) => Object.keys(schemes).map((id, age) => [id, { provider, age }] as const)),
);

/** The verdict by whose header it is, with the form in which the signature does match: a fact for the support of the sender. */
function withNear({ verdict, signing }: SchemeVerdict, near: SchemeVerdict): Verification {
  const read = near.signing.scheme === 'custom' ? describeCustom(near.signing) : `${titleOf(near.signing)} writes it`;
  const sentence = `The bytes are signed with your secret, as ${read}, but ${titleOf(signing)} writes ${writtenForm(signing)}; its receivers refuse this.`;
  const checks = [...verdict.checks, aside(sentence)];
  if (verdict.verdict === 'invalid') return { ...verdict, message: `${verdict.message} ${sentence}`, checks };
  // The secret is right, whatever its own form says, since the bytes are signed with it.
  return { ...verdict, verdict: 'invalid', reason: 'header_malformed', message: sentence, checks };
}

/** The verdict with what the other signatures gave. */
function withOthers(verdict: Verification, name: string, others: readonly Place[]): Verification {
  if (others.length === 0) return verdict;
  const facts = others.map((place) => `${place.name} ${matches(place) ? 'matches' : 'does not pass'} by ${place.lead.signing.scheme}`);
  const beside = `Beside it, ${listed(facts)}.`;
  const why =
    verdict.verdict === 'valid'
      ? `${name} is what counts here; a receiver that checks another one judges by that.`
      : `${name} counts at least as much, so the request is not called valid: name the scheme that the receiver verifies by to have that alone.`;
  const checks = others.map(({ name: other, lead }) =>
    aside(`${other} by ${lead.signing.scheme}, which does not count here: ${lead.verdict.message}`),
  );
  return { ...verdict, message: `${verdict.message} ${beside} ${why}`, checks: [...verdict.checks, ...checks] };
}

function matches({ lead }: Place): boolean {
  return lead.verdict.verdict === 'valid';
}

/** A check that the verdict does not rest on. */
function aside(message: string): Check {
  return { name: 'signature', result: 'skipped', message };
}

function titleOf({ scheme }: Signing): string {
  return scheme === 'custom' ? 'the custom scheme' : schemeFacts[scheme satisfies ProviderSchemeId].title;
}
