/** Longest slug the contract allows. */
export const slugLength = 63;

/** The slug that a name gives: plain letters, digits and single hyphens, such as `my-bin` of `My bin!`. Empty when nothing of the name can be used. */
export function slugOfName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugLength)
    .replace(/^-+|-+$/g, '');
}
