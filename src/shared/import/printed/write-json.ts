import { jsonEscape } from '../../text/escapes.ts';
import { readableText } from '../../text/text-codec.ts';
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
  return `${write(value, style, '')}${style.end}`;
}

function write(value: PrintedValue, style: JsonStyle, indent: string): string {
  switch (value.kind) {
    case 'string':
      return quote(value.binary, style);
    case 'cut':
      return quote(value.text, style);
    case 'number':
      return /^-?\d/.test(value.text) ? value.text : 'null';
    case 'literal':
      return value.text === 'undefined' ? 'null' : value.text;
    case 'list':
      return bracketed('[', ']', value.items, style, indent, (item, inner) => write(item, style, inner));
    case 'object': {
      const kept = value.entries.filter(([, one]) => !(one.kind === 'literal' && one.text === 'undefined'));
      return bracketed(
        '{',
        '}',
        kept,
        style,
        indent,
        ([name, one], inner) => `${quote(name, style)}${style.colon}${write(one, style, inner)}`,
      );
    }
  }
}

function bracketed<T>(
  open: string,
  close: string,
  items: readonly T[],
  style: JsonStyle,
  indent: string,
  writeItem: (item: T, indent: string) => string,
): string {
  if (items.length === 0) return open + close;
  if (style.indent === null) return `${open}${items.map((item) => writeItem(item, '')).join(style.comma)}${close}`;
  const inner = indent + style.indent;
  return `${open}\n${items.map((item) => inner + writeItem(item, inner)).join(',\n')}\n${indent}${close}`;
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

function quote(binary: string, { isAscii, isSlashEscaped }: JsonStyle): string {
  // JSON escapes all that is below a space.
  const escaped = binary.replace(/["\\]|[^ -\uffff]/g, (sign) => named[sign] ?? jsonEscape(sign));
  const slashed = isSlashEscaped ? escaped.replaceAll('/', '\\/') : escaped;
  return `"${isAscii && /[^\0-\x7f]/.test(slashed) ? readableText(slashed).replace(/[^\0-\x7f]/g, escapeUnits) : slashed}"`;
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()].map((index) => jsonEscape(character.charAt(index))).join('');
}
