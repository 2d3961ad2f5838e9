import { authPartId, type AuthPartInput } from '#shared/contract/auths.ts';
import { valueAt } from '#shared/schema-fields.ts';
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
function createFinder(entry: ReadEntry, standing: Fields, { unset, isSame }: UnsetOrder): (path: string) => Stay | null {
  const at = (value: unknown): Stay | null => (isSecret(value) ? { stays: value } : null);
  const isUnset = (value: unknown) => isSecret(value) && '$secret' in value && unset.has(value.$secret);
  return (path) => {
    const [list = '', index = '', ...rest] = path.split('.');
    if (entry.kind === 'auths') {
      const part = itemsOf(entry.fields[list])[Number(index)] ?? {};
      const before = itemsOf(standing[list]).find((each) => partId(each) === partId(part));
      if (before === undefined) return null;
      if (part['kind'] !== 'mutual-tls') return at(fieldOf(before, rest.join('.')));
      // A certificate stays with its key, and as it was opened.
      return Object.values(part).every((value) => !isSecret(value) || isUnset(value)) && Object.values(before).some(isSecret)
        ? { stays: undefined }
        : null;
    }
    if (entry.kind === 'relays') {
      const targets = itemsOf(entry.fields[list]);
      const target = targets[Number(index)] ?? {};
      const same = itemsOf(standing[list]).filter((each) => isSameTarget(each, target));
      const place = targets.slice(0, Number(index)).filter((each) => each['url'] === target['url']).length;
      return at(same[place]?.['secret']);
    }
    if (entry.kind === 'bins' && list === 'secrets') {
      // The list is given as a whole, so that one of it stays only where all of it does.
      const [given, known] = [itemsOf(entry.fields[list]), itemsOf(standing[list])];
      const staysAt = (place: number) => {
        const [one, other] = [given[place], known[place]];
        return isSecret(one) && isSecret(other) && '$secret' in one && (unset.has(one.$secret) || isSame(one.$secret, other));
      };
      return given.length === known.length && given.every((_each, place) => staysAt(place)) ? at(known[Number(index)]) : null;
    }
    // The name of a header may have dots.
    if (list === 'secretHeaders') return at(fieldOf(standing[list], path.slice(list.length + 1)));
    return at(valueAt(standing, path.split('.')));
  };
}

function partId(part: Fields): string {
  return authPartId(part as unknown as AuthPartInput);
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
