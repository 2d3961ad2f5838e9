import { createPause } from '../base/pause.ts';
import { secretForms } from '../base/secret-forms.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';

/** Shorter secrets occur by chance, and masking them would only damage the text. */
const shortestSecret = 8;

/** Characters by which a form is looked up. */
const keyLength = 4;

/**
 * Finds the secrets that it knows in every form in which a text may hold them, whole only: if pieces were hidden, whoever has a text of
 * their own masked could find a secret out, one character after the other. So a text is masked before it is cut.
 */
export interface SecretMask {
  /** Makes secrets known; those that are stay known. */
  readonly learn: (secrets: Iterable<string>) => Promise<void>;
  readonly text: (text: string) => string;
  /** The characters of a text from one to another, masked as the whole text would be. */
  readonly part: (text: string, from: number, to: number) => string;
  /** Characters of the longest form: as many at the end of a text that is cut may be a part of one. */
  readonly longest: () => number;
}

export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  /** Forms by their first characters, the longest first. */
  const forms = new Map<string, string[]>();
  let longest = 0;

  const add = (secret: string) => {
    for (const form of secretForms(secret)) {
      if (form.length < shortestSecret) continue;
      longest = Math.max(longest, form.length);
      const key = form.slice(0, keyLength);
      const alike = forms.get(key) ?? [];
      if (!alike.includes(form))
        forms.set(
          key,
          [...alike, form].toSorted((a, b) => b.length - a.length),
        );
    }
  };

  const part = (text: string, from: number, to: number): string => {
    // What begins before it or ends behind it is found by its neighbourhood.
    const start = Math.max(0, from - longest);
    const around = text.slice(start, Math.min(text.length, to + longest));
    let masked = '';
    let at = from - start;
    const end = Math.min(to, text.length) - start;
    for (const range of rangesIn(around, forms)) {
      if (range.end <= at) continue;
      if (range.start >= end) break;
      masked += around.slice(at, Math.max(at, range.start)) + shown;
      at = range.end;
    }
    return masked + around.slice(at, Math.max(at, end));
  };

  return {
    learn: async (secrets) => {
      const pause = createPause();
      for (const secret of secrets) {
        if (known.has(secret)) continue;
        known.add(secret);
        add(secret);
        await pause();
      }
    },
    text: (text) => part(text, 0, text.length),
    part,
    longest: () => longest,
  };
}

/** Where forms stand in a text, in order; what overlaps is one range. */
function* rangesIn(
  text: string,
  forms: ReadonlyMap<string, readonly string[]>,
): Generator<{ readonly start: number; readonly end: number }> {
  let open: { start: number; end: number } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const form = forms.get(text.slice(at, at + keyLength))?.find((each) => text.startsWith(each, at));
    if (form === undefined) continue;
    if (open !== null && at <= open.end) open.end = Math.max(open.end, at + form.length);
    else {
      if (open !== null) yield open;
      open = { start: at, end: at + form.length };
    }
  }
  if (open !== null) yield open;
}
