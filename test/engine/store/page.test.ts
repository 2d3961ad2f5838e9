import { expect, it } from 'vitest';
import { seqPages } from '#engine/store/page.ts';

const { pageInTurns } = seqPages('things');
const rows = [5, 4, 3, 2, 1].map((seq) => ({ seq }));

it('makes a page with other work between its items, and leaves out what has gone meanwhile', async () => {
  const seen: string[] = [];
  setImmediate(() => seen.push('other work'));
  const page = await pageInTurns(
    rows,
    4,
    ({ seq }) => {
      seen.push(`item ${seq}`);
      return seq === 4 ? undefined : seq * 10;
    },
    0,
  );
  expect(page).toEqual({ items: [50, 30, 20], next: 'things.2' });
  expect(seen).toEqual(['item 5', 'other work', 'item 4', 'item 3', 'item 2']);
});

it('makes a page at once where the items take no time', async () => {
  let others = 0;
  setImmediate(() => (others += 1));
  expect(await pageInTurns(rows, 5, ({ seq }) => seq, Number.POSITIVE_INFINITY)).toEqual({ items: [5, 4, 3, 2, 1], next: null });
  expect(others).toBe(0);
});
