import { maskedFingerprint } from '#shared/masked-value.ts';
import { fingerprintOf } from '../signing/secret.ts';

/**
 * What stands where a value is masked: in the log by its fingerprint or a variable, in a case file by its length or nothing; in what others
 * write by stars or dots, by a word, or by a variable that was not filled in.
 */
const mask = new RegExp(
  [
    String.raw`\[secret(?: |%20)[^[\]]*\]`,
    String.raw`[[<(]\s?(?:redacted|filtered|masked|hidden|secret|removed)(?:: \d+ characters?)?\s?[\])>]`,
    String.raw`(?<=^|[\s=,;:])(?:redacted|filtered|masked|hidden|<(?:your|my|the)?[ _-]?[a-z][\w -]{0,60}>)(?=$|[\s,;])`,
    String.raw`\*{3,}|[\u2022\u25cf]{3,}|x{12,}|(?:\.{3,}|\u2026)$`,
    String.raw`(?<=^|[\s=,;:])\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)$|\{\{[^{}\n]{1,100}\}\}`,
  ].join('|'),
  'gi',
);

/**
 * Whether two texts are the same where either may be masked in part: by the fingerprint of what is masked, `unknown` where there is none
 * and the rest is the same.
 */
export function maskedMatch(one: string, other: string): 'same' | 'other' | 'unknown' {
  if (!isMasked(one) && !isMasked(other)) return one === other ? 'same' : 'other';
  // The same mask is the same value only if it has a fingerprint or stands for a variable of the workspace.
  if (one === other) return (one.match(mask) ?? []).every(isTold) ? 'same' : 'unknown';
  if (isMasked(one) && isMasked(other)) return 'unknown';
  return isMasked(one) ? plainMatch(one, other) : plainMatch(other, one);
}

/** Whether a mask tells what it stands for. */
function isTold(masked: string): boolean {
  return maskedFingerprint(masked.replace('%20', ' ')) !== null || /^\[secret\b.*\bvars\b/i.test(masked);
}

/** Whether a part of a text is masked. */
export function isMasked(text: string): boolean {
  return text.search(mask) !== -1;
}

/** A masked text beside one that is not. */
function plainMatch(masked: string, plain: string): 'same' | 'other' | 'unknown' {
  const [first = '', ...rest] = masked.split(mask);
  if (!plain.startsWith(first)) return 'other';
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast && piece !== '' ? plain.lastIndexOf(piece) : plain.indexOf(piece, at);
    if (found < at || (isLast && piece !== '' && found + piece.length !== plain.length)) return 'other';
    at = found + piece.length;
  }
  return isOf(masked, first, rest, plain) ? 'same' : 'unknown';
}

/** Whether the one thing that is masked has the fingerprint of what the other text has in its place. */
function isOf(masked: string, first: string, rest: readonly string[], plain: string): boolean {
  const [last] = rest;
  if (last === undefined || rest.length > 1) return false;
  const fingerprint = maskedFingerprint(masked.slice(first.length, masked.length - last.length));
  return fingerprint !== null && fingerprint === fingerprintOf(plain.slice(first.length, plain.length - last.length));
}
