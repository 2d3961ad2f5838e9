import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Document } from 'yaml';

/** Characters that files may still have together, counted as often as aliases repeat them. */
export interface Room {
  left: number;
}

/** The first alias of a document with which there is no room left for what it stands for. Only for documents without endless aliases. */
export function aliasBeyondRoom({ contents }: Document, room: Room): { readonly name: string; readonly offset: number } | null {
  // The same name may be given again further down: an alias means the last one before it.
  const sizes = new Map<string, number>();
  let found: { readonly name: string; readonly offset: number } | null = null;
  const take = (size: number): number => {
    room.left -= size;
    return size;
  };
  const measure = (node: unknown): number => {
    if (isPair(node)) return measure(node.key) + measure(node.value);
    if (isAlias(node)) {
      const size = take(sizes.get(node.source) ?? 0);
      if (room.left < 0) found ??= { name: node.source, offset: node.range?.[0] ?? 0 };
      return size;
    }
    // A value takes some room itself.
    const own = take(1 + (isScalar(node) ? textOf(node).length : 0));
    const items: readonly unknown[] = isMap(node) || isSeq(node) ? node.items : [];
    const size = items.reduce((sum: number, item) => sum + measure(item), own);
    if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string') sizes.set(node.anchor, size);
    return size;
  };
  measure(contents);
  return found;
}

function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): string {
  return typeof value === 'string' ? value : (source ?? '');
}

/** What to do about one. */
export function beyondRoomText({ name }: { readonly name: string }, characters: number): string {
  return `With what the alias *${name} stands for, the project has more than ${characters / 1_000_000} million characters: repeat less of it.`;
}
