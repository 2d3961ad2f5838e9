import { slugLength, slugOfName } from '#shared/names/slug.ts';

const suffixLength = 6;

/** The slug of a bin from its name; `bin` when nothing of the name can be used. */
export function slugFrom(name: string): string {
  const plain = slugOfName(name);
  return plain === '' ? 'bin' : plain;
}

/** The same slug with the end of a fresh id behind it, for a name that another bin has taken. */
export function withSuffix(slug: string, freshId: string): string {
  const suffix = freshId
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(-suffixLength);
  return `${slug.slice(0, slugLength - suffixLength - 1).replace(/-+$/, '')}-${suffix}`;
}
