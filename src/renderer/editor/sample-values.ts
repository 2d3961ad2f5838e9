/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Names that a template may start an expression with, and what they hold in the sample event. */
export type TemplateScope = Readonly<Record<string, JsonValue>>;

/** What `null`, `3`, `[]` … are called beside a completion: `string`, `array of 3`, `object with 2 keys`. */
export function describeType(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return `array of ${value.length}`;
  if (typeof value === 'object') {
    const count = Object.keys(value).length;
    return `object with ${count} ${count === 1 ? 'key' : 'keys'}`;
  }
  return typeof value;
}

/** JSON of a value in one line, cut at `limit` characters with an ellipsis. */
export function shortValue(value: JsonValue, limit = 60): string {
  const text = JSON.stringify(value);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** Keys of `a.b[0].c["d e"]` in order, or null when the text is not a path. */
export function parsePath(path: string): readonly string[] | null {
  const step = /(?:^|\.)([A-Za-z_][\w-]*\??)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]/y;
  const keys: string[] = [];
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return null;
    keys.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return keys.length === 0 ? null : keys;
}

/** The value at a path of the scope, undefined where there is none. `first`, `last` and `size` work on arrays as Liquid has them. */
export function valueAt(scope: TemplateScope, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = scope;
  for (const key of keys) {
    if (value === null || value === undefined || typeof value !== 'object') {
      return key === 'size' && typeof value === 'string' ? value.length : undefined;
    }
    if (isArray(value)) {
      if (key === 'first') value = value[0];
      else if (key === 'last') value = value.at(-1);
      else if (key === 'size') value = value.length;
      else value = value[Number(key)];
    } else value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** How a key is written behind a path: `.name`, or `["first name"]` where a dot would not do. */
export function pathStep(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `["${key}"]`;
}

/** Whether a JSON value is an array; `Array.isArray` alone does not narrow a read-only one. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
