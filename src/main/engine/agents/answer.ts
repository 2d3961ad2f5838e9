import { isCredentialName } from '#shared/text/private-names.ts';
import { withoutNamed } from '../base/named-credentials.ts';
import { fenced } from './fence.ts';
import type { SecretMask } from './secret-mask.ts';

/** What a tool found or did. */
export interface ToolAnswer {
  /** Lines of Hookyard's own, without a word from outside. */
  readonly said: readonly string[];
  /** A value that is written as JSON; it may hold text from outside. */
  readonly facts?: unknown;
  /** Longer texts from outside, such as a body. */
  readonly texts?: readonly { readonly title: string; readonly text: string }[];
  /** Ids of what was made or changed, for the log. */
  readonly made?: readonly string[];
}

/** Longer texts in facts are cut to as many characters; a capture may hold one of a megabyte. */
const factCharacters = 1000;
const factItems = 60;

/** What an answer holds from outside at most: it is masked on the main thread. */
const answerCharacters = 60_000;

type Mask = Pick<SecretMask, 'part'>;

/** The answer as an agent reads it: what came from outside stands inside a fence, and its values are masked before they are cut. */
export function answerText({ said, facts, texts = [] }: ToolAnswer, mask: Mask): string {
  const parts = [
    ...(facts === undefined ? [] : [JSON.stringify(shortened(facts, mask), null, 1)]),
    ...texts.map(({ title, text }) => `${title}\n${text}`),
  ];
  return [...said, ...(parts.length === 0 ? [] : [fenced(cutText(parts.join('\n\n'), answerCharacters))])].join('\n');
}

/** A value whose long texts and lists are cut, with how long they are; without what is null or empty. */
export function shortened(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return withoutCredentials(cutMasked(value, factCharacters, mask));
  if (Array.isArray(value)) {
    const kept = value.slice(0, factItems).map((each) => shortened(each, mask));
    return value.length > factItems ? [...kept, `… ${value.length - factItems} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, each]) => !isNothing(each));
  return Object.fromEntries(fields.map(([name, each]) => [name, shortened(each, mask)]));
}

/** A text without the credentials that are named in it, such as `access_token=` in a URL or `"password":` in JSON; signatures stay. */
export function withoutCredentials(text: string): string {
  return withoutNamed(text, isCredentialName, '[hidden]').text;
}

/** A text to so many characters, masked as the whole would be. */
export function cutMasked(text: string, characters: number, mask: Mask): string {
  const kept = mask.part(text, 0, characters);
  return text.length <= characters ? kept : `${kept}… (${text.length} characters in all)`;
}

export function cutText(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}… (${text.length} characters in all)`;
}

/** Epoch milliseconds as ISO time, or null. */
export function timeText(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
