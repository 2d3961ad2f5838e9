import { firstUnits, withWholePairs } from './script-halves.ts';
import { hasCuts, type PrintedValue } from './value.ts';
import { compactStyle, writeJsonWithin } from './write-json.ts';

/**
 * How many times as long as its code all may be that is made of it: in each other, calls of JSON.stringify double what they escape, and
 * lists that become texts are written again.
 */
const growthLimit = 8;

/** Makes texts of values as JavaScript does, up to a limit that grows with the code that was read. */
export function createTextMaker() {
  let written = 0;
  const roomFor = (size: number, readSoFar: number) => growthLimit * Math.min(size, readSoFar - written / growthLimit);
  const made = (binary: string | null): string | null => {
    written += binary?.length ?? 0;
    return binary;
  };
  return {
    /** Operands as `+` puts them together: as text, where one of the first two is a text. Null where the result is not known. */
    joined: (operands: readonly PrintedValue[], size: number, readSoFar: number): PrintedValue | null => {
      const [first, second] = operands;
      if (first === undefined || operands.length === 1) return first ?? null;
      if (first.kind !== 'string' && second?.kind !== 'string') return null;
      let text = '';
      const limit = roomFor(size, readSoFar);
      const put = (piece: string): boolean => {
        if (text.length + piece.length > limit) return false;
        text += piece;
        return true;
      };
      let hasCode = false;
      for (const operand of operands) {
        const isCode = hasCuts(operand);
        hasCode ||= isCode;
        const isPut =
          isCode && operand.kind !== 'string' ? put(operand.kind === 'cut' ? `\${${operand.text}}` : '${…}') : putText(operand, put);
        if (!isPut) return null;
      }
      made(text);
      return { kind: 'string', binary: withWholePairs(text), ...(hasCode ? { hasCode } : {}) };
    },
    /** What JSON.stringify makes of its arguments, which have `size` bytes of code; null where that is not known. */
    stringified: ([value, replacer, space]: readonly PrintedValue[], size: number, readSoFar: number): PrintedValue | null => {
      if (value === undefined || hasCuts(value)) return null;
      if (replacer !== undefined && replacer.kind !== 'literal') return null;
      if (value.kind === 'literal' && value.text === 'undefined') return value;
      const indent = indentOf(space);
      if (indent === null) return null;
      const style = { ...compactStyle, isHalfEscaped: true, ...(indent === '' ? {} : { indent, colon: ': ' }) };
      const binary = made(writeJsonWithin(value, roomFor(size, readSoFar), style));
      return binary === null ? null : { kind: 'string', binary, isJson: true };
    },
  };
}

export type TextMaker = ReturnType<typeof createTextMaker>;

/** The indent that JSON.stringify makes of its third argument; null where that is not known. */
function indentOf(space: PrintedValue | undefined): string | null {
  if (space === undefined) return '';
  if (hasCuts(space)) return null;
  switch (space.kind) {
    case 'string':
      return firstUnits(space.binary, 10);
    case 'number':
      return ' '.repeat(Math.min(10, Math.max(0, Math.trunc(Number(space.text) || 0))));
    default:
      return '';
  }
}

/** Puts a value as String() of JavaScript writes it; false where there is no room, or it is not known. Texts keep their `${…}`. */
function putText(value: PrintedValue, put: (piece: string) => boolean): boolean {
  switch (value.kind) {
    case 'string':
      return put(value.binary);
    case 'number':
    case 'literal':
      return put(value.text);
    case 'object':
      return put(value.isHeaders === true ? '[object Headers]' : '[object Object]');
    case 'list':
      if (value.isHeaders === true) return put('[object Headers]');
      return value.items.every((item, index) => (index === 0 || put(',')) && (isNothing(item) || putText(item, put)));
    case 'cut':
      return false;
  }
}

/** A value as String() of JavaScript writes it; null where it is not known. */
export function scriptText(value: PrintedValue): string | null {
  let text = '';
  const put = (piece: string): boolean => {
    text += piece;
    return true;
  };
  return putText(value, put) ? withWholePairs(text) : null;
}

/** Whether a value is null or undefined. */
export function isNothing(value: PrintedValue): boolean {
  return value.kind === 'literal' && (value.text === 'null' || value.text === 'undefined');
}
