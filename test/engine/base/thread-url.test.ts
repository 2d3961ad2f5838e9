import { describe, expect, it } from 'vitest';
import { threadUrl } from '#engine/base/thread-url.ts';

describe('the code of a thread', () => {
  it('is beside the module in the sources, and among the entries once it is built', () => {
    expect(threadUrl('file:///app/src/solver/solver.ts', 'worker.ts', 'solver-worker').href).toBe('file:///app/src/solver/worker.ts');
    expect(threadUrl('file:///app/out/main/index.js', 'worker.ts', 'solver-worker').href).toBe('file:///app/out/main/solver-worker.js');
  });
});
