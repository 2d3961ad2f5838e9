/** Changes gathered until it has been quiet for a while. */
export interface QuietAfter {
  /** Notes a change. */
  readonly note: (path: string) => void;
  /** The paths that changed, once none has for the while, or some have for a long while; null when the signal aborts. What is noted meanwhile is kept for the next call. */
  readonly next: (signal: AbortSignal) => Promise<readonly string[] | null>;
}

/** What keeps changing, such as a log beside the sources, puts a round off no longer than this, in milliseconds. */
export const longestUnrestMs = 10_000;

/** One save often makes several changes, and a receiver that restarts by itself needs a moment to begin with it. */
export function createQuietAfter(quietMs: number, longestMs: number): QuietAfter {
  const paths = new Set<string>();
  let noted = () => undefined as void;
  return {
    note: (path) => {
      paths.add(path);
      noted();
    },
    next: (signal) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        let latest: NodeJS.Timeout | undefined;
        const end = (found: readonly string[] | null) => {
          clearTimeout(timer);
          clearTimeout(latest);
          signal.removeEventListener('abort', stop);
          noted = () => undefined;
          paths.clear();
          resolve(found);
        };
        const stop = () => end(null);
        noted = () => {
          clearTimeout(timer);
          timer = setTimeout(() => end([...paths]), quietMs);
          latest ??= setTimeout(() => end([...paths]), longestMs);
        };
        signal.addEventListener('abort', stop);
        if (signal.aborted) stop();
        else if (paths.size > 0) noted();
      }),
  };
}
