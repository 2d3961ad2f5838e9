import type { DragEvent } from 'react';

/** A file with its path below what was chosen. */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

/** Files of a drop at most. */
export const mostFiles = 1000;

/** Folders of a project that hold nothing of its own. */
const skipped = /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/;

/** The files of a choice; those of a folder have their path in it. */
export function filesOfList(list: FileList | readonly File[] | null): readonly FoundFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(({ path }) => !skipped.test(path));
}

/** The files that were dropped, folders with all that is in them but installed packages and what git keeps; one more than {@link mostFiles} at most. */
async function filesOfDrop({ items, files }: DataTransfer): Promise<readonly FoundFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOfList(files);
  const found: FoundFile[] = [];
  const left = [...entries];
  for (let entry = left.shift(); entry !== undefined && found.length <= mostFiles; entry = left.shift()) {
    if (skipped.test(entry.fullPath)) continue;
    if (isFile(entry)) found.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) });
    else if (isFolder(entry)) left.push(...(await entriesOf(entry)));
  }
  return found;
}

/** Lets files and folders be dropped on an element. */
export function dropsFiles(onFiles: (found: readonly FoundFile[]) => void) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      void filesOfDrop(event.dataTransfer).then((found) => (found.length > 0 ? onFiles(found) : undefined));
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
