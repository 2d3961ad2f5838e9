import { isRecord } from './document-value.ts';
import { inTime } from './in-time.ts';
import { patternText } from './pattern-text.ts';

/** How long one pattern may take with all texts of its schema. */
const patternMs = 200;

/** Patterns that are tried, and texts that they are tried on. */
const mostPatterns = 50;
const mostTexts = 1000;

/** The pattern of a schema that takes long on a text of it: an example, a default, a name, or what the pattern itself asks for. Null if none does. */
export function slowPattern(schema: unknown): string | null {
  const { patterns, texts } = collected(schema);
  return (
    [...patterns]
      .slice(0, mostPatterns)
      .find((pattern) => inTime(patternMs, () => [patternText(pattern), anyMatches(pattern, texts)]) === null) ?? null
  );
}

function anyMatches(pattern: string, texts: readonly string[]): boolean {
  try {
    const regex = new RegExp(pattern, 'u');
    return texts.map((text) => regex.test(text)).includes(true);
  } catch {
    return false;
  }
}

function collected(schema: unknown): { readonly patterns: ReadonlySet<string>; readonly texts: readonly string[] } {
  const patterns = new Set<string>();
  const texts = new Set<string>();
  const seen = new Set<object>();
  const left: unknown[] = [schema];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'string') texts.add(value);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const { pattern, patternProperties } = isRecord(value) ? value : {};
    if (typeof pattern === 'string') patterns.add(pattern);
    if (isRecord(patternProperties)) for (const name of Object.keys(patternProperties)) patterns.add(name);
    for (const each of Object.values(value)) if (each !== undefined) left.push(each);
  }
  return { patterns, texts: [...texts].filter((text) => !patterns.has(text)).slice(0, mostTexts) };
}
