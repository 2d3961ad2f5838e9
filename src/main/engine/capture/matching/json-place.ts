const step = /\.?([\p{L}_][\p{L}\p{N}_-]*)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/uy;

/** The steps of a path to one value in JSON, such as `$.items[0].sku`: names of members, and indexes of lists as numbers. */
export function stepsOf(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  step.lastIndex = path.startsWith('$') ? 1 : 0;
  for (let found = step.exec(path); found !== null; found = step.exec(path)) {
    const [, name, index, single, double] = found;
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
  }
  return steps;
}

/** The value at a path as text, others than texts as JSON writes them; null where there is none, and for a list or an object. */
export function textAt(json: unknown, path: string): string | null {
  let value = json;
  for (const key of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof key === 'number') || !Object.hasOwn(value, key))
      return null;
    value = (value as Record<string | number, unknown>)[key];
  }
  if (typeof value === 'string') return value;
  return value === undefined || (typeof value === 'object' && value !== null) ? null : JSON.stringify(value);
}
