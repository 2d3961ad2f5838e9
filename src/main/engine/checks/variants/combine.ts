import { disordered } from '#shared/seeded-random.ts';
import { areApart, type Edge } from '../../events/variants/edge.ts';

/** Edges that one variant has at most, if there are not more than the variants have room for. */
const fewEdges = 6;
const mostEdges = 24;
const tries = 20;

/**
 * Sets of edges that are tried together: all that leave something out, all that are null, then those that were not tried by themselves,
 * then some at random. `random` is uniform in [0, 1).
 */
export function combinations(
  tried: readonly Edge[],
  rest: readonly Edge[],
  count: number,
  random: () => number,
): readonly (readonly Edge[])[] {
  const all = [...tried, ...rest];
  const deliberate = (['missing', 'null'] as const)
    .map((kind) => together(all.filter((edge) => edge.kind === kind)))
    .filter(({ length }) => length > 1)
    .slice(0, count);
  const left = rest.filter((edge) => deliberate.every((set) => !set.includes(edge)));
  const packed = packedSets(disordered(left, random), count - deliberate.length);
  return [...deliberate, ...packed, ...randomSets(all, count - deliberate.length - packed.length, random)];
}

/** As many as can be in one variant, the outermost first. */
function together(edges: readonly Edge[]): readonly Edge[] {
  const taken: Edge[] = [];
  for (const edge of edges.toSorted((one, other) => one.path.length - other.path.length)) if (fitsWith(taken, edge)) taken.push(edge);
  return taken;
}

function fitsWith(set: readonly Edge[], edge: Edge): boolean {
  return set.length < mostEdges && set.every(({ path }) => areApart(path, edge.path));
}

function packedSets(edges: readonly Edge[], count: number): readonly (readonly Edge[])[] {
  const sets: Edge[][] = Array.from({ length: Math.max(0, Math.min(count, Math.ceil(edges.length / 2))) }, () => []);
  const wanted = Math.max(fewEdges, Math.ceil(edges.length / Math.max(1, sets.length)));
  for (const edge of edges)
    (sets.find((set) => set.length < wanted && fitsWith(set, edge)) ?? sets.find((set) => fitsWith(set, edge)))?.push(edge);
  return sets.filter(({ length }) => length > 0);
}

function randomSets(edges: readonly Edge[], count: number, random: () => number): readonly (readonly Edge[])[] {
  const sets = new Map<string, readonly Edge[]>();
  for (let tried = 0; edges.length > 1 && sets.size < count && tried < count * tries; tried += 1) {
    const size = 2 + Math.floor(random() * (fewEdges - 1));
    const set: Edge[] = [];
    for (const edge of disordered(edges, random)) if (set.length < size && fitsWith(set, edge)) set.push(edge);
    if (set.length > 1)
      sets.set(
        set
          .map((edge) => edges.indexOf(edge))
          .toSorted((a, b) => a - b)
          .join(),
        set,
      );
  }
  return [...sets.values()];
}
