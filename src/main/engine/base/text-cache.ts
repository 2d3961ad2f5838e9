/** The limits of a cache of parsed texts. */
export interface TextCacheLimits {
  readonly entries: number;
  /** Characters of all texts together. */
  readonly characters: number;
}

/** Keeps what was made from texts, and drops the least recently used first. When `make` throws, nothing is kept. */
export function createTextCache<T>(make: (text: string) => T, limits: TextCacheLimits): (text: string) => T {
  const kept = new Map<string, T>();
  let characters = 0;
  return (text) => {
    const found = kept.has(text) ? (kept.get(text) as T) : make(text);
    if (kept.delete(text)) characters -= text.length;
    kept.set(text, found);
    characters += text.length;
    for (const oldest of kept.keys()) {
      if (oldest === text || (kept.size <= limits.entries && characters <= limits.characters)) break;
      kept.delete(oldest);
      characters -= oldest.length;
    }
    return found;
  };
}
