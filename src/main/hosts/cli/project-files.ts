import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { importCharacters } from '#shared/contract/event-import.ts';
import { runBodyBytes } from '#shared/contract/project-runs.ts';
import { projectCharacters, secretCharacters } from '#shared/contract/project.ts';
import { shownName } from '#shared/text/shown-name.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { withoutLineEnd } from './input.ts';
import { assertRegular, bytesOf, statsOf } from './project-bytes.ts';
import { assertInFolder, isInside, yamlFilesOf } from './project-folder.ts';

/** The file of a project, or the folder with its files. */
export const projectFileName = 'hookyard.yaml';
export const projectFolderName = '.hookyard';

/** The files of a project, and the folder that its paths begin from. */
export interface ProjectFiles {
  readonly folder: string;
  readonly files: { readonly name: string; readonly text: string }[];
}

/** Reads the project at a path, or else the nearest one from the working folder upwards. Throws a usage error where there is none. */
export function readProjectFiles(given: string | undefined, from: string = process.cwd()): ProjectFiles {
  const place = given === undefined ? knownProject(from) : givenProject(resolve(from, given));
  return filesOf(place, from);
}

function filesOf(place: string, from: string): ProjectFiles {
  const folder = dirname(place);
  assertInFolder(folder, place);
  const paths = isFolder(place) ? yamlFilesOf(folder, place) : [place];
  if (paths.length === 0) throw usageError(`${shownName(place)} has no files: write the project into files there that end with .yaml.`);
  const bytes = paths.reduce((sum, path) => sum + (statsOf(path)?.size ?? 0), 0);
  if (bytes > projectBytes) throw tooLarge(place, bytes);
  return { folder, files: paths.map((path) => projectFileAt(folder, path, from)) };
}

/** A project of more bytes has more characters than are read, whatever they are. */
const projectBytes = 3 * projectCharacters;

function tooLarge(place: string, bytes: number): ExitError {
  return usageError(
    `${shownName(place)} has ${bytes} bytes: a project has at most ${projectCharacters / 1_000_000} million characters. Import event types from documents instead.`,
  );
}

/** Whether a path of a project leads to a folder. */
function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/**
 * A file of the project in a folder, which errors give the path from the working folder. Throws a usage error where it cannot be read, or is a link
 * out of the folder.
 */
export function projectFileAt(folder: string, path: string, from: string = process.cwd()): ProjectFiles['files'][number] {
  assertInFolder(folder, path);
  return { name: relative(from, path), text: textOf(path) };
}

function knownProject(from: string): string {
  const found = nearestProject(from);
  if (found !== null) return found;
  throw usageError(
    `There is no ${projectFileName} and no folder ${projectFolderName} in ${from} or above it: "hookyard export --project" writes one.`,
  );
}

/** The nearest project from a folder upwards, or null. */
function nearestProject(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = projectIn(folder);
    if (found !== null) return found;
    if (dirname(folder) === folder) return null;
  }
}

/** The file of a project that a run is put into, whose path begins from the folder of the project. */
export interface RunFile {
  readonly folder: string;
  readonly path: string;
  readonly file: { readonly name: string; readonly text: string };
}

/**
 * Where a run is put: into the file of the project, in a folder of files into one of its own, or where a run of this name is already. Where
 * there is no project, a new one begins in the working folder.
 */
export async function runFileOf(
  { runs }: EngineClient,
  name: string,
  given: string | undefined,
  from: string = process.cwd(),
): Promise<RunFile> {
  const place = given === undefined ? nearestProject(from) : givenProject(resolve(from, given));
  if (place === null) return { folder: from, path: projectFileName, file: { name: projectFileName, text: '' } };
  const folder = dirname(place);
  assertInFolder(folder, place);
  const hasFiles = isFolder(place);
  const files = hasFiles && yamlFilesOf(folder, place).length === 0 ? [] : filesOf(place, from).files;
  const found = hasFiles && files.length > 0 ? (await runs.list({ files })).items.find((each) => each.name === name) : undefined;
  const own = join(place, 'runs', `${name.replaceAll(' ', '-')}.yaml`);
  const path = found !== undefined ? resolve(from, found.place.file) : hasFiles ? own : place;
  return {
    folder,
    path: relative(folder, path),
    file: existsSync(path) ? projectFileAt(folder, path, from) : { name: relative(from, path), text: '' },
  };
}

/** A project by its file, by its folder of files, or by the folder that has one of these. */
function givenProject(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (!existsSync(path) && !isLink)
    throw usageError(`There is no ${shownName(path)}: name a ${projectFileName}, or a folder that has one.`);
  if (!isFolder(path) || basename(path) === projectFolderName) return path;
  const found = projectIn(path);
  if (found === null) throw usageError(`${shownName(path)} has no ${projectFileName} and no folder ${projectFolderName}.`);
  return found;
}

/** The project of one folder, or null. */
export function projectIn(folder: string): string | null {
  const paths = [projectFileName, 'hookyard.yml', projectFolderName].map((name) => join(folder, name));
  // A link to nothing is there, too: reading past it would take another project, further up.
  const found = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  if (found.length > 1) throw usageError(`${found.map(shownName).join(' and ')} are both there: keep one of them.`);
  return found[0] ?? null;
}

/** The text of a file. Throws a usage error where it cannot be read, or is larger. */
export function textOf(path: string, mostBytes = projectBytes): string {
  const bytes = bytesOf(path, mostBytes);
  // Other bytes would come back as others when the file is written.
  if (!isUtf8(bytes)) throw usageError(`${shownName(path)} is not UTF-8: save it in that encoding.`);
  return bytes.toString('utf8');
}

interface Reference {
  readonly reference: string;
}

/** What a project refers to outside of the workspace: environment variables and files. What is not there is left out, and refused by its place. */
export function secretsOf(references: readonly Reference[], folder: string): Record<string, string> {
  return Object.fromEntries(
    references.flatMap(({ reference }) => {
      const value = secretOf(reference, folder);
      return value === undefined ? [] : [[reference, value]];
    }),
  );
}

/** Those that have no value here: variables that are not set, or empty, and files that are not there. Nothing is read for it. */
export function unsetReferences(references: readonly Reference[], folder: string): string[] {
  const isUnset = (reference: string) => {
    if (reference.startsWith('env:')) return (process.env[reference.slice('env:'.length)] ?? '') === '';
    return reference.startsWith('file:') && pathInside(folder, reference.slice('file:'.length), otherSource) === undefined;
  };
  return [...new Set(references.map(({ reference }) => reference))].filter(isUnset);
}

/** What else a secret can come from than from a file that cannot be taken. */
const otherSource = ', or use env:NAME';

function secretOf(reference: string, folder: string): string | undefined {
  if (reference.startsWith('env:')) return process.env[reference.slice('env:'.length)];
  if (!reference.startsWith('file:')) return undefined;
  const text = textInside(folder, reference.slice('file:'.length), secretCharacters, otherSource);
  return text === undefined ? undefined : withoutLineEnd(text);
}

/** The documents that a project imports event types from, as far as they are there. */
export function documentsOf(names: readonly { readonly name: string }[], folder: string) {
  return names.flatMap(({ name }) => {
    const text = textInside(folder, name, importCharacters);
    return text === undefined ? [] : [{ name, text }];
  });
}

/** The same for a file that is written anew: one that cannot be read is a problem in words, and no error. */
export function readableDocuments(names: readonly string[], folder: string) {
  const problems: string[] = [];
  const documents = names.flatMap((name) => {
    try {
      const text = textInside(folder, name, importCharacters);
      if (text !== undefined) return [{ name, text }];
      problems.push(`There is no ${name} in ${folder}.`);
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      problems.push(error.message);
    }
    return [];
  });
  return { documents, problems };
}

/** Bodies that steps of a run have in files, as far as they are there. */
export function bodiesOf(names: readonly string[], folder: string) {
  return names.flatMap((name) => {
    const path = pathInside(folder, name);
    return path === undefined ? [] : [{ name, contentBase64: bytesOf(path, runBodyBytes).toString('base64') }];
  });
}

/** The text of a file that a project names; undefined where there is none. */
function textInside(folder: string, name: string, mostBytes: number, hint = ''): string | undefined {
  const path = pathInside(folder, name, hint);
  return path === undefined ? undefined : textOf(path, mostBytes);
}

/**
 * The path of a file that a project names; undefined where there is none. Throws a usage error for one outside of the folder of the project,
 * since a project that somebody else wrote also says where secrets are sent.
 */
function pathInside(folder: string, name: string, hint = ''): string | undefined {
  const path = resolve(folder, name);
  if (!existsSync(path)) return undefined;
  if (!isInside(realpathSync(folder), realpathSync(path)))
    throw usageError(
      `${shownName(name)} is outside of ${shownName(folder)}: a project reads files of its own folder only, so put it there${hint}.`,
    );
  // Also of one that is read later.
  const stats = statsOf(path);
  if (stats !== undefined) assertRegular(path, stats);
  return path;
}
