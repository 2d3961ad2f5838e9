import { readExact, writeExact, type ExactJson } from '#shared/json/exact.ts';

/** Features of newer platforms that the type definitions do not have yet. */
interface ExactWriting {
  readonly rawJSON: (source: string) => unknown;
}

/** A number that JavaScript would write otherwise. It is printed as it is written, and counts by its value. */
export class ExactNumber {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  valueOf(): number {
    return Number(this.#source);
  }

  toString(): string {
    return this.#source;
  }

  toJSON(): unknown {
    return (JSON as unknown as ExactWriting).rawJSON(this.#source);
  }

  // By these a template compares it.
  equals(other: unknown): boolean {
    return other instanceof ExactNumber ? other.valueOf() === this.valueOf() : other === this.valueOf();
  }

  gt(other: unknown): boolean {
    return this.valueOf() > Number(other);
  }

  geq(other: unknown): boolean {
    return this.valueOf() >= Number(other);
  }

  lt(other: unknown): boolean {
    return this.valueOf() < Number(other);
  }

  leq(other: unknown): boolean {
    return this.valueOf() <= Number(other);
  }
}

/** Of objects whose names a value cannot hold as they stand, since one is repeated or JavaScript puts them in another order: what they are. */
const entriesOf = new WeakMap<object, readonly (readonly [name: string, value: unknown])[]>();

/** The value of JSON text without space, as a template reads it: as `JSON.parse` makes it, but for numbers that it would round. */
export function templateData(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  return JSON.stringify(value) === text ? value : valueOf(readExact(text));
}

/** JSON of a value with every number and name as they are written; null where `JSON.stringify` writes it so anyway. */
export function exactTextOf(value: unknown, indent: string): string | null {
  return isExact(value) ? writeExact(exactOf(value), indent) : null;
}

/** The value for code that needs a plain number. */
export function plainNumber(value: unknown): unknown {
  return value instanceof ExactNumber ? value.valueOf() : value;
}

function valueOf(json: ExactJson): unknown {
  if (typeof json === 'string') return scalarOf(json);
  if (json.kind === 'list') return json.items.map(valueOf);
  const entries = json.entries.map(([name, value]) => [JSON.parse(name) as string, valueOf(value)] as const);
  // Built from entries, so that a name such as __proto__ is like any other.
  const object: object = Object.fromEntries(entries);
  const names = Object.keys(object);
  if (names.length !== entries.length || names.some((name, index) => name !== entries[index]?.[0])) entriesOf.set(object, entries);
  return object;
}

function scalarOf(source: string): unknown {
  const value = JSON.parse(source) as unknown;
  return typeof value === 'number' && JSON.stringify(value) !== source ? new ExactNumber(source) : value;
}

function isExact(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof ExactNumber || entriesOf.has(value) || Object.values(value).some(isExact);
}

function exactOf(value: unknown): ExactJson {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return { kind: 'list', items: value.map(exactOf) };
  const entries = entriesOf.get(value) ?? Object.entries(value);
  return { kind: 'object', entries: entries.map(([name, each]) => [JSON.stringify(name), exactOf(each)]) };
}
