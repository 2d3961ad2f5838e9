import { valueAt } from '#shared/schema-fields.ts';
import { partId } from './auth-part-id.ts';
import { isSameTarget } from './kept-reads.ts';
import { fieldOf, itemsOf } from './kinds/kind.ts';
import type { Fields, ReadEntry } from './read-project.ts';
import { entryReferences, isSecret, mapEntrySecrets, type Secret } from './secrets.ts';

/** A secret of the workspace that stays, since the reference in its place has no value. */
export interface KeptInPlace extends Pick<ReadEntry, 'kind' | 'name'> {
  readonly reference: string;
  /** Dotted, in the entry. */
  readonly path: string;
}

export interface UnsetOrder {
  /** The fields of the thing that an entry is of, with fingerprints in place of secrets; undefined for a new one. */
  readonly standing: (entry: ReadEntry) => Fields | undefined;
  /** References without a value. */
  readonly unset: ReadonlySet<string>;
  /** Whether a reference has the value that the workspace has in its place. */
  readonly isSame: (reference: string, standing: Secret) => boolean;
}

/**
 * Entries with the secrets that the workspace has in the places of references without a value: those that stay. A reference for which it has none
 * is left as it is.
 */
export function keepUnset(
  entries: readonly ReadEntry[],
  order: UnsetOrder,
): { readonly entries: readonly ReadEntry[]; readonly kept: readonly KeptInPlace[] } {
  if (order.unset.size === 0) return { entries, kept: [] };
  const kept: KeptInPlace[] = [];
  const after = entries.map((entry) => {
    const standing = entryReferences(entry).some(({ reference }) => order.unset.has(reference)) ? order.standing(entry) : undefined;
    if (standing === undefined) return entry;
    const find = createFinder(entry, standing, order);
    const fields = mapEntrySecrets(entry, (secret, path) => {
      const found = '$secret' in secret && order.unset.has(secret.$secret) ? find(path) : null;
      if (found === null || !('$secret' in secret)) return secret;
      kept.push({ kind: entry.kind, name: entry.name, reference: secret.$secret, path });
      return found.stays;
    });
    return { ...entry, fields };
  });
  return { entries: after, kept };
}

/** What stands for a secret that stays: its fingerprint, or nothing where it stays by being left out. */
interface Stay {
  readonly stays: Secret | undefined;
}

/** Finds what the workspace has in the place of an unset reference of an entry; null for nothing that could stay. */
function createFinder({ kind, fields }: ReadEntry, standing: Fields, order: UnsetOrder): (path: string) => Stay | null {
  return (path) => {
    const [list = '', index = '', ...rest] = path.split('.');
    const place: Place = { given: itemsOf(fields[list]), known: itemsOf(standing[list]), index: Number(index) };
    if (kind === 'auths') return stayOfPart(place, rest.join('.'), order);
    if (kind === 'relays') return stayOfTarget(place);
    if (kind === 'bins' && list === 'secrets') return stayOfBin(place, order);
    // The name of a header may have dots.
    if (list === 'secretHeaders') return stayOf(fieldOf(standing[list], path.slice(list.length + 1)));
    return stayOf(valueAt(standing, path.split('.')));
  };
}

/** A list of an entry beside that of the workspace, and which item of the former is meant. */
interface Place {
  readonly given: readonly Fields[];
  readonly known: readonly Fields[];
  readonly index: number;
}

function stayOf(value: unknown): Stay | null {
  return isSecret(value) ? { stays: value } : null;
}

function stayOfPart({ given, known, index }: Place, path: string, { unset }: UnsetOrder): Stay | null {
  const part = given[index] ?? {};
  const before = known.find((each) => partId(each) === partId(part));
  if (before === undefined) return null;
  if (part['kind'] !== 'mutual-tls') return stayOf(fieldOf(before, path));
  // A certificate stays with its key, and as it was opened.
  const isUnset = (value: unknown) => isSecret(value) && '$secret' in value && unset.has(value.$secret);
  const areAllUnset = Object.values(part).every((value) => !isSecret(value) || isUnset(value));
  return areAllUnset && Object.values(before).some(isSecret) ? { stays: undefined } : null;
}

function stayOfTarget({ given, known, index }: Place): Stay | null {
  const target = given[index] ?? {};
  const same = known.filter((each) => isSameTarget(each, target));
  const place = given.slice(0, index).filter((each) => each['url'] === target['url']).length;
  return stayOf(same[place]?.['secret']);
}

/** The list is given as a whole, so that one of it stays only where all of it does. */
function stayOfBin({ given, known, index }: Place, { unset, isSame }: UnsetOrder): Stay | null {
  const staysAt = (one: unknown, other: unknown) =>
    isSecret(one) && isSecret(other) && '$secret' in one && (unset.has(one.$secret) || isSame(one.$secret, other));
  return given.length === known.length && given.every((each, place) => staysAt(each, known[place])) ? stayOf(known[index]) : null;
}

/** That a secret stays, and why, in a sentence; `noun` is that of its kind. */
export function keptText({ kind, name, path, reference }: KeptInPlace, noun: string): string {
  const source = reference.startsWith('env:') ? reference.slice('env:'.length) : `the file ${reference.slice('file:'.length)}`;
  return `The ${fieldWords(kind, path)} of ${noun} ${name} is kept: ${source} has no value here.`;
}

function fieldWords(kind: ReadEntry['kind'], path: string): string {
  const [list = '', ...rest] = path.split('.');
  if (list === 'secretHeaders') return `secret header ${rest.join('.')}`;
  if (kind === 'environments') return `secret variable ${rest[0] ?? ''}`;
  if (kind === 'relays') return `secret of target ${Number(rest[0]) + 1}`;
  if (kind === 'auths') return `${rest[1] ?? 'secret'} of part ${Number(rest[0]) + 1}`;
  return path === 'answers.verifyToken' ? 'verify token' : 'secret';
}
