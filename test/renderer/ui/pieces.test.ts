import { describe, expect, it } from 'vitest';
import { createPieces } from '../../../src/renderer/ui/pieces.ts';

/** Numbers up to `last`, each after `pauses` empty steps, counting the steps taken. */
function counted(last: number, pauses = 0) {
  const taken = { steps: 0 };
  function* rows(): Generator<number | null, void, void> {
    for (let number = 1; number <= last; number += 1) {
      for (let pause = 0; pause < pauses; pause += 1) {
        taken.steps += 1;
        yield null;
      }
      taken.steps += 1;
      yield number;
    }
  }
  return { rows: rows(), taken };
}

const limits = { rows: 10, size: 1000, sizeOf: () => 1 };

describe('something long in pieces', () => {
  it('is there at once when it is short', () => {
    expect(createPieces(counted(3).rows, limits).getState()).toEqual({ piece: 0, rows: [1, 2, 3], isReading: false, isLast: true });
    expect(createPieces(counted(0).rows, limits).getState()).toEqual({ piece: 0, rows: [], isReading: false, isLast: true });
    expect(createPieces(counted(10).rows, limits).getState()).toMatchObject({ isLast: true });
  });

  it('is read no further than what is shown', () => {
    const { rows, taken } = counted(1000);
    const pieces = createPieces(rows, limits);
    expect([pieces.getState().rows.at(-1), pieces.getState().isLast, taken.steps]).toEqual([10, false, 11]);
    pieces.show(1);
    expect(pieces.getState()).toMatchObject({ piece: 1, rows: [11, 12, 13, 14, 15, 16, 17, 18, 19, 20] });
    pieces.show(0);
    expect([pieces.getState().rows[0], taken.steps]).toEqual([1, 21]);
  });

  it('ends a piece that is large by its size', () => {
    const pieces = createPieces(counted(100).rows, { ...limits, sizeOf: () => 300 });
    expect(pieces.getState().rows).toEqual([1, 2, 3, 4]);
  });

  it('is read in steps that are taken one after another until it is there, and not after it was stopped', () => {
    const due: (() => void)[] = [];
    const later = (work: () => void) => {
      due.push(work);
      return () => void due.splice(due.indexOf(work), 1);
    };
    const pieces = createPieces(counted(3, 5).rows, { ...limits, stepMs: -1, later });
    expect(pieces.getState()).toEqual({ piece: 0, rows: [], isReading: true, isLast: false });
    pieces.start();
    pieces.start();
    expect(due).toHaveLength(1);
    pieces.stop();
    expect(due).toHaveLength(0);
    pieces.start();
    let steps = 0;
    for (let work = due.shift(); work !== undefined; work = due.shift()) {
      work();
      steps += 1;
    }
    expect(pieces.getState()).toEqual({ piece: 0, rows: [1, 2, 3], isReading: false, isLast: true });
    expect(steps).toBeGreaterThan(3 * 5);
  });
});
