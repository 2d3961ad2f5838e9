/** A name and value of a query or of a form. */
export interface QueryField {
  readonly name: string;
  readonly value: string;
}

/** The text of pairs (`a=1&b=2`) with more at its end, which stand in place of those of the same names. The rest stays as it is written. */
export function withFields(pairs: string, fields: readonly QueryField[]): string {
  if (fields.length === 0) return pairs;
  const rest = withoutFields(pairs, new Set(fields.map(({ name }) => name)));
  const added = fields.map(writeField).join('&');
  return /^&*$/.test(rest) ? `${rest}${added}` : `${rest}&${added}`;
}

/** The text of pairs without those of a name; the rest stays as it is written, with its empty pairs, and is the same that {@link withFields} got. */
export function withoutField(pairs: string, name: string): string {
  return withoutFields(pairs, new Set([name]));
}

function withoutFields(pairs: string, names: ReadonlySet<string>): string {
  const split = pairs.split('&');
  const kept = split.filter((pair) => pair === '' || !names.has(nameOf(pair)));
  if (kept.length === split.length) return pairs;
  // Empty pairs alone, of which joining would lose one.
  return kept.every((pair) => pair === '') ? '&'.repeat(kept.length) : kept.join('&');
}

/** Every pair of a text, decoded and in order. */
export function fieldsOf(pairs: string): readonly QueryField[] {
  return splitPairs(pairs).map((pair) => ({ name: nameOf(pair), value: decoded(pair.slice(pair.indexOf('=') + 1 || pair.length)) }));
}

/** Every value of a name in a text of pairs, decoded. */
export function fieldValues(pairs: string, name: string): readonly string[] {
  return splitPairs(pairs).flatMap((pair) => (nameOf(pair) === name ? [decoded(pair.slice(pair.indexOf('=') + 1 || pair.length))] : []));
}

/** A URL with a change to its query, which loses its question mark when nothing is left in it. */
export function withQuery(url: string, change: (query: string) => string): string {
  const [, address = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  const changed = change(query);
  return `${address}${changed === '' ? '' : `?${changed}`}${fragment}`;
}

/** The query of a URL as it is written, without its question mark. */
export function queryOf(url: string): string {
  return /^[^?#]*\?([^#]*)/s.exec(url)?.[1] ?? '';
}

/** One pair as it is written here. */
export function writeField({ name, value }: QueryField): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function splitPairs(pairs: string): readonly string[] {
  return pairs.split('&').filter((pair) => pair !== '');
}

function nameOf(pair: string): string {
  return decoded(pair.split('=', 1)[0] ?? '');
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A lone percent sign; the text then stands for itself.
    return spaced;
  }
}
