import type { ProjectKind } from '#shared/contract/project-file.ts';

/** The name of a thing as its kind compares it: regardless of letter case where the workspace does so. */
export function sameName(kind: ProjectKind, name: string): string {
  return kind === 'eventTypes' ? name : name.toLowerCase();
}

/** What a thing is found by among those of all kinds. */
export function thingKey(kind: ProjectKind, name: string): string {
  return `${kind} ${sameName(kind, name)}`;
}
