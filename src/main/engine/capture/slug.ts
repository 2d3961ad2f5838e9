/** Longest slug the contract allows. */
const slugLength = 63;
const suffixLength = 6;

/** A slug from a bin's name: plain letters, digits and single hyphens; `bin` when nothing is left of it. */
export function slugFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugLength)
    .replace(/^-+|-+$/g, '');
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
