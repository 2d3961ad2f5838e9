import type { NoiseKind } from '#shared/contract/comparing.ts';
import { isCredentialName } from '#shared/text/private-names.ts';
import { isBodyDigest } from './body-digest.ts';
import { areDurations, dateForm, namedDateForm } from './date-form.ts';
import { areIdsAlike, areMemberIdsAlike, areNamedIdsAlike } from './id-form.ts';
import { cut } from './json-findings.ts';
import { asPair, type SideWords } from './side-words.ts';
import { areSignaturesAlike, signatureLayout } from './signature-layout.ts';

/** Which kind of noise two values of a member of JSON are: times in the same notation, or ids of the same kind; null for anything else. */
export function noiseOfMember(name: string, before: string, after: string): Exclude<NoiseKind, 'signatures'> | null {
  if (isChosenMember(name)) return null;
  if (areTimesAlike(name, before, after)) return 'dates';
  return areMemberIdsAlike(name, before, after) ? 'ids' : null;
}

function areTimesAlike(name: string, before: string, after: string): boolean {
  const form = namedDateForm(name, before);
  return form !== null && form === namedDateForm(name, after);
}

/** Which kind of noise the lines of a header are on two sides, of which some differ: all of one kind, or null. */
export function noiseOfHeader(name: string, before: readonly string[], after: readonly string[]): NoiseKind | null {
  if (before.length !== after.length || isChosen(name)) return null;
  const kinds = before.flatMap((value, index) => {
    const other = after[index] ?? '';
    return value === other ? [] : [noiseOfPair(name, value, other)];
  });
  const [first = null] = kinds;
  return kinds.every((kind) => kind === first) ? first : null;
}

function noiseOfPair(name: string, before: string, after: string): NoiseKind | null {
  const kind = kindOfHeader(name);
  if (kind === 'signatures' && areSignaturesAlike(before, after)) return kind;
  if (kind === 'ids' && areNamedIdsAlike(before, after)) return kind;
  if (tellsDuration(name) && areDurations(before, after)) return 'dates';
  if (areTimesAlike(name, before, after)) return 'dates';
  return areIdsAlike(before, after) ? 'ids' : null;
}

/** The kind of a header that differs in each request by its nature, by its name in any case; null for others. */
export function kindOfHeader(name: string): NoiseKind | null {
  if (/(?:^|-)(?:date|timestamp|time)$/i.test(name)) return 'dates';
  if (/(?:^|-)(?:id|guid|uuid|delivery|ray)$|^traceparent$|^tracestate$/i.test(name)) return 'ids';
  if (isBodyDigest(name.toLowerCase())) return 'signatures';
  return /signature|(?:^|-)(?:hmac|digest|sig|sha-?(?:1|256|384|512)|md5)(?:-|$)/i.test(name) ? 'signatures' : null;
}

function tellsDuration(name: string): boolean {
  return /(?:^|-)(?:response|service|upstream|processing|process|execution)-time$/i.test(name);
}

/**
 * Whether a header or a member of JSON of this name says what somebody chose, so that no difference in it is noise, whatever the values look
 * like: a credential, who signs with which key, or a version, such as `2026-01-01` of an API.
 */
export function isChosen(name: string): boolean {
  return /version|(?:^|[-_])(?:key|cert|certificate|client|app|application)[-_]?id$/i.test(name) || isCredentialName(name);
}

/** The same of a member of JSON, where a session is most often what an event is about. */
function isChosenMember(name: string): boolean {
  return isChosen(name) && !/session(?:[-_]?id)?$/i.test(name);
}

/** Characters of a value that are told in a sentence. */
const toldCharacters = 80;

/** What is to be said of a header that would be noise by its name, of which both sides are not written in the same form; null for nothing. */
export function formNote(name: string, before: string, after: string, words: SideWords): string | null {
  switch (isChosen(name) ? null : kindOfHeader(name)) {
    case 'dates':
      return timeNote(before, after, words);
    case 'ids':
      return areNamedIdsAlike(before, after) ? null : 'The two are not ids of the same form.';
    case 'signatures':
      return signatureNote(before, after, words, isBodyDigest(name.toLowerCase()) ? 'digest' : 'signature');
    case null:
      return null;
  }
}

/** What is to be said of two times that are not written in the same form; null where they are, or neither is a time. */
export function timeNote(before: string, after: string, words: SideWords): string | null {
  const [form, other] = [dateForm(before), dateForm(after)];
  if (form === other) return null;
  const told = (of: string | null) => of ?? 'no time in a known form';
  return `The time has another form: ${asPair(words, told(form), told(other))}.`;
}

function signatureNote(before: string, after: string, words: SideWords, noun: string): string | null {
  const [one, other] = [signatureLayout(before), signatureLayout(after)];
  if (!(one.hasValue || other.hasValue) || one.text === other.text || areSignaturesAlike(before, after)) return null;
  const told = (text: string) => (text === '' ? 'nothing' : cut(text, toldCharacters));
  return `The ${noun} has another form: ${asPair(words, told(one.text), told(other.text))}.`;
}
