import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';

/** A place for people: both numbers count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Where a text stops being valid JSON, as an offset in UTF-16 units, and one sentence about it. */
export interface JsonError {
  readonly offset: number;
  readonly message: string;
}

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is not a JSON value: put text in double quotes.',
  InvalidNumberFormat: 'This is not a JSON number.',
  PropertyNameExpected: 'A property name in double quotes is missing here.',
  ValueExpected: 'A value is missing here.',
  ColonExpected: 'A colon is missing here.',
  CommaExpected: 'A comma is missing here.',
  CloseBraceExpected: 'A closing } is missing here.',
  CloseBracketExpected: 'A closing ] is missing here.',
  EndOfFileExpected: 'There is text after the end of the value: remove it.',
  InvalidCommentToken: 'JSON has no comments: remove it.',
  UnexpectedEndOfComment: 'JSON has no comments: remove it.',
  UnexpectedEndOfString: 'This string is not closed: add a double quote.',
  UnexpectedEndOfNumber: 'This number is not complete.',
  InvalidUnicode: 'A \\u escape takes four hex digits.',
  InvalidEscapeCharacter: 'This escape does not exist in JSON: write \\\\ for a backslash.',
  InvalidCharacter: 'This character has to be escaped in a string.',
};

/** The first thing that keeps a text from being JSON, or null when it is JSON. */
export function findJsonError(text: string): JsonError | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const problems: ParseError[] = [];
    parse(text, problems, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
    const first = problems.toSorted((one, other) => one.offset - other.offset)[0];
    // The parser is lenient about a few things that JSON forbids, such as some control characters.
    if (first === undefined) return { offset: 0, message: error instanceof Error ? error.message : String(error) };
    const code = printParseErrorCode(first.error);
    return { offset: first.offset, message: sentences[code] ?? code };
  }
}

/** Line and column of an offset in a text; both count from 1. */
export function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Offset of a place in a text, at most the end of its line. */
export function offsetOf(text: string, place: TextPlace): number {
  const breaks = /\r\n|\r|\n/g;
  let start = 0;
  for (let line = 1; line < place.line; line += 1) {
    if (breaks.exec(text) === null) return text.length;
    start = breaks.lastIndex;
  }
  const end = breaks.exec(text)?.index ?? text.length;
  return Math.min(start + place.column - 1, end);
}
