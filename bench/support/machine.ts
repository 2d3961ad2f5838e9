import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { summarise } from './figures.ts';
import { createTempFolder } from './temp-folder.ts';

/** The machine of a run: figures mean little without it. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  /** Load average of the last minute before the run; what else ran makes single figures doubtful and ratios less so. */
  readonly loadBefore: number;
  /** Median time to write 4 KiB to the temporary folder and have them on the disk: durable work waits for this. */
  readonly syncMs: number;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${type()} ${release()}`,
    node: process.versions.node,
    loadBefore: loadavg()[0] ?? 0,
    syncMs: measureSync(),
  };
}

function measureSync(): number {
  const folder = createTempFolder();
  const file = openSync(join(folder.path, 'sync'), 'w');
  try {
    const block = Buffer.alloc(4096, 1);
    const times = Array.from({ length: 20 }, () => {
      const startedMs = performance.now();
      writeSync(file, block);
      fsyncSync(file);
      return performance.now() - startedMs;
    });
    return summarise(times).median;
  } finally {
    closeSync(file);
    folder.remove();
  }
}
