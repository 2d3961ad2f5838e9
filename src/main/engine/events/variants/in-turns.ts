import type { Edge, EdgeKind } from './edge.ts';

/** Kinds by how often code goes wrong over them. */
const order: readonly EdgeKind[] = [
  'null',
  'missing',
  'choice',
  'form',
  'empty-list',
  'unusual',
  'large',
  'format',
  'empty',
  'several',
  'present',
  'zero',
  'longest',
  'negative',
  'minimum',
  'maximum',
  'added',
  'fraction',
  'shortest',
  'one-item',
  'empty-object',
  'nested',
];

/** Edges with the first of each kind before the second of any, those near the root first within a kind. */
export function inTurns(edges: readonly Edge[]): readonly Edge[] {
  const byKind = Map.groupBy(edges, ({ kind }) => kind);
  const rows = order.map((kind) => (byKind.get(kind) ?? []).toSorted((one, other) => one.path.length - other.path.length));
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => rows.flatMap((row) => row[turn] ?? [])).flat();
}
