/** The files of a project among those that were chosen. */
export interface FoundProject {
  /** Of its folder within the choice, with / behind it, or empty. Its paths begin there. */
  readonly folder: string;
  readonly paths: readonly string[];
}

/**
 * Finds the project as the command line does: hookyard.yaml, hookyard.yml or all YAML files in a folder .hookyard, in the outermost folder
 * that has one, in the order of their paths: browsers have none. A single YAML or JSON file that is in no folder is the project, whatever it is called.
 * `loose` are files of the chosen folder itself that say that they are a project; they count together where that folder has none by its name, so
 * that what *Save as test* downloads is found. Returns a sentence where there is none, or more than one.
 */
export function findProject(paths: readonly string[], loose: readonly string[] = []): FoundProject | string {
  const [first, second] = paths;
  if (first !== undefined && second === undefined && /^[^/]*\.(?:ya?ml|json)$/i.test(first)) return { folder: '', paths };
  const byPlace = Map.groupBy(paths, placeOf);
  byPlace.delete(null);
  const places = [...byPlace.keys()].filter((place) => place !== null);
  const depth = Math.min(...places.map((place) => place.split('/').length));
  const outermost = places.filter((place) => place.split('/').length === depth);
  const [place, other] = outermost;
  const [oneLoose] = loose;
  if (oneLoose !== undefined && (place === undefined || folderOf(place) !== folderOf(oneLoose)))
    return { folder: folderOf(oneLoose), paths: loose.filter((path) => folderOf(path) === folderOf(oneLoose)).toSorted() };
  if (place === undefined) return noProject;
  if (other !== undefined) return `${place} and ${other} are both there: choose one of them.`;
  return { folder: folderOf(place), paths: (byPlace.get(place) ?? []).toSorted() };
}

const noProject =
  'There is no hookyard.yaml and no folder .hookyard in it, and no other YAML file there says “hookyard: 1”: choose the folder that has one, or the file itself.';

/** Files that are looked into for a project of another name at most. */
const mostLookedInto = 200;

/** The YAML files of the chosen folder itself, or those that were chosen: they may be a project, whatever they are called. */
export function mayBeLoose(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.split('/').length <= 2 && /\.ya?ml$/i.test(path) && !isOfProject(path)).slice(0, mostLookedInto);
}

/** Whether a YAML text says that it is a project: `hookyard: 1`, at the left. */
export function saysProject(text: string): boolean {
  return /^\uFEFF?(?:"hookyard"|'hookyard'|hookyard)[ \t]*:[ \t]+\d/m.test(text);
}

/** Whether a file is part of a project. */
export function isOfProject(path: string): boolean {
  return placeOf(path) !== null;
}

/** Whether a path is that of a folder .hookyard, or of something in one. */
export function isInProjectFolder(path: string): boolean {
  return /(?:^|\/)\.hookyard(?:\/|$)/.test(path);
}

/** The file or the folder that makes a file part of a project; null for any other file. */
function placeOf(path: string): string | null {
  const folder = /^((?:.*\/)?\.hookyard)\/.*\.ya?ml$/.exec(path)?.[1];
  if (folder !== undefined) return folder;
  return /(?:^|\/)hookyard\.ya?ml$/.test(path) ? path : null;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The path within the choice of a file that the project names; null for one outside of its folder. */
export function pathOf({ folder }: Pick<FoundProject, 'folder'>, name: string): string | null {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return name.startsWith('/') ? null : `${folder}${parts.join('/')}`;
}
