/** A node of a document that was read from JSON or YAML: JSON values, and {@link ExactNumber}s. */
export type DocumentRecord = Readonly<Record<string, unknown>>;

/** Part of newer platforms that the types of this room do not have yet. */
interface RawParsing {
  readonly rawJSON: (source: string) => object;
  readonly isRawJSON: (value: unknown) => value is ExactNumber;
}

/** A number that JavaScript would write otherwise than the document does, such as 1.10; `JSON.stringify` writes it as it stands there. */
interface ExactNumber {
  readonly rawJSON: string;
}

const { rawJSON, isRawJSON } = JSON as unknown as RawParsing;
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number from its source, exact where JavaScript's own would not be; null for a source that is no JSON number. */
export function numberOf(source: string): unknown {
  if (!jsonNumber.test(source)) return null;
  const value = Number(source);
  return JSON.stringify(value) === source ? value : rawJSON(source);
}

/** Whether a value is an {@link ExactNumber}. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return isRawJSON(value);
}

/** Whether a value is an object of the document. */
export function isRecord(value: unknown): value is DocumentRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** The value under a name of the document's own; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The members of an object; none for anything else. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** The elements of a list; none for anything else. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A text under a name, without the space around it; empty where there is none. */
export function textIn(value: unknown, name: string): string {
  const found = member(value, name);
  if (typeof found === 'string') return found.trim();
  if (typeof found === 'number') return String(found);
  return isExactNumber(found) ? found.rawJSON : '';
}
