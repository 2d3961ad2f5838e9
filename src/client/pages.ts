import type { Connection } from './connection.ts';

/** Everything that a listing has, page after page. */
export async function allItems<T>(call: Connection['call'], path: string): Promise<readonly T[]> {
  const items: T[] = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: { readonly items: readonly T[]; readonly next: string | null } = await call('GET', `${path}?limit=200${cursor}`);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}
