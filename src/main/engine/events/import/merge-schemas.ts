import { isRecord } from './document-value.ts';

/** The keywords of a JSON Schema that data is made by. */
export type Flat = Readonly<Record<string, unknown>>;

const larger = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const smaller = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

/** One schema for what both allow, as far as making data needs it; null where they exclude each other. */
export function mergeSchemas(one: Flat, other: Flat): Flat | null {
  const merged: Record<string, unknown> = { ...one };
  for (const [keyword, value] of Object.entries(other)) {
    const before = merged[keyword];
    if (before === undefined) {
      merged[keyword] = value;
      continue;
    }
    if (keyword === 'type') {
      const types = commonTypes(typesOf(before), typesOf(value));
      if (types.length === 0) return null;
      merged[keyword] = types.length === 1 ? types[0] : types;
    } else if (keyword === 'const') {
      if (JSON.stringify(before) !== JSON.stringify(value)) return null;
    } else if (keyword === 'enum') {
      const kept = (before as readonly unknown[]).filter((each) => isAmong(value as readonly unknown[], each));
      if (kept.length === 0) return null;
      merged[keyword] = kept;
    } else if (keyword === 'properties' && isRecord(before) && isRecord(value)) merged[keyword] = mergeProperties(before, value);
    else if (keyword === 'required') merged[keyword] = [...new Set([...(before as readonly unknown[]), ...(value as readonly unknown[])])];
    else if (keyword === 'items' && isRecord(before) && isRecord(value)) merged[keyword] = { allOf: [before, value] };
    else if (keyword === 'additionalProperties') merged[keyword] = before === false || value === false ? false : before;
    else if (larger.has(keyword)) merged[keyword] = Math.max(Number(before), Number(value));
    else if (smaller.has(keyword)) merged[keyword] = Math.min(Number(before), Number(value));
  }
  return fitsItself(merged) ? merged : null;
}

/** The types that a schema names; none for any. */
export function typesOf(type: unknown): readonly string[] {
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((each): each is string => typeof each === 'string') : [];
}

function commonTypes(some: readonly string[], others: readonly string[]): readonly string[] {
  return [
    ...some.filter((type) => others.includes(type) || (type === 'integer' && others.includes('number'))),
    ...(some.includes('number') && others.includes('integer') ? ['integer'] : []),
  ];
}

function mergeProperties(some: Flat, others: Flat): Flat {
  const merged: [string, unknown][] = Object.entries(some).map(([name, schema]) =>
    Object.hasOwn(others, name) ? [name, { allOf: [schema, others[name]] }] : [name, schema],
  );
  for (const [name, schema] of Object.entries(others)) if (!Object.hasOwn(some, name)) merged.push([name, schema]);
  return Object.fromEntries(merged);
}

/** A constant that the enumeration beside it does not have fits nothing. */
function fitsItself(schema: Flat): boolean {
  const { const: only, enum: choices } = schema;
  return only === undefined || !Array.isArray(choices) || isAmong(choices, only);
}

function isAmong(values: readonly unknown[], value: unknown): boolean {
  const json = JSON.stringify(value);
  return values.some((each) => JSON.stringify(each) === json);
}
