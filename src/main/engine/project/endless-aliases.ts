import { isAlias, isNode, visit, type Document } from 'yaml';

/** An alias that stands in the value that it stands for, and so would have no end. */
export interface EndlessAlias {
  readonly name: string;
  readonly offset: number;
}

/** Aliases of a document that stand in the value that they stand for. */
export function endlessAliases(document: Document): readonly EndlessAlias[] {
  const found: EndlessAlias[] = [];
  // The same name may be given again further down: an alias means the last one before it.
  const named = new Map<string, unknown>();
  const note = (node: unknown) => {
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) named.set(node.anchor, node);
  };
  visit(document, {
    Value: (_key, node) => note(node),
    Alias: (_key, alias, path) => {
      const target = named.get(alias.source);
      if (target !== undefined && path.some((each) => each === target)) found.push({ name: alias.source, offset: alias.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** What to do about one. */
export function endlessText({ name }: EndlessAlias): string {
  return `The alias *${name} stands in what it stands for, &${name}, and so has no end: write out what is meant.`;
}
