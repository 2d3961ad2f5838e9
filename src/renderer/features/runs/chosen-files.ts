import { projectCharacters } from '#shared/contract/project.ts';
import { utf8TextOrNull } from '#shared/text/text-codec.ts';
import { bytesText } from '../../base/size-format.ts';
import type { FoundFile } from '../../ui/dropped-files.ts';
import { mayBeLoose, saysProject } from './find-project.ts';

/** Files that somebody chose, by their paths with /. Everything rejects with an Error whose message tells people what to do. */
export interface ChosenFiles {
  /** Whether a folder was chosen: then a file that is not among them is not there. */
  readonly isFolder: boolean;
  /** Whether they can be read again once they were changed; otherwise they have to be chosen again. */
  readonly isKept: boolean;
  /** The paths among which a project is looked for. With `mayAsk`, the browser may ask whether they may be read. */
  readonly paths: (mayAsk: boolean) => Promise<readonly string[]>;
  /** In bytes; null where there is no such file. */
  readonly size: (path: string) => Promise<number | null>;
  /** The bytes of a file as it is now; null where there is none. */
  readonly bytes: (path: string, mostBytes: number) => Promise<Uint8Array<ArrayBuffer> | null>;
}

/** The files that a project names, by its names for them. */
export type NamedFiles = Pick<ChosenFiles, 'isFolder' | 'size' | 'bytes'>;

/** The text of a file; null where there is none. */
export async function textOfFile(files: Pick<ChosenFiles, 'bytes'>, path: string, mostBytes: number): Promise<string | null> {
  const bytes = await files.bytes(path, mostBytes);
  if (bytes === null) return null;
  const text = utf8TextOrNull(bytes);
  if (text === null) throw new Error(`${path} is not UTF-8: save it in that encoding.`);
  return text;
}

/** A project of more bytes has more characters than are read, whatever they are. */
export const projectBytes = 3 * projectCharacters;

/** Those of the chosen folder itself that say that they are a project, whatever they are called. What cannot be read is none. */
export async function looseProjects(files: Pick<ChosenFiles, 'bytes'>, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of mayBeLoose(paths)) {
    const bytes = await files.bytes(path, projectBytes).catch(() => null);
    if (bytes !== null && saysProject(utf8TextOrNull(bytes) ?? '')) found.push(path);
  }
  return found;
}

/** Files as a browser hands them over when they are chosen: it refuses those that are changed later. */
export function filesAsChosen(found: readonly FoundFile[]): ChosenFiles {
  const byPath = new Map(found.map(({ path, file }) => [path, file]));
  return {
    isFolder: found.some(({ path }) => path.includes('/')),
    isKept: false,
    paths: () => Promise.resolve([...byPath.keys()]),
    size: (path) => Promise.resolve(byPath.get(path)?.size ?? null),
    bytes: async (path, mostBytes) => {
      const file = byPath.get(path);
      return file === undefined ? null : await bytesOfFile(file, path, mostBytes, 'perhaps since it was changed: choose it again');
    },
  };
}

/** The bytes of a file. Rejects with an Error that names it where it is larger, or cannot be read, with `advice`. */
export async function bytesOfFile(file: File, path: string, mostBytes: number, advice: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > mostBytes) throw new Error(`${path} has ${bytesText(file.size)}: at most ${bytesText(mostBytes)} are read of it.`);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Error(`${path} could not be read, ${advice}.`, { cause: error });
  }
}
