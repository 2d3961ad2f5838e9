import { Buffer } from 'node:buffer';
import { bodyCause, byteTextStep, copyAsFile, type BodyStep } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import type { LateFamily } from './late-family.ts';

const why = 'a mail program or a terminal broke long lines of the body';

/** Lines that were wrapped, joined again in the usual ways. */
export const wrappedSteps: readonly BodyStep[] = [
  byteTextStep(bodyCause('lines-joined', 1.1, 'the line breaks inside the body are removed', why, copyAsFile), 2, 'wrapped', (text) =>
    joined(text, () => ''),
  ),
  byteTextStep(
    bodyCause('lines-joined-by-spaces', 1.2, 'the line breaks inside the body are spaces', why, copyAsFile),
    2,
    'wrapped',
    (text) => joined(text, () => ' '),
  ),
  byteTextStep(
    bodyCause(
      'lines-joined-by-width',
      1.1,
      'full lines of the body are joined, and shorter ones with a space between them',
      why,
      copyAsFile,
    ),
    2,
    'wrapped',
    (text) => {
      const width = linesOf(text).reduce((widest, line) => Math.max(widest, widthOf(line)), 0);
      return joined(text, (line) => (widthOf(line) < width ? ' ' : ''));
    },
  ),
];

/** With more line breaks than this, only the usual ways to join lines are tried. */
const breakLimit = 10;

/** Every choice of joining each of a few lines with or without a space. */
export const wrappedLines: LateFamily = {
  family: 'wrapped',
  variants: function* variants(doc) {
    const text = textOf(doc);
    if (text === null) return;
    const breaks = linesOf(text).length - 1;
    if (breaks > breakLimit) return;
    const cause = bodyCause(
      'lines-joined-each',
      2,
      'the line breaks inside the body are removed or are spaces, each as it was',
      why,
      copyAsFile,
    );
    for (let spaced = 0; spaced < 2 ** breaks; spaced += 1) {
      let index = -1;
      const make = () =>
        Buffer.from(
          joined(text, () => {
            index += 1;
            return (spaced >> index) & 1 ? ' ' : '';
          }) ?? '',
          'latin1',
        );
      yield { causes: [{ cause, family: 'wrapped' }], make };
    }
  },
  leftOut: (doc) => {
    const text = textOf(doc);
    const breaks = text === null ? 0 : linesOf(text).length - 1;
    return breaks <= breakLimit
      ? null
      : `Each of up to ${breakLimit} line breaks is tried with and without a space; the body has ${breaks.toLocaleString('en-US')}, which were tried in the usual ways.`;
  },
};

/** Line breaks between JSON tokens are layout, which other changes handle. */
function textOf(doc: BodyDoc): string | null {
  if (doc.bytes.byteLength > 65_536 || doc.json() !== null || !/^\s*[[{"]/.test(doc.latin1().slice(0, 100))) return null;
  return doc.latin1().includes('\n') ? doc.latin1().trimEnd() : null;
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split(/\r?\n/);
}

/** In characters, which are more bytes each outside ASCII; `line` has one character per byte. */
function widthOf(line: string): number {
  return line.replace(/[\x80-\xbf]/g, '').length;
}

function joined(text: string, between: (line: string) => string): string | null {
  const lines = linesOf(text);
  if (lines.length < 2) return null;
  return lines.map((line, index) => (index === lines.length - 1 ? line : line + between(line))).join('');
}
