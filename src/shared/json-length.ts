import { stringEnd } from './json/exact.ts';

/** Whether a JSON value takes more than so many characters without space, escapes not counted: found out without writing it. */
export function isJsonLonger(value: unknown, limit: number): boolean {
  const left = [value];
  let characters = 0;
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') characters += next.length + 2;
    else if (typeof next !== 'object' || next === null) characters += String(next).length;
    else if (Array.isArray(next)) {
      characters += 2 + next.length;
      if (characters > limit) return true;
      for (const item of next as readonly unknown[]) left.push(item);
    } else {
      characters += 2;
      for (const [name, member] of Object.entries(next)) {
        characters += name.length + 4;
        left.push(member);
      }
    }
    if (characters > limit) return true;
  }
  return false;
}

/** Whether a JSON text separates more than so many values, by its commas and brackets outside strings: found out without parsing it. */
export function hasMoreValues(text: string, limit: number): boolean {
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === ',' || character === '[' || character === '{') values += 1;
    if (values > limit) return true;
  }
  return false;
}
