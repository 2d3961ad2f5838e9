import { describe, expect, it } from 'vitest';
import { createChanges } from '#engine/base/changes.ts';

describe('the change stream', () => {
  it('tells first where the count stands, then every change, without a gap', async () => {
    const changes = createChanges();
    changes.publish('endpoints', ['before']);
    const stream = changes.follow(undefined);
    expect((await stream.next()).value).toEqual({ seq: 1, topic: 'health', ids: [] });
    for (let count = 0; count < 500; count += 1) changes.publish('deliveries', [`d${count}`]);
    for (let count = 0; count < 500; count += 1)
      expect((await stream.next()).value).toEqual({ seq: count + 2, topic: 'deliveries', ids: [`d${count}`] });
    await stream.return();
  });

  it('wakes a follower that waits', async () => {
    const changes = createChanges();
    const stream = changes.follow(undefined);
    await stream.next();
    const next = stream.next();
    changes.publish('settings', []);
    expect((await next).value).toEqual({ seq: 1, topic: 'settings', ids: [] });
  });

  it('shows a slow follower a gap instead of keeping everything for it, and another one all of it', async () => {
    const changes = createChanges();
    const slow = changes.follow(undefined);
    const fast = changes.follow(undefined);
    await slow.next();
    await fast.next();
    const seenFast: number[] = [];
    for (let count = 0; count < 2500; count += 1) {
      changes.publish('deliveries', []);
      const { value } = await fast.next();
      if (value !== undefined) seenFast.push(value.seq);
    }
    expect(seenFast).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
    const first = await slow.next();
    expect(first.value?.seq).toBeGreaterThan(2);
    let last = first.value?.seq ?? 0;
    for (let read = 1; last < 2500; read += 1) {
      expect(read).toBeLessThanOrEqual(1000);
      const { value } = await slow.next();
      expect(value?.seq).toBe(last + 1);
      last = value?.seq ?? 0;
    }
  });

  it('ends when its signal aborts, also while it waits', async () => {
    const changes = createChanges();
    const stop = new AbortController();
    const stream = changes.follow(stop.signal);
    await stream.next();
    const next = stream.next();
    stop.abort();
    expect(await next).toEqual({ value: undefined, done: true });
  });

  it('tells many followers what came in a while at once, without a gap', async () => {
    const changes = createChanges();
    const streams = Array.from({ length: 20 }, () => changes.follow(undefined));
    for (const stream of streams) await stream.next();
    for (let count = 0; count < 500; count += 1) changes.publish('deliveries', [`d${count % 50}`]);
    changes.publish('settings', []);
    for (const stream of streams) {
      expect((await stream.next()).value).toEqual({
        seq: 1,
        topic: 'deliveries',
        ids: Array.from({ length: 50 }, (_, index) => `d${index}`),
      });
      expect((await stream.next()).value).toEqual({ seq: 2, topic: 'settings', ids: [] });
    }
  });
});
