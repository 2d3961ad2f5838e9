import { expect, it } from 'vitest';
import { oneAtATime } from '../../../src/renderer/base/one-at-a-time.ts';

it('does once more what is asked for meanwhile, for the newest input, and never two at once', async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = oneAtATime((input: string) => {
    begun.push(input);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const all = ask('first');
  for (const input of ['second', 'third']) expect(ask(input)).toBe(all);
  expect(begun).toEqual(['first']);
  ends[0]?.();
  await expect.poll(() => begun).toEqual(['first', 'third']);
  ends[1]?.();
  await all;
  void ask('fourth');
  expect(begun).toEqual(['first', 'third', 'fourth']);
});
