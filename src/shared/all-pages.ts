/** One page of a listing. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * Every item of a listing, or the pages up to the one with which there are `enough`; `fetchPage` gets the cursor of each page, which is
 * undefined for the first.
 */
export async function allPages<Item>(
  fetchPage: (from: { readonly cursor?: string }) => Promise<Page<Item>>,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await fetchPage(cursor === null ? {} : { cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < enough);
  return items;
}
