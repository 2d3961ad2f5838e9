import type { EntryLikeness } from '#shared/contract/comparisons.ts';

/** What is known of a request by which another one may be found to be like it. */
export interface Marks {
  /** Names and values of its signatures. */
  readonly signatures: ReadonlySet<string>;
  /** Its event: null, or an empty type, for what it does not say. Asked for only where the signature does not decide, since its body may have to be read. */
  readonly event: () => { readonly id: string | null; readonly type: string };
  readonly method: string | null;
  /** Without the query; null where it is not known. */
  readonly path: string | null;
  readonly atMs: number | null;
}

/** The likeliest to be meant first. */
const likenesses: readonly (EntryLikeness | null)[] = ['signature', 'event id', 'event type', 'target', null];

/** What two requests have in common that says most; null for nothing. */
export function likenessOf(own: Marks, other: Marks): EntryLikeness | null {
  if ([...own.signatures].some((signature) => other.signatures.has(signature))) return 'signature';
  const [event, otherEvent] = [own.event(), other.event()];
  if (event.id !== null && event.id === otherEvent.id) return 'event id';
  if (event.type !== '' && event.type === otherEvent.type && signedBy(own) === signedBy(other)) return 'event type';
  return own.path !== null && own.path === other.path && own.method === other.method ? 'target' : null;
}

/** Something with what it has in common with another request. */
interface Likened {
  readonly likeness: EntryLikeness | null;
  readonly atMs: number | null;
}

/** The likeliest first, of those that are equally like the nearest in time; others stay in their order. */
export function likeliestFirst<T extends Likened>(items: readonly T[], atMs: number | null): readonly T[] {
  const apart = (item: T) => (atMs === null || item.atMs === null ? Number.POSITIVE_INFINITY : Math.abs(item.atMs - atMs));
  // Those that have nothing in common are found by their place in the text.
  const byTime = (one: T, other: T) => (one.likeness === null || apart(one) === apart(other) ? 0 : apart(one) - apart(other));
  return likenesses.flatMap((likeness) => items.filter((item) => item.likeness === likeness).toSorted(byTime));
}

/** The headers that a request is signed in, which tell its scheme. */
function signedBy({ signatures }: Marks): string {
  return [...signatures]
    .map((signature) => signature.slice(0, signature.indexOf(':')))
    .toSorted()
    .join();
}
