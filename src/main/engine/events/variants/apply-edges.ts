import { readExact, type ExactJson } from '#shared/json/exact.ts';
import type { Edge, EdgePath } from './edge.ts';

/** Data with edges in it, every other digit as it was. */
export function withEdges(base: ExactJson, edges: readonly Pick<Edge, 'path' | 'value' | 'parents'>[]): ExactJson {
  let json = base;
  for (const { path, value, parents } of edges) {
    for (const parent of parents) if (isOpenAt(json, parent.path)) json = putAt(json, parent.path, readExact(parent.source));
    json = putAt(json, path, value.source === null ? null : readExact(value.source));
  }
  return json;
}

/** Sets what stands at a place, or takes it away for null. Where its holder is not there, nothing changes. */
export function putAt(json: ExactJson, path: EdgePath, value: ExactJson | null): ExactJson {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? json;
  if (typeof json === 'string') return json;
  if (json.kind === 'list')
    return {
      kind: 'list',
      items: json.items.flatMap((item, index) => (index === step ? (rest.length > 0 ? putAt(item, rest, value) : (value ?? [])) : item)),
    };
  const source = JSON.stringify(step);
  const isNamed = (name: string) => name === source || JSON.parse(name) === step;
  if (!json.entries.some(([name]) => isNamed(name)))
    return rest.length > 0 || value === null ? json : { kind: 'object', entries: [...json.entries, [source, value]] };
  return {
    kind: 'object',
    entries: json.entries.flatMap(([name, inner]): [string, ExactJson][] => {
      if (!isNamed(name)) return [[name, inner]];
      const next = rest.length > 0 ? putAt(inner, rest, value) : value;
      return next === null ? [] : [[name, next]];
    }),
  };
}

/** What stands at a place; null where there is nothing. */
export function valueAt(json: ExactJson, path: EdgePath): ExactJson | null {
  const [step, ...rest] = path;
  if (step === undefined) return json;
  if (typeof json === 'string') return null;
  const inner = json.kind === 'list' ? json.items[Number(step)] : json.entries.findLast(([name]) => JSON.parse(name) === step)?.[1];
  return inner === undefined ? null : valueAt(inner, rest);
}

/** Whether a place has nothing, null, or a list without items. */
function isOpenAt(json: ExactJson, path: EdgePath): boolean {
  const there = valueAt(json, path);
  return there === null || there === 'null' || (typeof there !== 'string' && there.kind === 'list' && there.items.length === 0);
}
