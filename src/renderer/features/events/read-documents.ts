import { importCharacters } from '#shared/contract/event-import.ts';
import type { Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { mostFiles, type FoundFile } from '../../ui/dropped-files.ts';
import type { ChosenFile } from './import-store.ts';

const readable = /\.(?:json|ya?ml)$/i;

/** Reads files as text. Of several, only those in JSON and YAML are read; a problem says which of the limits they are over. */
export async function readDocuments(found: readonly FoundFile[]): Promise<readonly ChosenFile[] | Problem> {
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
