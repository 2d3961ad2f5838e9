type Fields = Readonly<Record<string, unknown>>;

/** A name like any other in a file, which records of schemas leave out without a word. */
export const oddName = '__proto__';

/** A name under which a schema reads what has the odd one, and that is not taken. */
export function standInFor(taken: readonly string[]): string {
  let name = `${oddName}_`;
  while (taken.includes(name)) name += '_';
  return name;
}

/** An object with one of its names replaced, where it has that. */
export function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, from)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name === from ? to : name, each as unknown]));
}

/** An entry with the odd name among those of its variables replaced, and the way back, for what came of it. */
export function withoutOddVariable(fields: unknown): { readonly fields: unknown; readonly back: (parsed: Fields) => Fields } {
  const variables = typeof fields === 'object' && fields !== null && 'variables' in fields ? fields.variables : undefined;
  if (typeof variables !== 'object' || variables === null || !Object.hasOwn(variables, oddName))
    return { fields, back: (parsed) => parsed };
  const standIn = standInFor(Object.keys(variables));
  return {
    fields: { ...(fields as Fields), variables: renamed(variables, oddName, standIn) },
    back: (parsed) => ({ ...parsed, variables: renamed(parsed['variables'], standIn, oddName) }),
  };
}
