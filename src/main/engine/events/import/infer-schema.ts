import { isExactNumber, isRecord } from './document-value.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Elements of a list that are looked at; those behind are taken to be of the same kinds. */
const elementsRead = 100;

/** A JSON Schema that all samples fit: types, and as required the properties that every sample has. */
export function inferSchema(samples: readonly unknown[]): Schema {
  const kinds = [...new Set(samples.map(kindOf))];
  const types = kinds.includes('number') ? kinds.filter((kind) => kind !== 'integer') : kinds;
  if (types.length === 0) return {};
  const objects = samples.filter(isRecord);
  const lists = samples.filter((each): each is readonly unknown[] => Array.isArray(each));
  return {
    type: types.length === 1 ? types[0] : types.toSorted(),
    ...(objects.length === 0 ? {} : objectPart(objects)),
    ...(lists.length === 0 ? {} : listPart(lists.flatMap((list) => list.slice(0, elementsRead)))),
  };
}

function objectPart(objects: readonly Schema[]): Schema {
  const names = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  const required = names.filter((name) => objects.every((each) => Object.hasOwn(each, name)));
  const having = (name: string) => objects.filter((each) => Object.hasOwn(each, name)).map((each) => each[name]);
  return {
    properties: Object.fromEntries(names.map((name) => [name, inferSchema(having(name))])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function listPart(elements: readonly unknown[]): Schema {
  return elements.length === 0 ? {} : { items: inferSchema(elements) };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isExactNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? 'integer' : 'number';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
