import { Filter, TypeGuards, type Template } from 'liquidjs';

/**
 * Names of variables that parsed Liquid takes from `vars`; null where it takes all of them, or may take any: by a computed name, as in `vars[name]` or
 * `[name].token`, or by an expression in a text, as `where_exp` has. LiquidJS has an analysis of its own, which leaves out those two, ranges
 * with a property, and what a tag that may not run gives another meaning.
 */
export function takenVariables(nodes: readonly Template[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  const met = new Set<unknown>();
  // Nodes are nested as deep as the template is.
  const left: unknown[] = [...nodes];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null || met.has(node)) continue;
    met.add(node);
    if (node instanceof Filter && node.name.endsWith('_exp')) return null;
    if (TypeGuards.isPropertyAccessToken(node) && node.variable === undefined) {
      const [root, name] = node.props.map(literalOf);
      if (root === null || (root === 'vars' && typeof name !== 'string')) return null;
      if (root === 'vars' && typeof name === 'string') names.add(name);
    }
    for (const [key, each] of Object.entries(node)) if (key !== 'liquid') left.push(each);
  }
  return names;
}

/** A part of a path as it is looked up; null for one that is computed. */
function literalOf(part: unknown): string | null {
  return TypeGuards.isQuotedToken(part) || TypeGuards.isNumberToken(part) || TypeGuards.isWordToken(part) ? String(part.content) : null;
}
