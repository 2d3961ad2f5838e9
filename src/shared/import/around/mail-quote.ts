import { isJsonText } from '../../json/is-json-text.ts';
import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';

const quoted = /^(?:[ \t]?>)+ ?/;

/** A mail that was quoted: every line of it begins with `> `, and long lines are wrapped. */
export const mailQuoteFormat: PasteFormat = {
  recognises: ({ binary }) => binary.length <= printedLimitBytes && /(?:^|\n)[ \t]?>[^\n]*\n[ \t]?>/.test(binary),
  read: readQuoted,
};

function readQuoted(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').map((line) => line.replace(/\r$/, ''));
  const kept = lines.flatMap((line, index) => (quoted.test(line) ? [index] : []));
  if (kept.length < 2) return null;
  const texts = kept.map((index) => (lines[index] ?? '').replace(quoted, ''));
  const left = lines.filter((line) => !quoted.test(line) && line.trim() !== '').length;
  const notes = [
    'The quoting of the mail (> before each line) was removed.',
    ...(left === 0
      ? []
      : [`${left} ${left === 1 ? 'line that is' : 'lines that are'} not quoted ${left === 1 ? 'was' : 'were'} left out.`]),
  ];
  const empty = texts.findIndex((text, at) => at > 0 && text.trim() === '');
  const head = empty === -1 ? texts : texts.slice(0, empty);
  const body = empty === -1 ? null : joinedBody(texts.slice(empty + 1));
  const all = [...head, ...(body === null ? [] : ['', ...body.lines])];
  return inner(derivedSource(source, all.join('\n'), [...notes, ...(body?.notes ?? [])]));
}

interface Unwrapped {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** Widths at which programs wrap mail. */
const widths = { least: 60, most: 100 } as const;

/**
 * A body of JSON whose lines were wrapped: broken lines stand in its texts, where JSON has none. A line as wide as the widest was
 * cut inside a word; a shorter one at a space.
 */
function joinedBody(lines: readonly string[]): Unwrapped {
  let end = lines.length;
  while (end > 0 && (lines[end - 1] ?? '').trim() === '') end -= 1;
  const own = lines.slice(0, end);
  const width = own.slice(0, -1).reduce((most, line) => Math.max(most, line.length), 0);
  const text = own.join('\n');
  if (own.length < 2 || width < widths.least || width > widths.most || !/^\s*[{[]/.test(text) || isJsonText(text))
    return { lines: own, notes: [] };
  const joined = own.map((line, at) => (at === own.length - 1 || line.length >= width || line.endsWith(' ') ? line : `${line} `)).join('');
  const whole = isJsonText(joined) ? joined : own.join('');
  if (!isJsonText(whole)) return { lines: own, notes: [] };
  return {
    lines: [whole],
    notes: [
      `The body was wrapped after ${width} characters; its ${own.length} lines were joined, with a space where a line is shorter. The original may have had other spaces there.`,
    ],
  };
}
