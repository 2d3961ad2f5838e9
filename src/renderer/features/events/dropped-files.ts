import { importCharacters } from '#shared/contract/event-import.ts';
import { bytesText } from '../../base/size-format.ts';
import type { Problem } from '../../base/problem.ts';
import type { ChosenFile } from './import-store.ts';

/** A file with its path below what was chosen. */
interface FoundFile {
  readonly path: string;
  readonly file: File;
}

const mostFiles = 1000;
const readable = /\.(?:json|ya?ml)$/i;

/** The files of a choice; those of a folder have their path in it. */
export function filesOfList(list: FileList | readonly File[] | null): readonly FoundFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** The files that were dropped, folders with all that is in them. */
export async function filesOfDrop({ items, files }: DataTransfer): Promise<readonly FoundFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOfList(files);
  const found: FoundFile[] = [];
  const left = [...entries];
  for (let entry = left.shift(); entry !== undefined && found.length <= mostFiles; entry = left.shift()) {
    if (isFile(entry)) found.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) });
    else if (isFolder(entry)) left.push(...(await entriesOf(entry)));
  }
  return found;
}

/** Reads files as text. Of several, only those in JSON and YAML are read; a problem says which of the limits they are over. */
export async function readFiles(found: readonly FoundFile[]): Promise<readonly ChosenFile[] | Problem> {
  const chosen = found.length === 1 ? found : found.filter(({ path }) => readable.test(path));
  if (chosen.length === 0) return problemOf('Nothing in it is called .json, .yaml or .yml: choose the documents themselves.');
  if (chosen.length > mostFiles)
    return problemOf(`These are more than ${mostFiles} files: choose the document and the files that it refers to.`);
  const bytes = chosen.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > importCharacters)
    return problemOf(
      `These files have ${bytesText(bytes)} together, over the limit of ${importCharacters / 1_000_000} million characters: import them in parts.`,
    );
  return Promise.all(chosen.map(async ({ path, file }) => ({ name: path, text: await file.text() })));
}

function problemOf(message: string): Problem {
  return { code: 'INPUT_INVALID', message, issues: [] };
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
