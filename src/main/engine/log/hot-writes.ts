import { refuseMoreWrite, refuseWrite } from '../capture/refused/store.ts';
import { hideSelectedWrite, markSelectedWrite } from '../capture/mark-many.ts';
import { markCapturesWrite } from '../capture/marks.ts';
import { dropOwedWrite } from '../capture/outbox.ts';
import { captureTotalsWrite, captureWrite } from '../capture/store.ts';
import { deleteCopiesWrite } from '../endpoints/delete-copies.ts';
import { addEventTypeWrite, changeEventTypeWrite, importWrite, undoImportWrite } from '../events/writes.ts';
import { byName } from '../base/by-name.ts';
import { threadUrl } from '../base/thread-url.ts';
import type { HotWrite, Writer } from '../store/database.ts';
import { forwardWrite } from './forwards.ts';
import { acceptWrite } from './messages.ts';
import { claimWrite, recordWrite, releaseWrite } from './queue.ts';
import { moveWaitingWrite, rescaleWrite } from './moved-times.ts';
import { cancelWaitingWrite } from './waiting.ts';

/** Every write of the writer thread. Each is defined in the module that owns its rows. */
const hotWrites: readonly HotWrite<never, unknown>[] = [
  acceptWrite,
  claimWrite,
  releaseWrite,
  recordWrite,
  captureWrite,
  refuseWrite,
  refuseMoreWrite,
  // In the main thread it would wait for the disk behind large captures that are being written.
  captureTotalsWrite,
  forwardWrite,
  dropOwedWrite,
  // Rare, but it has to come after the writes with old times and before those with new times.
  moveWaitingWrite,
  rescaleWrite,
  cancelWaitingWrite,
  deleteCopiesWrite,
  markCapturesWrite,
  hideSelectedWrite,
  markSelectedWrite,
  // Many megabytes, which the main thread would write at the cost of its calls.
  importWrite,
  undoImportWrite,
  addEventTypeWrite,
  changeEventTypeWrite,
];

const writeOf = byName(hotWrites, 'log/hot-writes.ts');

/** Makes a write by its name. The type of `Database.hot` ensures that name and input belong together. */
export function makeHotWrite(writer: Writer, name: string, input: unknown): unknown {
  return writeOf(name).make(writer, input as never);
}

/** The module of the writer thread. */
export const writerThread = threadUrl(import.meta.url, 'writer-thread.ts', 'writer-thread');
