import { compactJson, readExact, type ExactEntry, type ExactJson } from './exact.ts';

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
  const parts: string[] = [];
  let length = 0;
  const put = (part: string) => {
    length += part.length;
    if (length > limit) throw new StyledTooLong(`It would have more than ${limit} characters.`);
    parts.push(part);
  };
  const write = (json: ExactJson, indent: string) => {
    if (typeof json === 'string') return put(escaped(json, rules));
    const isList = json.kind === 'list';
    const size = isList ? json.items.length : json.entries.length;
    const [begin, end] = isList ? ['[', ']'] : ['{', '}'];
    const isPretty = rules.layout === 'pretty' || rules.layout === 'old Ruby';
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
  const json = readExact(compactJson(text));
  if (rules.layout !== 'list with CRLF') write(json, '');
  else if (typeof json === 'object' && json.kind === 'list') {
    put('[');
    for (const [index, item] of json.items.entries()) {
      if (index > 0) put(',\r\n');
      write(item, '');
    }
    put(']\r\n');
  } else {
    write(json, '');
    put('\r\n');
  }
  return parts.join('');
}

function inOrder(entries: readonly ExactEntry[], { isSorted }: StyleRules): readonly ExactEntry[] {
  if (isSorted !== true) return entries;
  const named = entries.map((entry) => ({ entry, name: JSON.parse(entry[0]) as string }));
  return named.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name))).map(({ entry }) => entry);
}

/** The source of a scalar with the escapes of a style. */
function escaped(source: string, { escapes, hasEscapedSlashes }: StyleRules): string {
  if (!source.startsWith('"')) return source;
  const slashed = hasEscapedSlashes === true ? source.replaceAll('/', String.raw`\/`) : source;
  return escapes === undefined ? slashed : slashed.replace(escapes, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
