import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueTimes, type DueTime } from '#engine/dispatch/due-times.ts';

function dueTimesOf(times: Readonly<Record<string, number>>) {
  const dueTimes = createDueTimes();
  for (const [endpointId, dueAtMs] of Object.entries(times)) dueTimes.note(endpointId, dueAtMs);
  return dueTimes;
}

describe('due times', () => {
  it.each([
    { nowMs: 9, due: [], nextAtMs: 10 },
    { nowMs: 10, due: ['a'], nextAtMs: 20 },
    { nowMs: 29, due: ['a', 'c'], nextAtMs: 30 },
    { nowMs: 30, due: ['a', 'c', 'b'], nextAtMs: null },
  ])('at $nowMs gives $due, and $nextAtMs as the next', ({ nowMs, due, nextAtMs }) => {
    const dueTimes = dueTimesOf({ a: 10, b: 30, c: 20 });
    expect([[...dueTimes.due(nowMs)], dueTimes.nextAtMs()]).toEqual([due, nextAtMs]);
  });

  it('count the earliest time of an endpoint', () => {
    const dueTimes = dueTimesOf({ a: 30 });
    dueTimes.note('a', 20);
    dueTimes.note('a', 40);
    expect([[...dueTimes.due(19)], dueTimes.nextAtMs(), [...dueTimes.due(20)]]).toEqual([[], 20, ['a']]);
  });

  it('keep the place in line of an endpoint that was due', () => {
    const dueTimes = dueTimesOf({ a: 10, b: 11 });
    dueTimes.due(20);
    dueTimes.note('b', 1);
    expect([...dueTimes.due(20)]).toEqual(['a', 'b']);
  });

  it('put an endpoint that was removed to the end of the line', () => {
    const dueTimes = dueTimesOf({ a: 10, b: 11 });
    dueTimes.due(20);
    dueTimes.remove('a');
    dueTimes.note('a', 5);
    expect([...dueTimes.due(20)]).toEqual(['b', 'a']);
  });

  it('leave what was due in line when the clock is set back', () => {
    const dueTimes = dueTimesOf({ a: 10 });
    dueTimes.due(20);
    expect([...dueTimes.due(5)]).toEqual(['a']);
  });

  it('are as those of a list that is searched from end to end, whatever comes', () => {
    const endpointId = fc.constantFrom('a', 'b', 'c', 'd');
    const act = fc.oneof(
      fc.record({ kind: fc.constant('note' as const), endpointId, atMs: fc.nat(50) }),
      fc.record({ kind: fc.constant('remove' as const), endpointId, atMs: fc.constant(0) }),
      fc.record({ kind: fc.constant('pass' as const), endpointId: fc.constant(''), atMs: fc.nat(10) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const dueTimes = createDueTimes();
        const list = new Map<string, number>();
        let nowMs = 0;
        for (const { kind, endpointId: id, atMs } of acts) {
          if (kind === 'pass') nowMs += atMs;
          if (kind === 'remove') {
            dueTimes.remove(id);
            list.delete(id);
          }
          if (kind === 'note') {
            dueTimes.note(id, atMs);
            list.set(id, Math.min(list.get(id) ?? Infinity, atMs));
          }
          const times = [...list].map(([endpoint, dueAtMs]): DueTime => ({ endpointId: endpoint, dueAtMs }));
          const due = times.filter(({ dueAtMs }) => dueAtMs <= nowMs).map((time) => time.endpointId);
          const toCome = times.map(({ dueAtMs }) => dueAtMs).filter((dueAtMs) => dueAtMs > nowMs);
          expect([...dueTimes.due(nowMs)].toSorted()).toEqual(due.toSorted());
          expect(dueTimes.nextAtMs()).toBe(toCome.length === 0 ? null : Math.min(...toCome));
        }
      }),
    );
  });

  it('stay right over many deliveries of an endpoint that also has one to come', () => {
    const dueTimes = dueTimesOf({ later: 1_000_000 });
    for (let nowMs = 0; nowMs < 10_000; nowMs += 1) {
      dueTimes.note('busy', nowMs);
      expect([...dueTimes.due(nowMs)]).toEqual(['busy']);
      dueTimes.remove('busy');
      dueTimes.note('busy', 500_000);
    }
    expect([[...dueTimes.due(500_000)], dueTimes.nextAtMs()]).toEqual([['busy'], 1_000_000]);
  });
});
