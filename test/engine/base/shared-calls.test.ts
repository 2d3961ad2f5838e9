import { expect, it } from 'vitest';
import { createSharedCalls } from '#engine/base/shared-calls.ts';

function work() {
  const starts: { readonly signal: AbortSignal; readonly end: (value: string) => void }[] = [];
  const start = (signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    starts.push({ signal, end: resolve });
    return promise;
  };
  return { starts, start };
}

it('makes the same once for all who ask while it is under way, and again afterwards', async () => {
  const shared = createSharedCalls<string>();
  const { starts, start } = work();
  const [one, other] = [shared.run('a', undefined, start), shared.run('a', undefined, start)];
  const another = shared.run('b', undefined, start);
  expect(starts).toHaveLength(2);
  starts[0]?.end('first');
  starts[1]?.end('second');
  expect(await Promise.all([one, other, another])).toEqual([
    { value: 'first', isJoined: false },
    { value: 'first', isJoined: true },
    { value: 'second', isJoined: false },
  ]);
  void shared.run('a', undefined, start);
  expect(starts).toHaveLength(3);
});

it('gives the work up once nobody waits for it any more, and not before', async () => {
  const shared = createSharedCalls<string>();
  const { starts, start } = work();
  const [one, other] = [new AbortController(), new AbortController()];
  const both = [shared.run('a', one.signal, start), shared.run('a', other.signal, start)];
  one.abort(new Error('left'));
  await expect(both[0]).rejects.toThrow('left');
  expect(starts[0]?.signal.aborted).toBe(false);
  other.abort(new Error('gone'));
  await expect(both[1]).rejects.toThrow('gone');
  expect(starts[0]?.signal.aborted).toBe(true);
  void shared.run('a', undefined, start);
  expect(starts).toHaveLength(2);
});

it('forgets work that failed', async () => {
  const shared = createSharedCalls<string>();
  await expect(shared.run('a', undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await shared.run('a', undefined, () => Promise.resolve('yes'))).toEqual({ value: 'yes', isJoined: false });
});
