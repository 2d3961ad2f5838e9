import type { ProjectKind } from '#shared/contract/project-file.ts';

/** The name of a thing as its kind compares it: regardless of letter case where the workspace does so. */
export function sameName(kind: ProjectKind, name: string): string {
  return kind === 'eventTypes' ? name : name.toLowerCase();
}

/** What a thing is found by among those of all kinds. */
export function thingKey(kind: ProjectKind, name: string): string {
  return `${kind} ${sameName(kind, name)}`;
}

/** Finds the fields of the thing that an entry is of; undefined where there is none. */
export function findFields<Fields>(
  things: Iterable<readonly [ProjectKind, { readonly name: string; readonly fields: Fields }]>,
): (entry: { readonly kind: ProjectKind; readonly name: string }) => Fields | undefined {
  const known = new Map([...things].map(([kind, { name, fields }]) => [thingKey(kind, name), fields]));
  return ({ kind, name }) => known.get(thingKey(kind, name));
}
