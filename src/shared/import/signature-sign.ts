import { schemeMarks } from '../recognise/scheme-marks.ts';
import { firstVisible, lineAt, type PasteSource } from './paste-source.ts';

/** A name of a signature header that stands in a text. */
export interface SeenSignature {
  readonly name: string;
  /** 1-based line. */
  readonly line: number;
}

/** How far into a text such a name is looked for, in bytes. */
const searchedBytes = 262_144;

/** Words, those that speak of a signature, and what stands between a name and its value. */
const words = /[\w-]+/g;
const speaking = /signature|hmac/i;
const longestName = 100;
/** Straight quotes and marks of Markdown, or smart quotes in UTF-8. */
const quotes = String.raw`(?:["'\`*\]]|\u00e2\u0080[\u0098-\u009f]){0,3}`;
/** A comma counts where a value stands right behind it, as in CSV, or a quoted one, as in tuples. */
const comma = String.raw`,(?=[^\s,]|[ \t]{0,8}["'\`])`;
const separator = new RegExp(String.raw`${quotes}[ \t]{0,8}(?:[:=|\t]|=>|is\b|${comma})[ \t]{0,8}["'\`*[(]{0,3}[^\s"'\`]`, 'y');

/** Finds the header of a signature in a text that is no request; in JSON a field of that name is part of a body. */
export function signatureIn(source: PasteSource): SeenSignature | null {
  const start = firstVisible(source);
  const text = source.binary.slice(start, start + searchedBytes);
  const known = knownNames.exec(text);
  const name = known === null ? speakingIn(text) : { text: known[1] ?? '', at: known.index + known[0].indexOf(known[1] ?? '') };
  return name === null ? null : { name: name.text, line: lineAt(source.binary, start + name.at) };
}

/** Payloads hold fields such as `signature`; in a text that begins like one only names with a hyphen count. */
function speakingIn(text: string): { readonly text: string; readonly at: number } | null {
  const isPayload = /^[{[<]/.test(text);
  for (const { 0: word, index } of text.matchAll(words)) {
    if (word.length > longestName || !speaking.test(word) || (isPayload && !word.includes('-'))) continue;
    separator.lastIndex = index + word.length;
    if (separator.test(text)) return { text: word, at: index };
  }
  return null;
}

const own = [
  ...new Set(schemeMarks.map(({ header }) => header).filter((header) => header.includes('-') && !/^(?:x-)?signature$/i.test(header))),
];
const knownNames = new RegExp(
  `(?:^|[^\\w-])(${own.map((name) => name.replaceAll('.', '\\.').replaceAll('-', '[-_]')).join('|')})(?![\\w-])${quotes}[ \\t]*(?:[:=|\\t]|\\n|${comma})`,
  'i',
);
