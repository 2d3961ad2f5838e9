import { isMainThread } from 'node:worker_threads';

// Loaded into the process of a host before its own code: tells how much of the processor the main thread took in the longest turn of
// its event loop. Other programs do not count, so the figure holds on a busy machine too. It tells how much memory the process holds, too.
if (isMainThread && process.send !== undefined) {
  const usedMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let lastMs = usedMs();
  let longestMs = 0;
  const look = () => {
    const nowMs = usedMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  // A timer fires once in a turn at most, so what was used between two of them is one turn, and at most a millisecond of others.
  setInterval(look, 1).unref();
  process.on('message', (kind: 'begin' | 'end' | 'memory') => {
    if (kind === 'memory') {
      globalThis.gc?.();
      process.send?.({ residentBytes: process.memoryUsage.rss() });
      return;
    }
    look();
    if (kind === 'end') process.send?.({ longestMs });
    longestMs = 0;
  });
  process.channel?.unref();
}
