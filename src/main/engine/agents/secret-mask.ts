import { createFormIndex } from '../base/form-index.ts';
import { createPause } from '../base/pause.ts';
import { secretForms } from '../base/secret-forms.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';

/** Shorter secrets occur by chance, and masking them would only damage the text. */
const shortestSecret = 8;

/**
 * Finds the secrets that it knows in every form in which a text may hold them, whole only: if pieces were hidden, whoever has a text of
 * their own masked could find a secret out, one character after the other. So a text is masked before it is cut.
 */
export interface SecretMask {
  /** Makes secrets known; those that are stay known. Null stands for none, after which other work may get its turn. */
  readonly learn: (secrets: Iterable<string | null>) => Promise<void>;
  readonly text: (text: string) => string;
  /** The characters of a text from one to another, masked as the whole text would be. */
  readonly part: (text: string, from: number, to: number) => string;
  /** Characters of the longest form: as many at the end of a text that is cut may be a part of one. */
  readonly longest: () => number;
}

export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  const forms = createFormIndex<string>(shortestSecret);

  const part = (text: string, from: number, to: number): string => {
    const longest = forms.longest();
    // What begins before it or ends behind it is found by its neighbourhood.
    const start = Math.max(0, from - longest);
    const around = text.slice(start, Math.min(text.length, to + longest));
    let masked = '';
    let at = from - start;
    const end = Math.min(to, text.length) - start;
    for (const range of forms.placesIn(around)) {
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
        await pause();
        if (secret === null || known.has(secret)) continue;
        known.add(secret);
        for (const form of secretForms(secret)) forms.add(form, shown);
      }
    },
    text: (text) => part(text, 0, text.length),
    part,
    longest: forms.longest,
  };
}
