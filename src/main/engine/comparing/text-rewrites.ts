import { Buffer } from 'node:buffer';
import type { BodyRewrite } from '#shared/contract/comparing.ts';
import { asPair, type SideWords } from './side-words.ts';

/** A text with other line ends or another end is not the same text, but it is worth to say that nothing else in it is other. */
export function textRewrites(before: string, after: string, words: SideWords): readonly BodyRewrite[] {
  if (before.replaceAll('\r\n', '\n') === after.replaceAll('\r\n', '\n'))
    return [{ kind: 'line ends', sentence: lineEndsSentence(before, after, words) }];
  return before.trimEnd() === after.trimEnd() ? [{ kind: 'end', sentence: 'Only the space at the end of the text differs.' }] : [];
}

/** How the line ends of two texts differ that have the same lines. */
function lineEndsSentence(before: string, after: string, words: SideWords): string {
  const [ends, others] = [lineEnds(before), lineEnds(after)];
  const [first = '', other = ''] = [ends[0], others[0]];
  const isEach = (all: readonly string[], wanted: string) => all.every((end) => end === wanted);
  if (first !== other && isEach(ends, first) && isEach(others, other))
    return `Only the line ends of the text differ: ${asPair(words, endWord(first), endWord(other))}.`;
  const at = ends.findIndex((end, index) => end !== others[index]);
  const count = ends.filter((end, index) => end !== others[index]).length;
  const pair = asPair(words, endWord(ends[at] ?? ''), endWord(others[at] ?? ''));
  const which = count === 1 ? `that of line ${number(at + 1)}` : `first that of line ${number(at + 1)}`;
  return `Only line ends of the text differ, ${number(count)} of ${number(ends.length)}, ${which}: ${pair}.`;
}

function lineEnds(text: string): readonly string[] {
  return text.match(/\r\n|\r|\n/g) ?? [];
}

function endWord(end: string): string {
  return end === '\r\n' ? 'CRLF' : 'LF';
}

/** How a form with the same fields in the same order is written otherwise; null for other fields. */
export function formRewrite(before: Uint8Array, after: Uint8Array): BodyRewrite | null {
  const [pieces, others] = [formPieces(before), formPieces(after)];
  if (fieldsKey(pieces) !== fieldsKey(others)) return null;
  const isEscapes = JSON.stringify(pieces) === JSON.stringify(others);
  const how = isEscapes ? 'with other percent escapes' : 'with other marks around empty values or fields';
  return { kind: 'form', sentence: `The fields of the form are the same in the same order, ${how}.` };
}

/** What stands between the marks of a form, by its bytes, since an escape may stand for a byte that is no UTF-8, which is not another one of those. */
function formPieces(bytes: Uint8Array): readonly (readonly string[])[] {
  const unescaped = (text: string) =>
    text.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split('&')
    .map((field) => {
      const at = field.indexOf('=');
      return at === -1 ? [unescaped(field)] : [unescaped(field.slice(0, at)), unescaped(field.slice(at + 1))];
    });
}

/** The fields of a form: empty ones are none, and a name alone has an empty value. */
function fieldsKey(pieces: readonly (readonly string[])[]): string {
  return JSON.stringify(pieces.filter(([name, value]) => name !== '' || value !== undefined).map(([name, value = '']) => [name, value]));
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
