import type { ProjectKind } from '#shared/contract/project-file.ts';
import { fingerprintOf } from '../signing/secret.ts';

/** A secret in an entry: where it is, or what is known of the one that the workspace has. */
export type Secret = { readonly $secret: string } | { readonly $fingerprint: string };

/** A secret of the workspace as entries have it. */
export function kept(secret: string): Secret {
  return { $fingerprint: fingerprintOf(secret) };
}

/** A secret of the workspace, of which only the fingerprint is at hand; undefined for none. */
export function keptBy(fingerprint: string | undefined): Secret | undefined {
  return fingerprint === undefined ? undefined : { $fingerprint: fingerprint };
}

/** Whether a value of an entry is a secret. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && ('$secret' in value || '$fingerprint' in value);
}

/** An entry, as far as its secrets go. */
interface Entry {
  readonly kind: ProjectKind;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Kinds whose entries have no secrets: what looks like one there is content, such as a sample. */
const withoutSecrets: ReadonlySet<ProjectKind> = new Set(['profiles', 'eventTypes']);

/** The references of an entry with their dotted paths. */
export function entryReferences({ kind, fields }: Entry): readonly Reference[] {
  return withoutSecrets.has(kind) ? [] : referencesIn(fields);
}

/** The fields of an entry with each of its secrets replaced, as `mapSecrets` does. */
export function mapEntrySecrets({ kind, fields }: Entry, replace: (secret: Secret, path: string) => unknown): Entry['fields'] {
  return withoutSecrets.has(kind) ? fields : (mapSecrets(fields, replace) as Entry['fields']);
}

interface Reference {
  readonly reference: string;
  readonly path: string;
}

/** The references in a value with their dotted paths. */
export function referencesIn(value: unknown, path = ''): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$secret' in value) return [{ reference: String(value.$secret), path }];
  return Object.entries(value).flatMap(([key, each]) => referencesIn(each, path === '' ? key : `${path}.${key}`));
}

/** A value with each of its secrets replaced; a secret that becomes undefined is left out. */
export function mapSecrets(value: unknown, replace: (secret: Secret, path: string) => unknown, path = ''): unknown {
  if (isSecret(value)) return replace(value, path);
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((each, index) => mapSecrets(each, replace, at(String(index))));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const mapped = mapSecrets(each, replace, at(key));
      return mapped === undefined ? [] : [[key, mapped]];
    }),
  );
}
