// Apart from where ids are looked for, which needs the facts of every provider.

const longestId = 256;

/** The id at a path in the JSON of a body, such as `event.id`; null where there is none. */
export function eventIdAt(json: unknown, path: string): string | null {
  let value = json;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && isEventId(text) ? text : null;
}

/** Whether a value may be an id that a sender gave its event. */
export function isEventId(value: string): boolean {
  return value !== '' && value.length <= longestId;
}
