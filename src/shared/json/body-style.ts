import { compactJson, elementSources, readExact, type ExactEntry, type ExactJson } from './exact.ts';

/** How a style lays JSON out, and which characters it escapes. */
interface StyleRules {
  /** For people, in a few words. */
  readonly label: string;
  readonly layout: 'line' | 'pretty' | 'old Ruby' | 'list with CRLF';
  readonly escapes?: RegExp;
  /** Whether a slash is written as `\/`. */
  readonly hasEscapedSlashes?: boolean;
  /** Whether names are in alphabetical order, by their code units. */
  readonly isSorted?: boolean;
}

const nonAscii = /[\u0080-\uffff]/g;

/** The ways in which providers write JSON. The bytes of all of them mean the same; signatures and bodies differ. */
export const bodyStyles = {
  compact: { label: 'compact', layout: 'line' },
  pretty2: { label: 'two spaces a level', layout: 'pretty' },
  /** As `JSON.pretty_generate` of Ruby was: an empty object and an empty list take lines of their own. Stripe's. */
  'ruby-pretty': { label: 'two spaces a level, as old Ruby', layout: 'old Ruby' },
  /** Adyen's. */
  'escaped-slashes': { label: String.raw`compact, / as \/`, layout: 'line', hasEscapedSlashes: true },
  /** Shopify's. */
  'rails-html-escape': {
    label: String.raw`compact, / as \/, < > & as \u003c …`,
    layout: 'line',
    hasEscapedSlashes: true,
    escapes: /[<>&]/g,
  },
  'escaped-unicode': { label: String.raw`compact, é as \u00e9`, layout: 'line', escapes: nonAscii },
  /** As `json_encode` of PHP. Meta's and WooCommerce's. */
  php: { label: String.raw`compact, / as \/, é as \u00e9`, layout: 'line', hasEscapedSlashes: true, escapes: nonAscii },
  /** Discord's. */
  'sorted-keys': { label: 'compact, names in alphabetical order', layout: 'line', isSorted: true },
  /** SendGrid's: a line for each element of a list, ended by CRLF. */
  'array-crlf': { label: 'compact, a list with CRLF', layout: 'list with CRLF' },
} as const satisfies Readonly<Record<string, StyleRules>>;

/** The name of a way to write JSON. */
export type BodyStyle = keyof typeof bodyStyles;

/** All of them. */
export const bodyStyleNames = Object.keys(bodyStyles) as [BodyStyle, ...BodyStyle[]];

/** The style makes more of a body than it may. */
export class StyledTooLong extends Error {
  override readonly name = 'StyledTooLong';
}

/** The first style that writes this JSON text just as it stands; undefined where none does. */
export function styleOf(text: string): BodyStyle | undefined {
  return bodyStyleNames.find((style) => {
    try {
      return writeStyled(text, style, text.length) === text;
    } catch (error) {
      if (error instanceof StyledTooLong) return false;
      throw error;
    }
  });
}

/**
 * Writes JSON text in a style: every number as it is written, every name also where it is repeated. Throws a {@link StyledTooLong} for
 * more than so many characters, which the indents of deep levels can make of a short text.
 */
export function writeStyled(text: string, style: BodyStyle, limit = Number.POSITIVE_INFINITY): string {
  const rules: StyleRules = bodyStyles[style];
  const compact = compactJson(text);
  const styled = styledFast(compact, rules) ?? written(compact, rules, limit);
  if (styled.length > limit) throw tooLong(limit);
  return styled;
}

function tooLong(limit: number): StyledTooLong {
  return new StyledTooLong(`It would have more than ${limit} characters.`);
}

/** Longer texts are indented step by step, so that one that becomes far too long is given up on the way. */
const indentedAtOnce = 500_000;

/** The text where that needs no look at each value: most bodies are styled so, many times while somebody types. Null where it does. */
function styledFast(compact: string, rules: StyleRules): string | null {
  switch (rules.layout) {
    case 'line':
      // What is escaped stands in strings only.
      return rules.isSorted === true ? null : escaped(compact, rules);
    case 'list with CRLF':
      return `${compact.startsWith('[') ? `[${elementSources(compact).join(',\r\n')}]` : compact}\r\n`;
    default: {
      if (compact.length > indentedAtOnce) return null;
      const value = JSON.parse(compact) as unknown;
      // A value would not say all of a text with numbers such as 1.10, or a name twice.
      if (JSON.stringify(value) !== compact) return null;
      const pretty = JSON.stringify(value, null, 2);
      return rules.layout === 'pretty' ? pretty : withOpenEmpties(pretty);
    }
  }
}

/** Empty objects and lists over two and three lines. No line within a string ends in brackets: line breaks are escaped there. */
function withOpenEmpties(pretty: string): string {
  if (!pretty.includes('{}') && !pretty.includes('[]')) return pretty;
  // Lines by their line feeds only: a string may hold other characters that end a line for `.` and `$`.
  return pretty.replace(
    /(?<=^|\n)( *)([^\n]*)(\{\}|\[\])(,?)(?=\n|$)/g,
    (_line, indent: string, before: string, empty: string, comma: string) =>
      `${indent}${before}${empty === '{}' ? `{\n${indent}}` : `[\n\n${indent}]`}${comma}`,
  );
}

/** The text value by value. */
function written(compact: string, rules: StyleRules, limit: number): string {
  let made = '';
  const put = (part: string) => {
    made += part;
    if (made.length > limit) throw tooLong(limit);
  };
  const isPretty = rules.layout === 'pretty' || rules.layout === 'old Ruby';
  const write = (json: ExactJson, indent: string) => {
    if (typeof json === 'string') return put(escaped(json, rules));
    const isList = json.kind === 'list';
    const size = isList ? json.items.length : json.entries.length;
    const [begin, end] = isList ? ['[', ']'] : ['{', '}'];
    if (size === 0 && rules.layout !== 'old Ruby') return put(begin + end);
    if (size === 0) return put(isList ? `[\n\n${indent}]` : `{\n${indent}}`);
    const inner = isPretty ? `${indent}  ` : '';
    const separator = isPretty ? `\n${inner}` : '';
    put(begin);
    if (json.kind === 'list')
      for (const [index, item] of json.items.entries()) {
        put(index === 0 ? separator : `,${separator}`);
        write(item, inner);
      }
    else
      for (const [index, [name, value]] of inOrder(json.entries, rules).entries()) {
        put(index === 0 ? separator : `,${separator}`);
        put(`${escaped(name, rules)}${isPretty ? ': ' : ':'}`);
        write(value, inner);
      }
    put(isPretty ? `\n${indent}${end}` : end);
  };
  write(readExact(compact), '');
  return made;
}

function inOrder(entries: readonly ExactEntry[], { isSorted }: StyleRules): readonly ExactEntry[] {
  if (isSorted !== true) return entries;
  const named = entries.map((entry) => ({ entry, name: JSON.parse(entry[0]) as string }));
  return named.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name))).map(({ entry }) => entry);
}

/** JSON, or a part of it, with the escapes of a style; there is nothing to be escaped but in strings. */
function escaped(source: string, { escapes, hasEscapedSlashes }: StyleRules): string {
  const slashed = hasEscapedSlashes === true ? source.replaceAll('/', String.raw`\/`) : source;
  return escapes === undefined ? slashed : slashed.replace(escapes, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
