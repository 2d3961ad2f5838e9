import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SolverEvent, SolverResult } from '#shared/contract/solving.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { createSolver } from '#engine/verifying/solver/solver.ts';
import { createTestLog } from '../../../support/temp-workspace.ts';
import { damagedSamples, given } from '../../../support/damaged-samples.ts';

const maxMs = 20_000;

async function all(events: AsyncIterable<SolverEvent>): Promise<readonly SolverEvent[]> {
  const list: SolverEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

function resultOf(events: readonly SolverEvent[]): SolverResult {
  const last = events.at(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

function sampleProblem(): SolverProblem {
  const problem = damagedSamples[0]?.problem;
  if (problem === undefined) throw new Error('There is no sample.');
  return problem;
}

/** A body and secrets that keep a search busy for minutes. */
function endlessProblem(): SolverProblem {
  const { request, ...problem } = sampleProblem();
  const body = Buffer.from(JSON.stringify(Array.from({ length: 5000 }, (_, index) => ({ index, name: 'Zoë / 1.0', list: [1, 2, 3] }))));
  const secrets = Array.from({ length: 100 }, (_, index) => given(`whsec_${Buffer.alloc(24, index + 1).toString('base64')}`));
  return { ...problem, request: { ...request, body }, secrets };
}

describe('a search in a thread of its own', () => {
  it('tells its progress and then one result', async () => {
    const events = await all(createSolver({ log: createTestLog() }).solve(sampleProblem(), { maxMs }));
    expect(events.slice(0, -1).every(({ kind }) => kind === 'progress')).toBe(true);
    expect(events[0]).toEqual({ kind: 'progress', tried: 0, phase: 'as received' });
    expect(resultOf(events).matches[0]?.causes).toMatchObject([{ id: 'body-minified' }]);
  });

  it('leaves the thread that asks free', async () => {
    const log = createTestLog();
    const abort = new AbortController();
    const ended = all(createSolver({ log }).solve(endlessProblem(), { maxMs, signal: abort.signal })).catch(() => 'search');
    const first = await Promise.race([ended, setTimeout(1, 'timer')]);
    abort.abort();
    await ended;
    expect(first).toBe('timer');
    // Nor did it fall back on slices of this thread.
    expect(log.lines).toEqual([]);
  });

  it('ends at its time with what it has, and says that it is not the whole', async () => {
    const result = resultOf(await all(createSolver({ log: createTestLog() }).solve(endlessProblem(), { maxMs: 150 })));
    expect(result.exhausted).toBe(false);
    expect(result.untried).toMatchObject([{ why: 'time' }]);
    expect(result.untried[0]?.sentence).toContain('The time ran out');
  });

  it('has its whole time however long its thread takes to start', async () => {
    const result: SolverResult = {
      kind: 'result',
      matches: [],
      tried: { total: 7, byKind: {} },
      exhausted: true,
      untried: [],
      families: [],
      elapsedMs: 1,
      advice: [],
    };
    // A thread that is up long after the time of its search would be over, and then done at once.
    const slowToStart = `
      import { parentPort } from 'node:worker_threads';
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      parentPort.postMessage({ kind: 'progress', tried: 0, phase: 'as received' });
      parentPort.postMessage(${JSON.stringify(result)});`;
    const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(slowToStart)}`);
    const solver = createSolver({ log: createTestLog(), workerUrl, graceMs: 0 });
    expect(resultOf(await all(solver.solve(sampleProblem(), { maxMs: 10 })))).toEqual(result);
  });

  it('tells nothing more once it is cancelled', async () => {
    const abort = new AbortController();
    const events = createSolver({ log: createTestLog() }).solve(endlessProblem(), { maxMs, signal: abort.signal });
    // The second step: the search is under way.
    await events.next();
    await events.next();
    abort.abort();
    await expect(events.next()).rejects.toThrow(/abort/i);
    await expect(events.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('tells nothing more once it is cancelled where no thread can be had', async () => {
    const abort = new AbortController();
    const solver = createSolver({ log: createTestLog(), workerUrl: pathToFileURL('/nowhere/worker.js') });
    const events = solver.solve(endlessProblem(), { maxMs, signal: abort.signal });
    await events.next();
    abort.abort();
    await expect(events.next()).rejects.toThrow(/abort/i);
  });

  it('ends when its reader goes away, and gives its turn to the next', async () => {
    const solver = createSolver({ log: createTestLog() });
    const first = solver.solve(endlessProblem(), { maxMs });
    const second = solver.solve(endlessProblem(), { maxMs });
    await Promise.all([first.next(), second.next()]);
    const third = solver.solve(sampleProblem(), { maxMs });
    const begun = third.next();
    await first.return();
    await expect(begun).resolves.toMatchObject({ value: { kind: 'progress' } });
    await Promise.all([second.return(), third.return()]);
  });

  it('does not start when it is cancelled while it waits', async () => {
    const solver = createSolver({ log: createTestLog() });
    const busy = [solver.solve(endlessProblem(), { maxMs }), solver.solve(endlessProblem(), { maxMs })];
    await Promise.all(busy.map((each) => each.next()));
    const abort = new AbortController();
    const waiting = solver.solve(sampleProblem(), { maxMs, signal: abort.signal }).next();
    abort.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    await Promise.all(busy.map((each) => each.return()));
  });

  it('goes on without a thread when none can be had', async () => {
    const log = createTestLog();
    const solver = createSolver({ log, workerUrl: pathToFileURL('/nowhere/worker.js') });
    expect(resultOf(await all(solver.solve(sampleProblem(), { maxMs }))).matches[0]?.causes).toMatchObject([{ id: 'body-minified' }]);
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
  });
});
