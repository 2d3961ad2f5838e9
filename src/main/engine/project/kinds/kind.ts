import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import type { ProjectKind } from '#shared/contract/project-file.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Fields } from '../read-project.ts';
import { isSecret, mapSecrets, type Secret } from '../secrets.ts';

/** The procedures of the contract, called as a door calls them. */
export type Calls = Omit<ContractRouterClient<Contract>, 'project'>;

/** A thing of the workspace in the form of an entry, with every field; secrets are fingerprints. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly fields: Fields;
}

/** Names of things by their ids, and the reverse. */
export interface Names {
  /** The id of a name; throws a Refusal where there is none. */
  readonly idOf: (kind: ProjectKind, name: string) => string;
  /** The name of an id. */
  readonly nameOf: (kind: ProjectKind, id: string) => string;
}

/** What the defaults of an entry depend on: the workspace, as the project is going to make it. */
export interface World {
  /** A profile by its id or name. */
  readonly profile: (name: string) => Profile | undefined;
  /** Whether an endpoint has an authentication. */
  readonly hasAuth: (endpoint: string) => boolean;
  /** Whether an authentication signs. */
  readonly signs: (auth: string) => boolean;
  /** How a bin verifies. */
  readonly bin: (slug: string) => { readonly signing: Signing | null; readonly secret: Secret | undefined } | undefined;
}

/** What a change of a thing depends on besides its fields. */
export interface UpdateOrder {
  readonly names: Names;
  /** The dotted paths of secrets that stay as the workspace has them although the entry has a reference there. */
  readonly kept: ReadonlySet<string>;
}

/** What a kind of thing needs to be kept as text. Fields have the form of entries: names in place of ids. */
export interface Kind {
  readonly kind: ProjectKind;
  /** In the singular, such as `retry policy`. */
  readonly noun: string;
  /** Fields that an entry always has, which are written first. */
  readonly required: readonly string[];
  /** Others that decide what the defaults are. */
  readonly deciding: readonly string[];
  /** Fields whose parts all stay when an entry is written, since they are not settings but content. */
  readonly content: readonly string[];
  /** All things of the workspace. */
  readonly list: (calls: Calls, names: Names) => Promise<readonly Thing[]>;
  /** An entry with all of its fields; secrets that it leaves out are those of `current`. Throws a ZodError or a Refusal. */
  readonly complete: (name: string, fields: Fields, world: World, current: Fields | null) => Fields;
  /** Creates a thing of a complete entry, secrets in clear. Returns its id. */
  readonly create: (calls: Calls, name: string, fields: Fields, names: Names) => Promise<string>;
  /** Changes the fields of a thing that are in `changed`; `fields` has all of them. A secret that is left out stays. */
  readonly update: (calls: Calls, thing: Thing, changed: Fields, fields: Fields, whole: UpdateOrder) => Promise<void>;
  readonly remove: (calls: Calls, id: string) => Promise<void>;
}

/** Calls `parse` on fields without their secrets, and puts those back in their places. */
export function withSecretsAside(fields: Fields, parse: (plain: Fields) => Fields): Fields {
  const aside: { readonly path: string; readonly secret: Secret }[] = [];
  const plain = mapSecrets(fields, (secret, path) => void aside.push({ path, secret })) as Fields;
  return aside.reduce((whole, { path, secret }) => putAt(whole, path.split('.'), secret) as Fields, parse(plain));
}

function putAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) {
    const list = [...(value as readonly unknown[])];
    list[Number(key)] = putAt(list[Number(key)], rest, put);
    return list;
  }
  const holder = (typeof value === 'object' && value !== null ? value : {}) as Fields;
  return { ...holder, [key]: putAt(holder[key], rest, put) };
}

/** A field of an object in an entry. */
export function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !isSecret(value) && Object.hasOwn(value, key) ? (value as Fields)[key] : undefined;
}

/** The objects of a list in an entry. */
export function itemsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly Fields[]) : [];
}

/** Of an object the fields of these names, in their order. */
export function pick(value: object, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(value, key) ? [[key, (value as Fields)[key]]] : [])));
}

/** An object without these fields. */
export function omit(value: object, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** A retry policy as an entry has it: a named one by its name. */
export function policyByName(choice: unknown, nameOf: (id: string) => string): unknown {
  const id = fieldOf(choice, 'policyId');
  return typeof id === 'string' ? { kind: 'named', policy: nameOf(id) } : choice;
}

/** A retry policy as the contract has it: a named one by its id. */
export function policyById(choice: unknown, idOf: (name: string) => string): unknown {
  const name = fieldOf(choice, 'policy');
  return fieldOf(choice, 'kind') === 'named' && typeof name === 'string' ? { kind: 'named', policyId: idOf(name) } : choice;
}
