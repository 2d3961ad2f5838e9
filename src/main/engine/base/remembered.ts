/**
 * A function whose result for an object is computed once and kept for as long as the object is alive: for what follows
 * from settings that stay the same from one attempt to the next. The result must depend on nothing else.
 */
export function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}
