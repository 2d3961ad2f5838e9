import { numberText } from '../../base/size-format.ts';
import { isSkipped } from '../../ui/dropped-files.ts';
import { mayRead, type KeptHandle } from '../../ui/file-handles.ts';
import { bytesOfFile, looseProjects, type ChosenFiles } from './chosen-files.ts';
import { isInProjectFolder, isOfProject } from './find-project.ts';

/** Files and folders that are looked at for a project at most. */
const mostLookedAt = 10_000;

/** Files and folders that the browser lets the window read again. Folders are read no further down than their project is. */
export function keptFiles(handles: readonly KeptHandle[]): ChosenFiles {
  const fileOf = async (path: string): Promise<File | null> => {
    const [first, ...names] = path.split('/');
    const root = handles.find(({ name }) => name === first);
    if (root === undefined) return null;
    try {
      const handle = await handleBelow(root, names);
      return handle === null ? null : await handle.getFile();
    } catch (error) {
      if (isMissing(error)) return null;
      throw unreadable(path, error);
    }
  };
  const bytes = async (path: string, mostBytes: number) => {
    const file = await fileOf(path);
    return file === null ? null : await bytesOfFile(file, path, mostBytes, 'perhaps since it was just being written: read it again');
  };
  return {
    isFolder: handles.some(({ kind }) => kind === 'directory'),
    isKept: true,
    paths: async (mayAsk) => {
      for (const handle of handles) {
        if (await mayRead(handle, mayAsk)) continue;
        throw new Error(`The browser does not let this window read ${handle.name}: read it again and allow that, or choose it again.`);
      }
      return await pathsOf(handles, async (paths) => (await looseProjects({ bytes }, paths)).length > 0);
    },
    size: async (path) => (await fileOf(path))?.size ?? null,
    bytes,
  };
}

/** The file at a path below a handle; null where there is none. Rejects as the browser does. */
async function handleBelow(root: KeptHandle, names: readonly string[]): Promise<FileSystemFileHandle | null> {
  if (root.kind === 'file') return names.length === 0 ? root : null;
  let folder = root;
  for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
  const last = names.at(-1);
  return last === undefined ? null : await folder.getFileHandle(last);
}

/** Nothing of this name, something else than a file or folder, or a name that no file has. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError'))
  );
}

function unreadable(path: string, error: unknown): Error {
  const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
  const advice = isRefused ? 'let the browser read it, or choose it again' : 'see whether you may read it';
  return new Error(`${path} could not be read: ${advice}.`, { cause: error });
}

interface Folder {
  readonly path: string;
  readonly handle: FileSystemDirectoryHandle;
}

/** The paths of files, level by level down to the first one with a project, since the outermost is taken. */
async function pathsOf(
  handles: readonly KeptHandle[],
  haveLoose: (paths: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  const paths = handles.flatMap(({ kind, name }) => (kind === 'file' ? [name] : []));
  let level = handles.flatMap((handle): Folder[] => (handle.kind === 'directory' ? [{ path: handle.name, handle }] : []));
  const [outermost] = level;
  let looked = 0;
  while (level.length > 0 && !paths.some(isOfProject)) {
    const next: Folder[] = [];
    // What is in a folder .hookyard is one project, however deep.
    for (const folder of level) {
      for await (const entry of entriesOf(folder)) {
        const path = `${folder.path}/${entry.name}`;
        if (isSkipped(path)) continue;
        if ((looked += 1) > mostLookedAt) throw new Error(tooMany(outermost?.path ?? folder.path));
        if (entry.kind === 'file') paths.push(path);
        else (isInProjectFolder(path) ? level : next).push({ path, handle: entry });
      }
    }
    const isChosen = outermost !== undefined && level.includes(outermost);
    level = isChosen && (await haveLoose(paths)) ? [] : next;
  }
  return paths;
}

function tooMany(path: string): string {
  return `Only the first ${numberText(mostLookedAt)} files and folders of ${path} were looked at: choose the folder that has hookyard.yaml, or the file itself.`;
}

/** What is in a folder; nothing of one further down that cannot be read. */
async function* entriesOf({ path, handle }: Folder): AsyncGenerator<KeptHandle> {
  try {
    yield* handle.values();
  } catch (error) {
    if (path.includes('/')) return;
    if (isMissing(error)) throw new Error(`The folder ${path} is not there any more: choose it again.`, { cause: error });
    throw unreadable(path, error);
  }
}
