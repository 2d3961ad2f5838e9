import { refuseMoreWrite, refuseWrite } from '../capture/refused/store.ts';
import { markCapturesWrite } from '../capture/marks.ts';
import { captureTotalsWrite, captureWrite } from '../capture/store.ts';
import { byName } from '../base/by-name.ts';
import { threadUrl } from '../base/thread-url.ts';
import type { HotWrite, Writer } from '../store/database.ts';
import { acceptWrite } from './messages.ts';
import { claimWrite, moveWaitingWrite, recordWrite, releaseWrite, rescaleWrite } from './queue.ts';
import { cancelWaitingWrite } from './waiting.ts';

/** Every write that the thread knows. Each is defined where its rows are known. */
const hotWrites: readonly HotWrite<never, unknown>[] = [
  acceptWrite,
  claimWrite,
  releaseWrite,
  recordWrite,
  captureWrite,
  refuseWrite,
  refuseMoreWrite,
  // The main thread would wait for the disk behind large captures that are on their way there.
  captureTotalsWrite,
  // Rare, but it has to be made after what was asked for by the old time and before what is asked for by the new one.
  moveWaitingWrite,
  rescaleWrite,
  cancelWaitingWrite,
  markCapturesWrite,
];

const writeOf = byName(hotWrites, 'log/hot-writes.ts');

/** Makes one of them by its name. The name came with its own input; that they belong together is the type of `Database.hot`. */
export function makeHotWrite(writer: Writer, name: string, input: unknown): unknown {
  return writeOf(name).make(writer, input as never);
}

/** The code of the thread that makes them. */
export const writerThread = threadUrl(import.meta.url, 'writer-thread.ts', 'writer-thread');
