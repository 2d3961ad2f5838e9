/** A file or folder that somebody chose, and that the page may read again later. */
export type KeptHandle = FileSystemFileHandle | FileSystemDirectoryHandle;

/** What Chromium has in secure contexts, and the types of the DOM do not know. */
interface Pickers {
  readonly showDirectoryPicker: () => Promise<FileSystemDirectoryHandle>;
  readonly showOpenFilePicker: (options: { readonly multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

type AsksLeave = (asked: { readonly mode: 'read' }) => Promise<PermissionState>;
type WithLeave = KeptHandle & { readonly queryPermission?: AsksLeave; readonly requestPermission?: AsksLeave };

type DroppedItem = DataTransferItem & { readonly getAsFileSystemHandle?: () => Promise<KeptHandle | null> };

/** Whether this browser lets the page read again what was chosen; others hand over files as they are when they are chosen. */
export function canKeepFiles(): boolean {
  return 'showDirectoryPicker' in window && 'showOpenFilePicker' in window;
}

/** Lets a folder be chosen, right after a click or a key; nothing where that was cancelled. Rejects with an Error in words. */
export async function pickFolder(): Promise<readonly KeptHandle[]> {
  return await picked(async (pickers) => [await pickers.showDirectoryPicker()]);
}

/** Lets files be chosen, as {@link pickFolder} does a folder. */
export async function pickFiles(): Promise<readonly KeptHandle[]> {
  return await picked((pickers) => pickers.showOpenFilePicker({ multiple: true }));
}

async function picked(pick: (pickers: Pickers) => Promise<readonly KeptHandle[]>): Promise<readonly KeptHandle[]> {
  try {
    return await pick(window as Window & Partial<Pickers> as Window & Pickers);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The browser let nothing be chosen: drop it here instead. It says: ${reason}`, { cause: error });
  }
}

/** What was dropped; null where the browser hands over no handles. It can be asked for only while the drop is handled. */
export function handlesOfDrop({ items }: DataTransfer): Promise<readonly KeptHandle[]> | null {
  const files: readonly DroppedItem[] = [...items].filter(({ kind }) => kind === 'file');
  const asked = files.flatMap((item) => item.getAsFileSystemHandle?.() ?? []);
  if (asked.length < files.length) return null;
  return Promise.all(asked).then((handles) => handles.filter((handle) => handle !== null));
}

/** Whether the page may read something. With `mayAsk`, the browser may ask for that; it does so only right after a click or a key. */
export async function mayRead(handle: WithLeave, mayAsk: boolean): Promise<boolean> {
  const asked = { mode: 'read' } as const;
  // Browsers without the question have handles only of what may be read.
  const state = (await handle.queryPermission?.(asked)) ?? 'granted';
  if (state !== 'prompt' || !mayAsk) return state === 'granted';
  // It rejects where the click or key is too long ago.
  const answer = await handle.requestPermission?.(asked).catch(() => 'denied');
  return answer === 'granted';
}
