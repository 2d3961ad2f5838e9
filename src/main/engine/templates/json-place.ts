import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** Where JSON text stops being JSON, 1-based, and why. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** The first error in `text`, or null when it is JSON. */
export function findJsonProblem(text: string): JsonProblem | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (text.startsWith('\ufeff')) return { line: 1, column: 1, reason: 'a byte order mark stands before the value; remove it' };
    const found = firstProblem(text);
    if (found === null) return { line: 1, column: 1, reason: error instanceof Error ? error.message : String(error) };
    const code = printParseErrorCode(found.error);
    return {
      ...placeAt(text, found.offset),
      reason: isAfterLastComma(text, found.offset) ? 'remove the comma before this' : (reasons[code] ?? code),
    };
  }
}

function firstProblem(text: string): ParseError | null {
  try {
    const problems: ParseError[] = [];
    parse(text, problems, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
    return problems[0] ?? null;
  } catch {
    // This parser calls itself for each level, so one nested tens of thousands deep is more than it can hold.
    return null;
  }
}

/** Whether the text closes here right after a comma, as JavaScript allows and JSON does not. */
function isAfterLastComma(text: string, offset: number): boolean {
  return /[}\]]/.test(text.charAt(offset)) && /,\s*$/.test(text.slice(Math.max(0, offset - 1000), offset));
}

function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const reasons: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not a JSON value; put text in double quotes',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'a property name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'there is text after the end of the JSON value',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'a string is not closed',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: 'a \\u escape is not complete',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'this character must be escaped in a string',
};
