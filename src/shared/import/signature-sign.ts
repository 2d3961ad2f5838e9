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

/** Names that say what they are; `_` stands for a hyphen where a server made variables of them. */
const speaking =
  /(?:^|[^\w-])((?:http_)?(?:[a-z0-9]+[-_])*(?:signature|hmac|hub-signature|webhook-signature)(?:[-_][a-z0-9]+)*)["'`*\]]{0,3}[ \t]*(?:[:=|\t]|=>|is\b)[ \t]*["'`*[(]{0,3}[^\s"'`]/i;

/** Finds the header of a signature in a text that is no request; in JSON a field of that name is part of a body. */
export function signatureIn(source: PasteSource): SeenSignature | null {
  const start = firstVisible(source);
  const text = source.binary.slice(start, start + searchedBytes);
  const known = knownNames.exec(text);
  const found = known ?? speakingIn(text);
  if (found === null) return null;
  const name = found[1] ?? '';
  return { name, line: lineAt(source.binary, start + found.index + found[0].indexOf(name)) };
}

/** Payloads hold fields such as `signature`; in a text that begins like one only names with a hyphen count. */
function speakingIn(text: string): RegExpExecArray | null {
  const found = speaking.exec(text);
  return found !== null && /^[{[<]/.test(text) && !(found[1] ?? '').includes('-') ? null : found;
}

const own = [
  ...new Set(schemeMarks.map(({ header }) => header).filter((header) => header.includes('-') && !/^(?:x-)?signature$/i.test(header))),
];
const knownNames = new RegExp(
  `(?:^|[^\\w-])(${own.map((name) => name.replaceAll('.', '\\.').replaceAll('-', '[-_]')).join('|')})(?![\\w-])["'\`*\\]]{0,3}[ \\t]*(?:[:=|\\t]|\\n)`,
  'i',
);
