import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ProjectKind } from '#shared/contract/project-file.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { fieldIssues } from '#shared/issue-text.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { valueAt } from '#shared/schema-fields.ts';
import { createPause } from '../base/pause.ts';
import { Refusal } from '../base/refusal.ts';
import { changedKeys, fieldChanges, type FieldChange } from './field-changes.ts';
import type { Kind, Thing } from './kinds/kind.ts';
import { pick } from './kinds/kind.ts';
import type { Problem } from './places.ts';
import { placeIn, type Fields, type ReadEntry } from './read-project.ts';
import { kept, mapEntrySecrets } from './secrets.ts';
import type { SecretValues } from './resolve-secrets.ts';
import { sameName } from './thing-key.ts';
import { worldOf, type Things } from './workspace-state.ts';

/** One thing that is going to be created, changed or removed. */
export interface PlannedChange {
  readonly kind: Kind;
  readonly name: string;
  readonly action: 'create' | 'change' | 'remove';
  /** The thing as it is; null for a new one. */
  readonly thing: Thing | null;
  /** All fields as they are to be, secrets in clear and only where they were given. */
  readonly fields: Fields;
  /** Those that differ. */
  readonly changed: Fields;
  readonly told: readonly FieldChange[];
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
  /** Things of the workspace that the project does not have, by kind. */
  readonly others: readonly { readonly kind: Kind; readonly thing: Thing }[];
  readonly problems: readonly Problem[];
}

/** Compares a project with the workspace. Nothing is changed. */
export async function planProject(
  kinds: readonly Kind[],
  entries: readonly ReadEntry[],
  things: Things,
  values: SecretValues,
): Promise<Plan> {
  const pause = createPause();
  const world = worldOf(things, entries);
  const changes: PlannedChange[] = [];
  const problems: Problem[] = [...(await unknownNames(kinds, entries, things, pause))];
  const others: { readonly kind: Kind; readonly thing: Thing }[] = [];
  let unchanged = 0;
  for (const kind of kinds) {
    const left = new Map<string, readonly Thing[]>();
    for (const thing of things.get(kind.kind) ?? []) {
      const same = sameName(kind.kind, thing.name);
      left.set(same, [...(left.get(same) ?? []), thing]);
    }
    for (const entry of entries) {
      if (entry.kind !== kind.kind) continue;
      await pause();
      const found = left.get(sameName(kind.kind, entry.name)) ?? [];
      const [thing = null] = found;
      left.delete(sameName(kind.kind, entry.name));
      if (found.length > 1) {
        const message = `The workspace has ${found.length} of this name: rename the others, so that it is clear which is meant.`;
        problems.push({ place: entry.place, path: pathOf(entry), message });
        continue;
      }
      const clear = (fields: Fields) =>
        mapEntrySecrets({ kind: kind.kind, fields }, (secret) => ('$secret' in secret ? values.get(secret.$secret) : undefined));
      const compared = mapEntrySecrets(entry, (secret) => ('$secret' in secret ? kept(values.get(secret.$secret) ?? '') : secret));
      const completed = tried(entry, problems, () => kind.complete(entry.name, compared, world, thing?.fields ?? null));
      const whole = tried(entry, problems, () => clear(kind.complete(entry.name, entry.fields, world, null)));
      if (completed === undefined || whole === undefined) continue;
      const keys = thing === null ? Object.keys(completed) : changedKeys(thing.fields, completed);
      if (thing !== null && keys.length === 0) unchanged += 1;
      else
        changes.push({
          kind,
          name: thing?.name ?? entry.name,
          action: thing === null ? 'create' : 'change',
          thing,
          fields: whole,
          changed: pick(whole, keys),
          told: thing === null ? [] : fieldChanges(thing.fields, completed),
        });
    }
    for (const thing of [...left.values()].flat()) others.push({ kind, thing });
  }
  return { changes, unchanged, others, problems };
}

/** Identifies what a plan does. */
export function planIdOf(
  changes: readonly { readonly kind: string; readonly name: string; readonly action: string; readonly fields: readonly FieldChange[] }[],
): string {
  const text = JSON.stringify(changes.map(({ kind, name, action, fields }) => [kind, name, action, fields]));
  return `plan_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function tried<T>(entry: ReadEntry, problems: Problem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const issues = issuesOf(error);
    for (const { path, message } of issues) {
      const place = placeIn(entry, path);
      const problem = { place, path: [pathOf(entry), path].filter((part) => part !== '').join('.'), message };
      if (!problems.some((each) => each.path === problem.path && each.message === message)) problems.push(problem);
    }
    return undefined;
  }
}

function issuesOf(error: unknown): readonly { readonly path: string; readonly message: string }[] {
  if (error instanceof z.ZodError) return fieldIssues(error.issues);
  if (error instanceof Refusal && 'issues' in error.data) return error.data.issues;
  if (error instanceof Refusal) return [{ path: '', message: error.message }];
  throw error;
}

/** At most this many names are compared, since each takes time. */
const namesCompared = 500;

/** Fields of entries that name other things, by their path. */
const namingPaths: readonly (readonly [path: RegExp, kind: ProjectKind])[] = [
  [/^auth$/, 'auths'],
  [/^profile$/, 'profiles'],
  [/^bin$/, 'bins'],
  [/^(?:targets\.\d+\.)?retryPolicy\.policy$/, 'policies'],
  [/^targets\.\d+\.endpoint$/, 'endpoints'],
];

async function unknownNames(
  kinds: readonly Kind[],
  entries: readonly ReadEntry[],
  things: Things,
  pause: () => Promise<void>,
): Promise<readonly Problem[]> {
  const nouns = new Map(kinds.map(({ kind, noun }) => [kind, noun]));
  const known = new Map<ProjectKind, Map<string, string>>();
  const know = (kind: ProjectKind, name: string) =>
    void known.set(kind, (known.get(kind) ?? new Map<string, string>()).set(sameName(kind, name), name));
  for (const [kind, all] of things) for (const { name } of all) know(kind, name);
  for (const { kind, name } of entries) know(kind, name);
  const problems: Problem[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'endpoints' && entry.kind !== 'relays') continue;
    await pause();
    for (const [path, place] of Object.entries(entry.places)) {
      const kind = namingPaths.find(([form]) => form.test(path))?.[1];
      const wanted = kind === undefined ? undefined : valueAt(entry.fields, path.split('.'));
      if (kind === undefined || typeof wanted !== 'string') continue;
      if (kind === 'profiles' && builtInProfile(wanted) !== undefined) continue;
      if (known.get(kind)?.has(sameName(kind, wanted)) === true) continue;
      const nearest = nearestName(wanted, [...(known.get(kind)?.values() ?? [])].slice(0, namesCompared));
      const hint = nearest === null ? 'add it to the project' : `did you mean ${nearest}?`;
      const message = `Neither the project nor the workspace has the ${nouns.get(kind) ?? kind} ${wanted}; ${hint}`;
      problems.push({ place, path: `${pathOf(entry)}.${path}`, message });
    }
  }
  return problems;
}

function pathOf({ kind, name }: Pick<ReadEntry, 'kind' | 'name'>): string {
  return `${kind}.${name}`;
}
