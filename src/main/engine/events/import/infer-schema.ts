import { isExactNumber, isRecord } from './document-value.ts';
import { formatOf } from './text-format.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Elements of a list that are looked at; those behind are taken to be of the same kinds. */
const elementsRead = 100;
/** Properties that a schema describes in all, and levels; nobody reads more. */
const propertiesDescribed = 5000;
const levelsDescribed = 40;

/** A schema, and whether everything in the samples was looked at for it. */
export interface InferredSchema {
  readonly schema: Schema;
  readonly isWhole: boolean;
}

/** A JSON Schema that all samples fit: types, formats that are certain, and as required the properties that every sample has. */
export function inferSchema(samples: readonly unknown[]): InferredSchema {
  const room = { properties: propertiesDescribed, isWhole: true };
  return { schema: schemaOf(samples, room, 0), isWhole: room.isWhole };
}

/** What is left for the rest of the schema. */
interface Room {
  properties: number;
  isWhole: boolean;
}

function schemaOf(samples: readonly unknown[], room: Room, level: number): Schema {
  const kinds = [...new Set(samples.map(kindOf))];
  const types = kinds.includes('number') ? kinds.filter((kind) => kind !== 'integer') : kinds;
  if (types.length === 0) return {};
  const texts = samples.filter((each) => typeof each === 'string');
  const format = texts.length === 0 ? null : formatOf(texts);
  const objects = samples.filter(isRecord);
  const lists = samples.filter((each): each is readonly unknown[] => Array.isArray(each));
  return {
    type: types.length === 1 ? types[0] : types.toSorted(),
    ...(format === null ? {} : { format }),
    ...(objects.length === 0 ? {} : objectPart(objects, room, level)),
    ...(lists.length === 0 ? {} : listPart(lists, room, level)),
  };
}

function objectPart(objects: readonly Schema[], room: Room, level: number): Schema {
  const names = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  if (names.length > room.properties || level >= levelsDescribed) {
    room.isWhole = false;
    return {};
  }
  room.properties -= names.length;
  const required = names.filter((name) => objects.every((each) => Object.hasOwn(each, name)));
  const having = (name: string) => objects.filter((each) => Object.hasOwn(each, name)).map((each) => each[name]);
  return {
    properties: Object.fromEntries(names.map((name) => [name, schemaOf(having(name), room, level + 1)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function listPart(lists: readonly (readonly unknown[])[], room: Room, level: number): Schema {
  if (level >= levelsDescribed || lists.some((list) => list.length > elementsRead)) room.isWhole = false;
  const elements = level >= levelsDescribed ? [] : lists.flatMap((list) => list.slice(0, elementsRead));
  return elements.length === 0 ? {} : { items: schemaOf(elements, room, level + 1) };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isExactNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? 'integer' : 'number';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
