/** Whether a JSON value takes more than so many characters without space, escapes not counted: found out without writing it. */
export function isJsonLonger(value: unknown, limit: number): boolean {
  const left = [value];
  let characters = 0;
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') characters += next.length + 2;
    else if (typeof next !== 'object' || next === null) characters += String(next).length;
    else {
      const isList = Array.isArray(next);
      characters += 2;
      for (const key in next) {
        if (!Object.hasOwn(next, key)) continue;
        characters += isList ? 1 : key.length + 4;
        left.push((next as Readonly<Record<string, unknown>>)[key]);
      }
    }
    if (characters > limit) return true;
  }
  return false;
}
