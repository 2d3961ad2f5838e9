import { usageError } from '#hosts/shared/exit-error.ts';
import type { Json } from '#shared/contract/json.ts';

/**
 * Lays `--set path=value` options over an event, one after the other. A path has dots and places in lists, such as
 * `data.items.0.price`; a value is JSON, and otherwise text. Objects that are missing on the way are made.
 */
export function withSettings(data: Json, settings: readonly string[]): Json {
  return settings.reduce<Json>((before, setting) => {
    const split = setting.indexOf('=');
    if (split < 1) throw usageError(`--set ${setting} has no path: write it as path=value, such as data.amount=1999.`);
    const [root, ...path] = setting.slice(0, split).split('.');
    if (root !== 'data' || path.length === 0 || path.includes(''))
      throw usageError(`--set ${setting} does not begin in the data: write it as data.FIELD=value, such as data.amount=1999.`);
    return withValue(before, path, valueOf(setting.slice(split + 1)), setting);
  }, data);
}

function withValue(into: Json | undefined, path: readonly string[], value: Json, setting: string): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(into)) {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index > into.length)
      throw usageError(`--set ${setting} leads into a list of ${into.length}: ${key} is none of its places, which count from 0.`);
    return Object.assign([...into], { [index]: withValue(into[index], rest, value, setting) });
  }
  if (into !== undefined && into !== null && typeof into !== 'object')
    throw usageError(`--set ${setting} leads through ${JSON.stringify(into)}, which has no fields.`);
  const fields = new Map(Object.entries(into ?? {}));
  fields.set(key, withValue(fields.get(key), rest, value, setting));
  return Object.fromEntries(fields) as Json;
}

function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
