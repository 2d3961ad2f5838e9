import { projectCharacters } from '#shared/contract/project.ts';
import type { RunSummary } from '#shared/contract/runs.ts';
import type { Client } from '../../base/client.ts';
import { bytesText } from '../../base/size-format.ts';
import { looseProjects, projectBytes, textOfFile, type ChosenFiles, type NamedFiles } from './chosen-files.ts';
import { findProject, pathOf, type FoundProject } from './find-project.ts';

/** A run of a project, with its lines as they stand in its file. */
export interface ProjectRun extends RunSummary {
  readonly text: string;
}

/** A project whose files were chosen, with its runs. */
export interface OpenProject {
  /** Of its file or folder, as it was chosen. */
  readonly name: string;
  readonly chosen: ChosenFiles;
  readonly files: readonly ProjectFile[];
  readonly runs: readonly ProjectRun[];
  readonly named: NamedFiles;
}

interface ProjectFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the project among chosen files. Resolves to `before` where its files say the same as then. Rejects with an Error in words, and with refusals of
 * what the files say.
 */
export async function readProject(
  { runs }: Pick<Client, 'runs'>,
  chosen: ChosenFiles,
  { mayAsk, before }: { readonly mayAsk: boolean; readonly before: OpenProject | null },
): Promise<OpenProject> {
  const paths = await chosen.paths(mayAsk);
  const found = findProject(paths, await looseProjects(chosen, paths));
  if (typeof found === 'string') throw new Error(found);
  const files = await textsOf(chosen, found);
  const name = nameOf(found);
  if (before !== null && before.name === name && areSame(before.files, files)) return before;
  const { items } = await runs.list({ files: [...files] });
  const named: NamedFiles = {
    isFolder: chosen.isFolder,
    size: async (file) => {
      const path = pathOf(found, file);
      return path === null ? null : await chosen.size(path);
    },
    bytes: async (file, mostBytes) => {
      const path = pathOf(found, file);
      return path === null ? null : await chosen.bytes(path, mostBytes);
    },
  };
  return { name, chosen, files, runs: withTheirLines(items, files), named };
}

/** Whether a run is still as it was. */
export function isSameRun(one: ProjectRun, other: ProjectRun): boolean {
  return one === other || JSON.stringify({ ...one, place: null }) === JSON.stringify({ ...other, place: null });
}

function areSame(before: readonly ProjectFile[], files: readonly ProjectFile[]): boolean {
  return (
    before.length === files.length && files.every(({ name, text }, index) => before[index]?.name === name && before[index].text === text)
  );
}

/** The runs, each with its lines: up to the next one, or to what stands further left. */
function withTheirLines(runs: readonly RunSummary[], files: readonly ProjectFile[]): readonly ProjectRun[] {
  const linesOf = new Map(files.map(({ name, text }) => [name, text.split('\n')]));
  const starts = new Set(runs.map(({ place }) => `${place.line} ${place.file}`));
  return runs.map((run) => {
    const { file, line } = run.place;
    const lines = linesOf.get(file) ?? [];
    // Lines count from 1, so this is the one after its first.
    let end = line;
    while (end < lines.length && !starts.has(`${end + 1} ${file}`) && !/^\S/.test(lines[end] ?? '')) end += 1;
    const text = lines.slice(line - 1, end).join('\n');
    return { ...run, text: text.trimEnd() };
  });
}

/** The project by the name of its file or folder. */
function nameOf({ paths, folder }: FoundProject): string {
  const [path, other] = paths;
  const folderName = folder.replace(/\/$/, '');
  if (path === undefined || /(?:^|\/)\.hookyard\//.test(path)) return folderName || '.hookyard';
  if (other !== undefined) return folderName || `${path} and ${paths.length - 1} more`;
  return path;
}

async function textsOf(chosen: ChosenFiles, { paths, folder }: FoundProject): Promise<readonly ProjectFile[]> {
  const sizes = await Promise.all(paths.map(chosen.size));
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (bytes > projectBytes)
    throw new Error(`These files have ${bytesText(bytes)}: a project has at most ${projectCharacters / 1_000_000} million characters.`);
  return await Promise.all(
    paths.map(async (path) => {
      const text = await textOfFile(chosen, path, projectBytes);
      if (text === null) throw new Error(`${path} was there a moment ago and is not any more: read it again.`);
      return { name: path.slice(folder.length), text };
    }),
  );
}
