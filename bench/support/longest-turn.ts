/** The result of some work, how long it took, and the longest turn of this thread's event loop meanwhile, by its processor time. */
export interface Timed<T> {
  readonly value: T;
  readonly tookMs: number;
  readonly longestTurnMs: number;
}

/** Times work. A timer fires once in a turn at most, so what was used between two of them is one turn and at most a millisecond of others. */
export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const usedMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [lastMs, longestTurnMs] = [usedMs(), 0];
  const look = () => {
    const nowMs = usedMs();
    longestTurnMs = Math.max(longestTurnMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const timer = setInterval(look, 1);
  const startedMs = performance.now();
  try {
    const value = await work();
    const tookMs = performance.now() - startedMs;
    look();
    return { value, tookMs, longestTurnMs };
  } finally {
    clearInterval(timer);
  }
}
