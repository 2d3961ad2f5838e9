import { secretPartFields, type ProjectKind } from '#shared/contract/project-file.ts';
import { secretReferenceForm } from '#shared/contract/secret-reference.ts';
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

/**
 * Whether a value of an entry is a secret. A record with names of somebody's own, such as that of headers, may have a name `$secret` too: what it has there is
 * no reference, and where it stands no secret does, which {@link mapSecrets} and {@link referencesIn} look at.
 */
export function isSecret(value: unknown): value is Secret {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [[name, text] = [], ...others] = Object.entries(value);
  if (typeof text !== 'string' || others.length > 0) return false;
  return name === '$secret' ? secretReferenceForm.test(text) : name === '$fingerprint' && /^[0-9a-f]{8}$/.test(text);
}

/** Fields of entries that are secrets, and those that hold several. */
const secretFields: ReadonlySet<string> = new Set(['secret', 'verifyToken', ...secretPartFields]);
const secretHolders: ReadonlySet<string> = new Set(['secrets', 'secretHeaders']);

/** Whether secrets stand at a place, by the last names of its path. */
function isForSecret(holder: string, name: string): boolean {
  return secretFields.has(name) || secretHolders.has(holder);
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
export function referencesIn(value: unknown): readonly Reference[] {
  const found: Reference[] = [];
  mapSecrets(value, (secret, path) => {
    if ('$secret' in secret) found.push({ reference: secret.$secret, path });
  });
  return found;
}

/** A value with each of its secrets replaced; a secret that becomes undefined is left out. */
export function mapSecrets(value: unknown, replace: (secret: Secret, path: string) => unknown): unknown {
  const mapAt = (each: unknown, path: string, holder: string, name: string): unknown => {
    if (isForSecret(holder, name) && isSecret(each)) return replace(each, path);
    const at = (key: string) => (path === '' ? key : `${path}.${key}`);
    if (Array.isArray(each)) return each.map((item, index) => mapAt(item, at(String(index)), name, String(index)));
    if (typeof each !== 'object' || each === null || Object.getPrototypeOf(each) !== Object.prototype) return each;
    return Object.fromEntries(
      Object.entries(each).flatMap(([key, item]) => {
        const mapped = mapAt(item, at(key), name, key);
        return mapped === undefined ? [] : [[key, mapped]];
      }),
    );
  };
  return mapAt(value, '', '', '');
}
