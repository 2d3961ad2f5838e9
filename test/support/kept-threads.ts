import type { Worker } from 'node:worker_threads';
import { startThread as start } from '../../src/main/engine/base/thread.ts';
import { keptByProcess } from './kept-by-process.ts';

/** As many as tests have at once mostly; more would only take memory. */
const keptAtMost = 6;

/** Idle threads of engines that have stopped, by their code. */
const kept = keptByProcess('threads', () => new Map<string, Worker[]>());
/** The code of each thread. */
const codes = keptByProcess('codes of threads', () => new WeakMap<Worker, string>());

/** Stands in for the engine's own: a thread that an engine of an earlier test has left is taken first. */
export function startThread(code: URL, name: string, memoryMb?: number): Worker {
  const left = kept.get(code.href) ?? [];
  let worker = left.pop();
  // One that has ended meanwhile has no number any more.
  while (worker?.threadId === -1) worker = left.pop();
  worker ??= start(code, name, memoryMb);
  codes.set(worker, code.href);
  return worker;
}

/** Keeps a thread for the next engine, without keeping the process. */
export async function endIdleThread(worker: Worker): Promise<void> {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  const code = codes.get(worker) ?? '';
  const idle = kept.get(code) ?? [];
  if (idle.length === keptAtMost) return void (await worker.terminate());
  worker.unref();
  kept.set(code, [...idle, worker]);
}
