import { expect, test } from 'vitest';
import { oneAtATime } from '../../../src/renderer/base/one-at-a-time.ts';

/** Work whose rounds the test ends one by one. */
function createWork() {
  const begun: { readonly input: number; readonly end: () => void; readonly fail: () => void }[] = [];
  const work = (input: number) =>
    new Promise<void>((resolve, reject) => begun.push({ input, end: resolve, fail: () => reject(new Error('away')) }));
  return { begun, ask: oneAtATime(work) };
}

test('what is asked for meanwhile is done once more, for the newest input', async () => {
  const { begun, ask } = createWork();
  const asked = [ask(1), ask(2), ask(3)];
  expect(begun.map(({ input }) => input)).toEqual([1]);
  begun[0]?.end();
  await asked[0];
  await expect.poll(() => begun.map(({ input }) => input)).toEqual([1, 3]);
  begun[1]?.end();
  await Promise.all(asked);
  expect(begun).toHaveLength(2);
});

test('a call does not wait for those that come later', async () => {
  const { begun, ask } = createWork();
  const first = ask(1);
  const second = ask(2);
  begun[0]?.end();
  await first;
  await expect.poll(() => begun.length).toBe(2);
  const third = ask(3);
  begun[1]?.end();
  await second;
  await expect.poll(() => begun.length).toBe(3);
  begun[2]?.end();
  await third;
});

test('a failure is that of its own calls, and the next are done', async () => {
  const { begun, ask } = createWork();
  const first = ask(1);
  const second = ask(2);
  begun[0]?.fail();
  await expect(first).rejects.toThrow('away');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end();
  await second;
});
