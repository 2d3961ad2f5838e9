import { describe, expect, it } from 'vitest';
import { createLargeBodies } from '#engine/streams/large-bodies.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const bytesOf = (size: number) => () => new Uint8Array(size);

describe('the room of large bodies on their way to followers', () => {
  it('holds one body once for all who take it, and others up to its limit', async () => {
    const bodies = createLargeBodies(createFakeClock(), 100);
    let reads = 0;
    const read = () => {
      reads += 1;
      return new Uint8Array(60);
    };
    const [one, two] = await Promise.all([bodies.hold('a', 60, read, expect.unreachable), bodies.hold('a', 60, read, expect.unreachable)]);
    expect([reads, one.bytes === two.bytes]).toEqual([1, true]);
    const order: string[] = [];
    const waiting = bodies.hold('b', 60, bytesOf(60), expect.unreachable).then(() => order.push('b'));
    await bodies.hold('c', 40, bytesOf(40), expect.unreachable);
    order.push('c');
    one.release();
    one.release();
    order.push('one released');
    two.release();
    await waiting;
    expect(order).toEqual(['c', 'one released', 'b']);
  });

  it('takes a body of any size when it is alone', async () => {
    const bodies = createLargeBodies(createFakeClock(), 100);
    expect((await bodies.hold('a', 1000, bytesOf(1000), expect.unreachable)).bytes).toHaveLength(1000);
  });

  it('makes a holder that takes nothing give way to one that waits, and no other', async () => {
    const clock = createFakeClock();
    const bodies = createLargeBodies(clock, 100);
    const stuck = await bodies.hold('stuck', 60, bytesOf(60), () => stuck.release());
    const quick = await bodies.hold('quick', 40, bytesOf(40), expect.unreachable);
    clock.advance(60_000);
    quick.progress();
    const waiting = bodies.hold('waiting', 60, bytesOf(60), expect.unreachable);
    clock.advance(1000);
    expect((await waiting).bytes).toHaveLength(60);
  });

  it('frees its room when a body cannot be read', async () => {
    const bodies = createLargeBodies(createFakeClock(), 100);
    const failing = bodies.hold('a', 100, () => Promise.reject(new Error('gone')), expect.unreachable);
    await expect(failing).rejects.toThrow('gone');
    expect((await bodies.hold('b', 100, bytesOf(100), expect.unreachable)).bytes).toHaveLength(100);
  });
});
