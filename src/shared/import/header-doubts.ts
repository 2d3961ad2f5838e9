import { codePointName } from '../text/escapes.ts';
import type { HeaderField } from '../contract/common.ts';
import { cleanHead } from './invisible.ts';
import type { PastedProblem } from './pasted.ts';

/** Headers with what was put right in them, and what cannot be. */
export interface DoubtedHeaders {
  readonly headers: readonly HeaderField[];
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
}

/** Names of headers that carry a signature or the key to one. */
const signatureName = /signature|hmac|(?:^|-)(?:sig|mac|jwt|hash)(?:-|$)|^authorization$|token/i;

/** Looks at the headers that may carry a signature: wrapped ones are joined, masked ones and look-alike characters reported. */
export function doubtHeaders(headers: readonly HeaderField[]): DoubtedHeaders {
  const problems: PastedProblem[] = [];
  const notes: string[] = [];
  const kept = headers.map(([name, given]): HeaderField => {
    const cleaned = cleanHead(given, false, (offset) => `character ${offset + 1} of ${name}`);
    notes.push(...cleaned.notes);
    if (!signatureName.test(name)) return [name, cleaned.text];
    const joined = unwrapped(cleaned.text);
    if (joined.at !== null)
      notes.push(`The signature in ${name} was wrapped: it had a break at its character ${joined.at + 1}, and the parts were joined.`);
    const mask = maskIn(joined.text);
    if (mask !== null)
      problems.push({
        message: `${name} is masked or cut: it has "${mask.text}" at its character ${mask.at + 1}, so this signature cannot be checked. Ask for the whole header.`,
      });
    else notes.push(...lookAlikeNotes(name, joined.text));
    return [name, joined.text];
  });
  return { headers: kept, problems, notes };
}

/** Sizes of the usual digests in hex and base64. */
const hexSizes: readonly number[] = [40, 64, 96, 128];
const base64Sizes: readonly number[] = [28, 44, 64, 88];

const wrappedRun = /(^|[=, :])([0-9A-Za-z+/_-]{8,100}) {1,3}([0-9A-Za-z+/_-]{4,100}={0,2})(?![0-9A-Za-z+/_=-])/;

/** A signature of which two parts have a break between them, as one where that gives it the size of a digest. */
function unwrapped(value: string): { readonly text: string; readonly at: number | null } {
  const found = value.length > 2000 ? null : wrappedRun.exec(value);
  if (found === null) return { text: value, at: null };
  const [whole, before = '', first = '', second = ''] = found;
  const run = first + second;
  const isDigest = (/^[0-9a-f]+$/i.test(run) && hexSizes.includes(run.length)) || (run.endsWith('=') && base64Sizes.includes(run.length));
  if (!isDigest) return { text: value, at: null };
  const at = found.index + before.length + first.length;
  return { text: value.slice(0, found.index) + before + run + value.slice(found.index + whole.length), at };
}

const maskPattern =
  /\*{3,}|\u2022{3,}|\u2026|\.{3,}|\[?\b(?:redacted|filtered|masked|hidden|removed|truncated|snip(?:ped)?)\b[^\]\n]{0,40}\]?|<(?:your|secret|signature|redacted|hidden)[^>\n]{0,40}>|x{12,}|X{12,}/i;

/** What replaces a value that somebody masked, or that a log cut. */
export function maskIn(value: string): { readonly text: string; readonly at: number } | null {
  const found = maskPattern.exec(value.slice(0, 20_000));
  return found === null ? null : { text: found[0].slice(0, 20), at: found.index };
}

/** Letters that text recognition and people take for digits of hex, and the digits they are taken for. */
const lookAlikes: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  Q: '0',
  I: '1',
  l: '1',
  i: '1',
  '|': '1',
  Z: '2',
  z: '2',
  S: '5',
  s: '5',
  G: '6',
  q: '9',
  g: '9',
};

/** Most places that are named. */
const placeLimit = 5;

function lookAlikeNotes(name: string, value: string): readonly string[] {
  const places: string[] = [];
  for (const found of value.slice(0, 4000).matchAll(/[0-9A-Za-z|]{40,128}/g)) {
    const strange = [...found[0]].flatMap((sign, at) => (/[0-9a-f]/i.test(sign) ? [] : [{ sign, at }]));
    // Base64 has letters of every kind; hex with a few wrong ones does not.
    if (strange.length === 0 || strange.length > 8 || !strange.every(({ sign }) => sign in lookAlikes)) continue;
    places.push(...strange.map(({ sign, at }) => `"${sign}" at character ${found.index + at + 1} (looks like ${lookAlikes[sign] ?? ''})`));
  }
  const foreign = /[^\0-\x7f]/u.exec(value);
  if (foreign !== null)
    places.push(`"${foreign[0]}" (${codePointName(foreign[0])}) at character ${foreign.index + 1}, which no signature has`);
  return places.length === 0
    ? []
    : [
        `${name} has characters that do not belong: ${places.slice(0, placeLimit).join(', ')}${places.length > placeLimit ? ' and more' : ''}. Copy it again as text, not from a picture.`,
      ];
}
