import type { ProjectKind } from '#shared/contract/project-file.ts';
import { profileInput, type Profile } from '#shared/contract/profiles.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { invalid } from '../base/refusal.ts';
import type { Calls, Kind, Names, Thing, World } from './kinds/kind.ts';
import { itemsOf } from './kinds/kind.ts';
import type { Fields } from './read-project.ts';
import { isSecret } from './secrets.ts';
import { thingKey } from './thing-key.ts';

/** Things by kind, as the workspace has them. */
export type Things = ReadonlyMap<ProjectKind, readonly Thing[]>;

/** Reads all things of a workspace that a project can have. */
export async function readThings(kinds: readonly Kind[], calls: Calls): Promise<Things> {
  const things = new Map<ProjectKind, readonly Thing[]>();
  // One after the other: each names things of those before it.
  for (const kind of kinds) things.set(kind.kind, await kind.list(calls, namesOf(things)));
  return things;
}

/** Finds names of ids, and ids of names among these things and those that are `made` meanwhile, which are ids by {@link thingKey}. */
export function namesOf(things: Things, made: ReadonlyMap<string, string> = new Map()): Names {
  const names = new Map<ProjectKind, ReadonlyMap<string, string>>();
  const ids = new Map<string, string>();
  for (const [kind, known] of things) {
    names.set(kind, new Map(known.map(({ id, name }) => [id, name])));
    for (const { id, name } of known) ids.set(thingKey(kind, name), id);
  }
  return {
    idOf: (kind, name) => {
      if (kind === 'profiles' && builtInProfile(name) !== undefined) return name;
      const id = made.get(thingKey(kind, name)) ?? ids.get(thingKey(kind, name));
      if (id === undefined) throw invalid('', `There is no ${name} among the ${kind}.`);
      return id;
    },
    nameOf: (kind, id) => names.get(kind)?.get(id) ?? id,
  };
}

/** The workspace as a project is going to make it: what entries depend on, theirs before those of the workspace. */
export function worldOf(
  things: Things,
  entries: readonly { readonly kind: ProjectKind; readonly name: string; readonly fields: Fields }[],
): World {
  const all = new Map<string, Fields>();
  for (const [kind, known] of things) for (const { name, fields } of known) all.set(thingKey(kind, name), fields);
  for (const { kind, name, fields } of entries) all.set(thingKey(kind, name), fields);
  const found = (kind: ProjectKind, name: string) => all.get(thingKey(kind, name));
  const profiles = new Map<string, Profile | undefined>();
  const readProfile = (name: string): Profile | undefined => {
    const fields = found('profiles', name);
    return fields === undefined
      ? undefined
      : { id: name, isBuiltIn: false, ...profileInput.parse({ name, ...fields }), createdAtMs: null, updatedAtMs: null };
  };
  return {
    profile: (name) => {
      if (!profiles.has(name)) profiles.set(name, builtInProfile(name) ?? readProfile(name));
      return profiles.get(name);
    },
    hasAuth: (endpoint) => typeof found('endpoints', endpoint)?.['auth'] === 'string',
    signs: (auth) => itemsOf(found('auths', auth)?.['parts']).some(({ kind }) => kind === 'signature'),
    bin: (slug) => {
      const fields = found('bins', slug);
      if (fields === undefined) return undefined;
      const [secret] = itemsOf(fields['secrets']);
      return { signing: (fields['signing'] ?? null) as Signing | null, secret: isSecret(secret) ? secret : undefined };
    },
  };
}
