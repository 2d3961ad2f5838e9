/** What is done with files that were dropped or chosen at once. */
export type FilesGiven<F> =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly file: F }
  | { readonly kind: 'two'; readonly first: F; readonly second: F }
  | { readonly kind: 'too many'; readonly sentence: string };

/** One file is one side, two are both; of more nobody knows which are meant. */
export function filesGiven<F>(files: readonly F[]): FilesGiven<F> {
  const [first, second] = files;
  if (first === undefined) return { kind: 'none' };
  if (second === undefined) return { kind: 'one', file: first };
  if (files.length === 2) return { kind: 'two', first, second };
  return { kind: 'too many', sentence: `These are ${files.length} files, and two are compared: give two, or one for each side.` };
}
