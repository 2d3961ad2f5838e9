import type { BodyRewrite } from '#shared/contract/comparing.ts';
import { stringEnd } from '#shared/json/exact.ts';
import { asPair, type SideWords } from './side-words.ts';

/** How two JSON texts are laid out otherwise between their tokens. */
export function layoutRewrite(before: string, after: string, words: SideWords, isReordered: boolean): readonly BodyRewrite[] {
  const [one, other] = [withoutStrings(before), withoutStrings(after)];
  const [layoutBefore, layoutAfter] = [layoutOf(one), layoutOf(other)];
  if (layoutBefore !== null && layoutAfter !== null && layoutBefore !== layoutAfter)
    return [
      {
        kind: 'layout',
        sentence: `The JSON ${words.isSameRequest ? 'was re-indented' : 'is laid out otherwise'}: ${words.before} ${layoutBefore}, ${words.after} ${layoutAfter}.`,
      },
    ];
  // What is said of one line is true of all the space in it.
  if (layoutBefore === layoutAfter && layoutBefore?.startsWith('in one line') === true) return [];
  // Space goes along with a member that stands elsewhere.
  return !isReordered && isSpacedOtherwise(one, other)
    ? [{ kind: 'layout', sentence: 'The space between the tokens of the JSON is other.' }]
    : [];
}

/** Whether two texts with the same marks have other space around them, whatever the values are. Both without what is in strings. */
function isSpacedOtherwise(before: string, after: string): boolean {
  const [one, other] = [withoutScalars(before), withoutScalars(after)];
  return one.trim() !== other.trim() && withoutLayout(one) === withoutLayout(other);
}

/** Space around the JSON is neither its layout nor its value; most often it is a line end that was added or taken away. */
export function aroundRewrites(before: string, after: string, words: SideWords): readonly BodyRewrite[] {
  const starts = [before, after].map((text) => text.slice(0, text.length - text.trimStart().length));
  const ends = [before, after].map((text) => text.slice(text.trimEnd().length));
  return [...spaceRewrite('layout', 'before', starts, words), ...spaceRewrite('end', 'behind', ends, words)];
}

function spaceRewrite(
  kind: 'layout' | 'end',
  where: 'before' | 'behind',
  [one = '', other = '']: readonly string[],
  words: SideWords,
): readonly BodyRewrite[] {
  if (one === other) return [];
  const [roughly, exactly] = [[one, other].map(spaceWord), [one, other].map((space) => JSON.stringify(space))];
  const [ofOne = '', ofOther = ''] = roughly[0] === roughly[1] ? exactly : roughly;
  const isTold = ofOne.length <= toldCharacters && ofOther.length <= toldCharacters;
  return [{ kind, sentence: `What stands ${where} the JSON differs: ${isTold ? asPair(words, ofOne, ofOther) : 'other space'}.` }];
}

/** Characters of space that are told as they are. */
const toldCharacters = 40;

function spaceWord(space: string): string {
  if (space === '') return 'nothing';
  return /^\r?\n$/.test(space) ? 'a line end' : 'space';
}

/**
 * How JSON is laid out, in words that follow `sent` or `arrived`: `in one line`, `indented by 2 spaces`. Null for no regular layout. What is in
 * strings must have been left out.
 */
function layoutOf(judged: string): string | null {
  const indent = /[[{]\r?\n([ \t]+)/.exec(judged)?.[1];
  if (indent !== undefined) {
    if (/^\t+$/.test(indent)) return 'indented by tabs';
    if (/^ +$/.test(indent)) return `indented by ${indent.length} ${indent.length === 1 ? 'space' : 'spaces'}`;
    return null;
  }
  if (/[\r\n]/.test(judged.trim())) return null;
  const inner = judged.trim();
  if (!/\s/.test(inner)) return 'in one line without spaces';
  const isAfter = (mark: string) => inner.includes(`${mark} `);
  const others = inner.replaceAll(', ', ',').replaceAll(': ', ':');
  if (/\s/.test(others)) return null;
  const everyComma = !/,(?! )/.test(inner);
  const everyColon = !/:(?! )/.test(inner);
  if (isAfter(':') && !isAfter(',') && everyColon) return 'in one line with a space after each colon';
  if (everyComma && everyColon) return 'in one line with a space after each comma and colon';
  return null;
}

/** JSON with every string emptied, so that what is in them does not count as layout. */
function withoutStrings(text: string): string {
  let rest = '';
  let from = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', from)) {
    rest += `${text.slice(from, at)}""`;
    from = stringEnd(text, at);
  }
  return rest + text.slice(from);
}

/** JSON with the same text for every emptied string, number, true, false and null, and all space as it is. */
function withoutScalars(text: string): string {
  return text.replaceAll(/[^\s[\]{},:]+/g, '0');
}

/** JSON without the space between its tokens; every string and number as it is written. */
function withoutLayout(text: string): string {
  let rest = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (isSpace(code)) {
      rest += text.slice(from, at);
      while (isSpace(text.charCodeAt(at))) at += 1;
      from = at;
    } else at += 1;
  }
  return rest + text.slice(from);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
