/** One page of a listing. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Every item of a listing; `fetchPage` gets the cursor of each page, which is undefined for the first. */
export async function allPages<Item>(fetchPage: (from: { readonly cursor?: string }) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await fetchPage(cursor === null ? {} : { cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}
