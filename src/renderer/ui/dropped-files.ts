import type { DragEvent } from 'react';
import { handlesOfDrop, type KeptHandle } from './file-handles.ts';

/** A file with its path below what was chosen. */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** Files of a drop at most. */
export const mostFiles = 1000;

/** Folders of a project that hold nothing of its own. */
const skipped = /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/;

/** Whether a path leads into installed packages or what git keeps. */
export function isSkipped(path: string): boolean {
  return skipped.test(path);
}

/** The files of a choice; those of a folder have their path in it. */
export function filesOfList(list: FileList | readonly File[] | null): readonly FoundFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(({ path }) => !isSkipped(path));
}

/** Files and folders of a drop, which can be asked for only while it is handled. */
interface Drop {
  readonly entries: readonly FileSystemEntry[];
  readonly list: readonly File[];
}

function dropOf({ items, files }: DataTransfer): Drop {
  return { entries: [...items].flatMap((item) => item.webkitGetAsEntry() ?? []), list: [...files] };
}

/** The files that were dropped, folders with all that is in them but what is skipped; one more than {@link mostFiles} at most. */
async function filesOfDrop({ entries, list }: Drop): Promise<readonly FoundFile[]> {
  if (entries.length === 0) return filesOfList(list);
  const found: FoundFile[] = [];
  const left = [...entries];
  for (let entry = left.shift(); entry !== undefined && found.length <= mostFiles; entry = left.shift()) {
    if (isSkipped(entry.fullPath)) continue;
    if (isFile(entry)) found.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) });
    else if (isFolder(entry)) left.push(...(await entriesOf(entry)));
  }
  return found;
}

/** Lets files and folders be dropped on an element; where the browser hands over handles of them, and somebody wants these, as such. */
export function dropsFiles(onFiles: (found: readonly FoundFile[]) => void, onHandles?: (handles: readonly KeptHandle[]) => void) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const drop = dropOf(event.dataTransfer);
      // Text that is dropped is none of it.
      if (drop.entries.length + drop.list.length === 0) return;
      const readOnce = () => void filesOfDrop(drop).then(onFiles);
      const handles = onHandles === undefined ? null : handlesOfDrop(event.dataTransfer);
      if (handles === null) readOnce();
      else void handles.then(onHandles, readOnce);
    },
  };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** All entries of a folder, which come in parts until one is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    all.push(...part);
  }
}
