import { isDeepStrictEqual } from 'node:util';
import type { ProjectChange } from '#shared/contract/project.ts';
import type { Fields } from './read-project.ts';
import { isSecret } from './secrets.ts';

/** A value that is another: as JSON text, cut where it is long; null where there is none. A secret is never shown. */
export type FieldChange = Readonly<ProjectChange['fields'][number]>;

/** At most this many values are told of one thing. */
const toldChanges = 50;
const shownCharacters = 200;

/** The fields that differ. */
export function changedKeys(before: Fields, after: Fields): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(own(before, key), own(after, key)),
  );
}

/** The values that differ, by their place. */
export function fieldChanges(before: Fields, after: Fields): readonly FieldChange[] {
  return [...changesAt(before, after, '')].slice(0, toldChanges);
}

function* changesAt(before: unknown, after: unknown, path: string): Generator<FieldChange, void, void> {
  if (isDeepStrictEqual(before, after)) return;
  if (isHolder(before) && isHolder(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of changedKeys(before, after)) yield* changesAt(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`);
    return;
  }
  yield { path, before: shown(before), after: shown(after) };
}

/** What an object has itself: `__proto__` is a name like any other. */
function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isHolder(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !isSecret(value);
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  if (isSecret(value)) return '(secret)';
  const text = JSON.stringify(value, (_key, each: unknown) => (isSecret(each) ? '(secret)' : each));
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
