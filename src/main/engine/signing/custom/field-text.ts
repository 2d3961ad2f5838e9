import { textPieces, type FieldPlaceholder, type TextPiece } from '#shared/contract/custom-placeholders.ts';
import { remembered } from '../../base/remembered.ts';

/** An owner of the text of a field, used as the key of a cache. */
interface FieldText {
  readonly value: string;
}

/** What a field's text holds by placeholder, every one of them in the order in which it stands; or a clause on why it cannot be read. */
export type FieldReading = { readonly found: ReadonlyMap<string, readonly string[]> } | { readonly problem: string };

const piecesOf = remembered(({ value }: FieldText) => textPieces(value));

/** The placeholders of a field. */
export const fieldNames = remembered(
  (field: FieldText): ReadonlySet<FieldPlaceholder> =>
    // The contract refuses others.
    new Set(piecesOf(field).flatMap((piece) => (piece.kind === 'placeholder' ? [piece.name as FieldPlaceholder] : []))),
);

/** The text of a field with values in place of its placeholders. */
export function writeFieldText(field: FieldText, valueOf: (name: FieldPlaceholder) => string): string {
  return piecesOf(field)
    .map((piece) => (piece.kind === 'literal' ? piece.text : valueOf(piece.name as FieldPlaceholder)))
    .join('');
}

/**
 * Reads the values of a field's placeholders. A text of labelled entries such as `t={timestamp},v1={signature}` is read entry by entry, in any
 * order, with entries of other labels beside them and several signatures; any other text has to be exactly as it is described.
 */
export function readFieldText(field: FieldText, text: string): FieldReading {
  const form = entryFormOf(field);
  return form === null ? readExactly(piecesOf(field), text, field.value) : readEntries(form, text);
}

interface EntryForm {
  readonly separator: string;
  readonly entries: readonly { readonly label: string; readonly name: string }[];
}

/** Most entries of one field that are read; no sender writes more than a few. */
const entryLimit = 1000;

/** The labelled entries that a text describes, or null where it describes something else. */
const entryFormOf = remembered((field: FieldText): EntryForm | null => {
  for (const separator of [',', ';', ' ', '&']) {
    const texts = field.value.split(separator).map((entry) => entry.trim());
    if (texts.length < 2) continue;
    const entries = texts.flatMap((entry) => {
      const [label, placeholder, ...more] = textPieces(entry);
      const isLabelled =
        label?.kind === 'literal' && /^[^\s]+[=:]$/.test(label.text) && placeholder?.kind === 'placeholder' && more.length === 0;
      return isLabelled ? [{ label: label.text, name: placeholder.name }] : [];
    });
    if (entries.length === texts.length && new Set(entries.map(({ label }) => label)).size === entries.length)
      return { separator, entries };
  }
  return null;
});

function readEntries({ separator, entries }: EntryForm, text: string): FieldReading {
  const given = text
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (given.length > entryLimit) return { problem: `it has ${given.length} entries, and at most ${entryLimit} are read` };
  const found = new Map<string, string[]>();
  for (const entry of given) {
    const own = entries.find(({ label }) => entry.startsWith(label));
    if (own !== undefined) found.set(own.name, [...(found.get(own.name) ?? []), entry.slice(own.label.length)]);
  }
  const missing = entries.find(({ name }) => !found.has(name));
  return missing === undefined ? { found } : { problem: `it has no entry that begins with ${missing.label}` };
}

/** Reads from left to right in one pass: each value ends where the text after it begins for the first time, and the last one where the field does. */
function readExactly(pieces: readonly TextPiece[], text: string, described: string): FieldReading {
  const found = new Map<string, string[]>();
  const other = { problem: `it is not like ${described}` };
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'literal') {
      if (!text.startsWith(piece.text, at)) return other;
      at += piece.text.length;
      continue;
    }
    const end = endOf(pieces, index, text, at);
    if (end === -1) return other;
    found.set(piece.name, [text.slice(at, end)]);
    at = end;
  }
  return at === text.length ? { found } : other;
}

/** Where the value of a placeholder ends, or -1. */
function endOf(pieces: readonly TextPiece[], index: number, text: string, from: number): number {
  const next = pieces[index + 1];
  if (next?.kind !== 'literal') return text.length;
  if (index + 2 < pieces.length) return text.indexOf(next.text, from);
  const end = text.length - next.text.length;
  return end >= from && text.endsWith(next.text) ? end : -1;
}
