import { jsonEscape } from '../../text/escapes.ts';
import { readableText } from '../../text/text-codec.ts';
import { withHalves } from './script-halves.ts';
import type { PrintedValue } from './value.ts';

/** How JSON is written. */
export interface JsonStyle {
  /** Clause for people, such as `without spaces`. */
  readonly name: string;
  /** White space of one level, or null for one line. */
  readonly indent: string | null;
  readonly comma: string;
  readonly colon: string;
  readonly isAscii: boolean;
  readonly isSlashEscaped: boolean;
  /** Writes halves of characters as escapes, which have no form in UTF-8; see `script-halves.ts`. */
  readonly isHalfEscaped?: boolean;
  /** What stands behind the last brace. */
  readonly end: string;
}

/** As JSON.stringify of JavaScript writes it. */
export const compactStyle: JsonStyle = {
  name: 'without spaces',
  indent: null,
  comma: ',',
  colon: ':',
  isAscii: false,
  isSlashEscaped: false,
  end: '',
};
/** As json.dumps of Python writes it, without its escapes for letters outside ASCII. */
export const pythonStyle: JsonStyle = {
  ...compactStyle,
  name: "with spaces after commas and colons, as Python's json.dumps writes it",
  comma: ', ',
  colon: ': ',
};
const indented = (indent: string, name: string): JsonStyle => ({ ...compactStyle, name, indent, colon: ': ' });

const shapes: readonly JsonStyle[] = [
  compactStyle,
  indented('  ', 'with an indent of 2 spaces'),
  indented('    ', 'with an indent of 4 spaces'),
  pythonStyle,
  indented('\t', 'with an indent of tabs'),
];

/** The ways in which senders write JSON, the usual first. */
export const jsonStyles: readonly JsonStyle[] = [
  ...shapes,
  ...shapes.map((shape) => ({ ...shape, name: `${shape.name} and a line break at the end`, end: '\n' })),
  ...shapes.map((shape) => ({ ...shape, name: `${shape.name} and \\u escapes for letters outside ASCII`, isAscii: true })),
  { ...compactStyle, name: 'without spaces and with escaped slashes and letters, as PHP writes it', isAscii: true, isSlashEscaped: true },
];

/** A printed value as JSON text, one character for each byte; what was cut away becomes a text that says so. */
export function writeJson(value: PrintedValue, style: JsonStyle = compactStyle): string {
  return writeJsonWithin(value, Infinity, style) ?? '';
}

/** As {@link writeJson}; null where the text would be longer than a limit, which is found out before more than that is written. */
export function writeJsonWithin(value: PrintedValue, limit: number, style: JsonStyle): string | null {
  let text = '';
  const put = (piece: string): boolean => {
    if (text.length + piece.length > limit) return false;
    text += piece;
    return true;
  };
  return write(value, style, style.indent === null ? null : '\n', put) && put(style.end) ? text : null;
}

/** Takes a piece of the text; whether there is room for more. */
type Put = (piece: string) => boolean;

/** `line` is what begins a line, or null where all stands on one. */
function write(value: PrintedValue, style: JsonStyle, line: string | null, put: Put): boolean {
  switch (value.kind) {
    case 'string':
      return put(quote(value.binary, style));
    case 'cut':
      return put(quote(value.text, style));
    case 'number':
      return put(/^-?\d/.test(value.text) ? value.text : 'null');
    case 'literal':
      return put(value.text === 'undefined' ? 'null' : value.text);
    case 'list':
      if (value.isHeaders === true) return put('{}');
      return bracketed('[]', value.items, style, line, put, (item, inner) => write(item, style, inner, put));
    case 'object': {
      if (value.isHeaders === true) return put('{}');
      const kept = value.entries.filter(([, one]) => !(one.kind === 'literal' && one.text === 'undefined'));
      return bracketed(
        '{}',
        kept,
        style,
        line,
        put,
        ([name, one], inner) => put(quote(name, style) + style.colon) && write(one, style, inner, put),
      );
    }
  }
}

function bracketed<T>(
  signs: '[]' | '{}',
  items: readonly T[],
  style: JsonStyle,
  line: string | null,
  put: Put,
  writeItem: (item: T, line: string | null) => boolean,
): boolean {
  if (items.length === 0) return put(signs);
  const inner = line === null ? null : line + (style.indent ?? '');
  const comma = inner === null ? style.comma : `,${inner}`;
  if (!put(signs.slice(0, 1) + (inner ?? ''))) return false;
  // Stops at the first that has no room.
  const isWritten = items.every((item, index) => (index === 0 || put(comma)) && writeItem(item, inner));
  return isWritten && put((line ?? '') + signs.slice(1));
}

const named: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

function quote(binary: string, { isAscii, isSlashEscaped, isHalfEscaped = false }: JsonStyle): string {
  // JSON escapes all that is below a space.
  const plain = binary.replace(/["\\]|[^ -\uffff]/g, (sign) => named[sign] ?? jsonEscape(sign));
  const escaped = isHalfEscaped ? withHalves(plain, jsonEscape) : plain;
  const slashed = isSlashEscaped ? escaped.replaceAll('/', '\\/') : escaped;
  return `"${isAscii && /[^\0-\x7f]/.test(slashed) ? readableText(slashed).replace(/[^\0-\x7f]/g, escapeUnits) : slashed}"`;
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()].map((index) => jsonEscape(character.charAt(index))).join('');
}
