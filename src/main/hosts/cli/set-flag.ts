import { usageError } from '#hosts/shared/exit-error.ts';
import { givenOf, type GivenData } from '#shared/contract/json.ts';
import { compactJson, readExact, writeExact, type ExactEntry, type ExactJson } from '#shared/json/exact.ts';

/**
 * Lays `--set path=value` options over an event, one after the other. A path has dots and places in lists, such as
 * `data.items.0.price`; a value is JSON, and otherwise text. Objects that are missing on the way are made.
 */
export function withSettings(given: GivenData, settings: readonly string[]): GivenData {
  const text = 'dataText' in given ? given.dataText : JSON.stringify(given.data);
  const set = settings.reduce<ExactJson>(
    (before, setting) => {
      const split = setting.indexOf('=');
      if (split < 1) throw usageError(`--set ${setting} has no path: write it as path=value, such as data.amount=1999.`);
      const [root, ...path] = setting.slice(0, split).split('.');
      if (root !== 'data' || path.length === 0 || path.includes(''))
        throw usageError(`--set ${setting} does not begin in the data: write it as data.FIELD=value, such as data.amount=1999.`);
      return withValue(before, path, valueOf(setting.slice(split + 1)), setting);
    },
    readExact(compactJson(text)),
  );
  return givenOf(writeExact(set));
}

function withValue(into: ExactJson | undefined, path: readonly string[], value: ExactJson, setting: string): ExactJson {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof into === 'string' && into !== 'null') throw usageError(`--set ${setting} leads through ${into}, which has no fields.`);
  if (typeof into === 'object' && into.kind === 'list') {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index > into.items.length)
      throw usageError(`--set ${setting} leads into a list of ${into.items.length}: ${key} is none of its places, which count from 0.`);
    return { kind: 'list', items: Object.assign([...into.items], { [index]: withValue(into.items[index], rest, value, setting) }) };
  }
  const entries = typeof into === 'object' ? into.entries : [];
  // Of a name that stands twice, the last counts.
  const at = entries.findLastIndex(([name]) => JSON.parse(name) === key);
  const entry: ExactEntry = [entries[at]?.[0] ?? JSON.stringify(key), withValue(entries[at]?.[1], rest, value, setting)];
  return { kind: 'object', entries: at === -1 ? [...entries, entry] : entries.with(at, entry) };
}

function valueOf(text: string): ExactJson {
  try {
    JSON.parse(text);
    return readExact(compactJson(text));
  } catch {
    return JSON.stringify(text);
  }
}
