import { jsonEscape } from '#shared/text/escapes.ts';
import { Buffer } from 'node:buffer';
import { escapeProfiles, writeByProfile, type EscapeProfileName } from './json-escapes.ts';
import type { JsonMember, JsonNode } from './json-tree.ts';

/** White space between the tokens of a document; an empty indent puts it on one line. */
export interface JsonLayout {
  readonly indent: string;
  readonly comma: string;
  readonly colon: string;
}

/** How strings are escaped. Each rewrites only what it names, but for `plain`, which writes as JavaScript does. */
export type StringStyle =
  | 'plain'
  | 'slashes'
  | 'no-slashes'
  | 'ascii'
  | 'ascii-upper'
  | 'unicode'
  | 'html'
  | 'html-upper'
  | 'ascii-slashes'
  | EscapeProfileName;

/** How numbers are written. */
export type NumberStyle = 'javascript' | 'one-decimal' | 'two-decimals' | 'short';

/** What a serialiser decides; omitted fields leave the text as it was written. */
export interface JsonStyle {
  readonly layout?: JsonLayout;
  readonly isSorted?: boolean;
  /** The members of every object in another order, in place of `isSorted`. */
  readonly order?: (members: readonly JsonMember[]) => readonly JsonMember[];
  readonly strings?: StringStyle;
  readonly numbers?: NumberStyle;
  /** The key whose numbers are rewritten, with its quotes; without it, all numbers. */
  readonly numbersOf?: string;
}

export const minified: JsonLayout = { indent: '', comma: ',', colon: ':' };

/** The known layouts of serialisers, the plainest first. */
export const knownLayouts: Readonly<Record<'minified' | 'spaced' | 'two' | 'four' | 'tabs' | 'colon', JsonLayout>> = {
  minified,
  spaced: { indent: '', comma: ', ', colon: ': ' },
  colon: { indent: '', comma: ',', colon: ': ' },
  two: { indent: '  ', comma: ',', colon: ': ' },
  four: { indent: '    ', comma: ',', colon: ': ' },
  tabs: { indent: '\t', comma: ',', colon: ': ' },
};

const tokenPattern = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Rewrites the strings and numbers of a JSON text in place, and keeps its layout. */
export function restyleJson(text: string, style: Pick<JsonStyle, 'strings' | 'numbers' | 'numbersOf'>): string {
  let lastKey: string | undefined;
  return text.replace(tokenPattern, (token: string, string: string | undefined, colon: string | undefined) => {
    if (string !== undefined) {
      if (colon !== undefined) lastKey = string;
      return `${writeString(string, style.strings)}${colon ?? ''}`;
    }
    const isChosen = style.numbersOf === undefined || style.numbersOf === lastKey;
    return style.numbers !== undefined && isChosen ? writeNumber(token, style.numbers) : token;
  });
}

/** Writes a document; without a layout in the style it is minified. */
export function writeJson(node: JsonNode, style: JsonStyle): string {
  const out: string[] = [];
  write(node, { ...style, layout: style.layout ?? minified }, '\n', false, out);
  return out.join('');
}

type Settled = JsonStyle & { readonly layout: JsonLayout };

function write(node: JsonNode, style: Settled, lineBreak: string, isChosen: boolean, out: string[]): void {
  switch (node.kind) {
    case 'literal':
      out.push(node.raw);
      return;
    case 'number':
      out.push(
        style.numbers !== undefined && (style.numbersOf === undefined || isChosen) ? writeNumber(node.raw, style.numbers) : node.raw,
      );
      return;
    case 'string':
      out.push(writeString(node.raw, style.strings));
      return;
    case 'array':
      return writeRun('[', ']', node.items, style, lineBreak, out, (item, inner) => write(item, style, inner, isChosen, out));
    case 'object': {
      const members = ordered(node.members, style);
      return writeRun('{', '}', members, style, lineBreak, out, ({ key, value }, inner) => {
        out.push(writeString(key, style.strings), style.layout.colon);
        write(value, style, inner, key === style.numbersOf, out);
      });
    }
  }
}

function writeRun<T>(
  open: string,
  close: string,
  items: readonly T[],
  { layout }: Settled,
  lineBreak: string,
  out: string[],
  writeItem: (item: T, inner: string) => void,
): void {
  out.push(open);
  const inner = layout.indent === '' ? '' : lineBreak + layout.indent;
  items.forEach((item, index) => {
    out.push(index === 0 ? inner : layout.comma + inner);
    writeItem(item, inner === '' ? lineBreak : inner);
  });
  out.push(items.length > 0 && inner !== '' ? lineBreak + close : close);
}

function ordered(members: readonly JsonMember[], { isSorted, order }: Settled): readonly JsonMember[] {
  if (order !== undefined) return order(members);
  return isSorted === true ? members.toSorted(byKey) : members;
}

function byKey(left: JsonMember, right: JsonMember): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}

function writeNumber(raw: string, style: NumberStyle): string {
  switch (style) {
    case 'javascript':
      return String(Number(raw));
    case 'one-decimal':
      return /^-?\d+$/.test(raw) ? `${raw}.0` : raw;
    case 'two-decimals':
      return /^-?\d+(\.\d{1,2})?$/.test(raw) ? withDecimals(raw) : raw;
    case 'short':
      return /^-?\d+\.\d+$/.test(raw) ? raw.replace(/\.?0+$/, '') : raw;
  }
}

function withDecimals(raw: string): string {
  const [whole, decimals] = raw.split('.');
  return `${whole ?? raw}.${(decimals ?? '').padEnd(2, '0')}`;
}

function writeString(raw: string, style: StringStyle | undefined): string {
  switch (style) {
    case undefined:
      return raw;
    case 'plain':
      return plainString(raw);
    case 'slashes':
      return withSlashes(raw);
    case 'no-slashes':
      return raw.includes('\\/') ? raw.replace(/\\(.)/gs, (pair: string, next: string) => (next === '/' ? '/' : pair)) : raw;
    case 'ascii':
      return withAscii(raw, 'lower');
    case 'ascii-upper':
      return withAscii(raw, 'upper');
    case 'unicode':
      return withoutUnicodeEscapes(raw);
    case 'html':
      return raw.replace(/[<>&]/g, (sign) => jsonEscape(sign));
    case 'html-upper':
      return raw.replace(/[<>&'+]/g, (sign) => jsonEscape(sign, 'upper'));
    case 'ascii-slashes':
      return withSlashes(withAscii(raw, 'lower'));
    default:
      return writeByProfile(raw, escapeProfiles[style]);
  }
}

function withSlashes(raw: string): string {
  return raw.includes('/') ? raw.replace(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found)) : raw;
}

function plainString(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return latin1Of(JSON.stringify(JSON.parse(utf8Of(raw))));
  } catch {
    // It has a control character or an unknown escape: no parser accepts it, so no serialiser has rewritten it.
    return raw;
  }
}

function withAscii(raw: string, hex: 'lower' | 'upper'): string {
  if (!/[\x80-\xff]/.test(raw)) return raw;
  return utf8Of(raw).replace(/[\u0080-\uffff]/g, (sign) => jsonEscape(sign, hex));
}

function withoutUnicodeEscapes(raw: string): string {
  if (!raw.includes('\\u')) return raw;
  const text = utf8Of(raw).replace(/\\(?:u([0-9a-fA-F]{4})|.)/gs, (escape: string, hex: string | undefined) => {
    const code = hex === undefined ? 0 : Number.parseInt(hex, 16);
    return code < 0x80
      ? hex !== undefined && /[<>&'+/=]/.test(String.fromCharCode(code))
        ? String.fromCharCode(code)
        : escape
      : String.fromCharCode(code);
  });
  return latin1Of(text);
}

function utf8Of(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function latin1Of(utf8: string): string {
  return Buffer.from(utf8, 'utf8').toString('latin1');
}
