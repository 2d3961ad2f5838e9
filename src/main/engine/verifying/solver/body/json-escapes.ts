import { jsonEscape } from '#shared/text/escapes.ts';
import { Buffer } from 'node:buffer';

/** How a serialiser escapes strings, beyond what JSON requires. */
export interface EscapeProfile {
  /** ASCII characters written as `\u` escapes. */
  readonly escaped: string;
  readonly hex: 'lower' | 'upper';
  /** Whether `/` is written as `\/`: always, after `<` alone, or never. */
  readonly slashes?: 'all' | 'after-less-than';
  /** Which letters outside ASCII are written as `\u` escapes, and in which case; none by default. */
  readonly letters?: { readonly which: 'all' | 'beyond-bmp' | 'line-separators'; readonly hex: 'lower' | 'upper' };
}

/** The profiles of known serialisers, by a stable name. */
export const escapeProfiles = {
  /** PHP with `JSON_HEX_TAG`-like escapes as Meta sends them: @ % < and /, letters in lower-case hex. */
  meta: { escaped: '@%<', hex: 'upper', slashes: 'all', letters: { which: 'all', hex: 'lower' } },
  'meta-tags': { escaped: '@%<>', hex: 'upper', slashes: 'all', letters: { which: 'all', hex: 'lower' } },
  gson: { escaped: "<>&='", hex: 'lower', letters: { which: 'line-separators', hex: 'lower' } },
  dotnet: { escaped: '"<>&\'+`', hex: 'upper', letters: { which: 'all', hex: 'upper' } },
  newtonsoft: { escaped: '"<>&\'', hex: 'lower' },
  rails: { escaped: '<>&', hex: 'lower', letters: { which: 'line-separators', hex: 'lower' } },
  'php-hex': { escaped: '"<>&\'', hex: 'upper', slashes: 'all', letters: { which: 'all', hex: 'lower' } },
  line: { escaped: '', hex: 'upper', letters: { which: 'beyond-bmp', hex: 'upper' } },
  'org-json': { escaped: '', hex: 'lower', slashes: 'after-less-than' },
} as const satisfies Readonly<Record<string, EscapeProfile>>;

export type EscapeProfileName = keyof typeof escapeProfiles;

/** What a profile may change in a string, by the profile: a large body has many strings, and most hold nothing of it. */
const patterns = new Map<EscapeProfile, RegExp>();

function patternOf(profile: EscapeProfile): RegExp {
  const known = patterns.get(profile);
  if (known !== undefined) return known;
  const signs = profile.escaped.replaceAll('"', '').replace(/[\]\\^-]/g, '\\$&');
  const made = new RegExp(`\\\\u[0-9a-f]{4}|\\\\[^]|[${signs}/\u0080-\uffff]`, 'g');
  patterns.set(profile, made);
  return made;
}

/** A JSON string, with its quotes and one character per byte, rewritten by a profile; unchanged when it cannot be parsed. */
export function writeByProfile(raw: string, profile: EscapeProfile): string {
  const pattern = patternOf(profile);
  // No escape to undo and no character to escape; letters outside ASCII are separate bytes here.
  if (raw.slice(1, -1).search(pattern) === -1) return raw;
  const text = stringOf(raw);
  if (text === null) return raw;
  const written = JSON.stringify(text)
    .slice(1, -1)
    // An escape of JSON itself counts as one character, so that only bare characters are considered.
    .replace(pattern, (sign, at: number, whole: string) => escapedSign(sign, whole.charAt(at - 1), profile));
  return latin1Of(`"${written}"`);
}

/** The text of a JSON string; null when it is not one. */
export function stringOf(raw: string): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(raw, 'latin1').toString('utf8'));
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function escapedSign(sign: string, before: string, { escaped, hex, slashes, letters }: EscapeProfile): string {
  if (sign === '\\"') return escaped.includes('"') ? jsonEscape('"', hex) : sign;
  if (sign.length > 1) return sign;
  if (escaped.includes(sign)) return jsonEscape(sign, hex);
  if (sign === '/') return slashes === 'all' || (slashes === 'after-less-than' && before === '<') ? '\\/' : sign;
  if (sign < '\u0080' || letters === undefined) return sign;
  return isAmong(sign, letters.which) ? jsonEscape(sign, letters.hex) : sign;
}

function isAmong(sign: string, which: NonNullable<EscapeProfile['letters']>['which']): boolean {
  switch (which) {
    case 'all':
      return true;
    case 'beyond-bmp':
      return sign >= '\ud800' && sign <= '\udfff';
    case 'line-separators':
      return sign === '\u2028' || sign === '\u2029';
  }
}

function latin1Of(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
