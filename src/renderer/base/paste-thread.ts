import type { PasteWorker } from './paste-reader.ts';
import PasteThread from './paste-worker.ts?worker';

/** Starts a worker of the browser. */
export function startPasteWorker(): PasteWorker {
  const worker = new PasteThread();
  return {
    done: (order) =>
      new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data));
        worker.addEventListener('error', () =>
          reject(new Error('What reads large texts could not be started: load this page again, and paste the text once more.')),
        );
        worker.postMessage(order);
      }),
    end: () => worker.terminate(),
  };
}
