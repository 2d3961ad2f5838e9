/** One field of a form in words. */
export interface FieldWords {
  /** Its name; fields of a part are called `part.field`. */
  readonly name: string;
  /** What the form calls it. */
  readonly label: string;
  /** How a value of it is told, where that is not the value itself. */
  readonly say?: (value: unknown) => string;
}

/** The fields of a form, in its order. */
export type FormWords = readonly FieldWords[];

/** What fields are called, each once, in the order of the form. */
export function labelsOf(words: FormWords, names: readonly string[]): readonly string[] {
  return [...new Set(words.filter(({ name }) => names.includes(name)).map(({ label }) => label))];
}

/** Fields in the order of the form. */
export function inFormOrder<Field extends { readonly name: string }>(words: FormWords, fields: readonly Field[]): readonly Field[] {
  const place = ({ name }: Field) => words.findIndex((each) => each.name === name);
  return fields.toSorted((one, other) => place(one) - place(other));
}

/** What a form calls a field. */
export function labelOf(words: FormWords, name: string): string {
  return words.find((each) => each.name === name)?.label ?? name;
}

/** A value of a field as somebody reads it. */
export function sayValue(words: FormWords, name: string, value: unknown): string {
  const say = words.find((each) => each.name === name)?.say ?? plainText;
  return say(value);
}

/** Names as they stand in a sentence: `Name, URL and Method`. */
export function listText(labels: readonly string[]): string {
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
}

function plainText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  if (Array.isArray(value) && value.length > 0) return value.map(plainText).join(', ');
  return 'empty';
}
