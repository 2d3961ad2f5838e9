import { isDeepStrictEqual } from 'node:util';
import { projectFile } from '#shared/contract/project-file.ts';
import { task, TaskEnded, type Background } from '../background/background.ts';
import { invalid } from '../base/refusal.ts';
import { linesOf, memberOf, openFile, valueIn, valueOf, type FileText } from './file-sections.ts';
import { plainYaml } from './project-text.ts';

/** The documents that a file imports event types from, as it names them, whatever else is wrong in it. Rejects with a Refusal for a file that is no YAML. */
export async function documentNames(background: Pick<Background, 'run'>, current: FileText): Promise<readonly string[]> {
  return await refusingLate(current, () => background.run('imports', documentNamesTask, current));
}

export const documentNamesTask = task<FileText, readonly string[]>('documentNames', (current) => {
  const read = projectFile.shape.eventTypesFrom.safeParse(valueOf(openFile(current))?.['eventTypesFrom']);
  return read.success ? read.data : [];
});

interface KeepOrder {
  /** The file as it is written of the workspace. */
  readonly text: string;
  /** The file as it is now. */
  readonly current: FileText;
}

/** The file of a project with what is of the file and of no workspace in its own text: its runs, and the names of its documents where these are the same. Rejects with a Refusal where that cannot be read. */
export async function keepParts(background: Pick<Background, 'run'>, order: KeepOrder): Promise<string> {
  return await refusingLate(order.current, () => background.run('imports', keepPartsTask, order));
}

async function refusingLate<T>({ name }: FileText, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    throw invalid('current', `${name} takes too long to read: move its runs into another file.`, { cause: error });
  }
}

export const keepPartsTask = task<KeepOrder, string>('keepParts', ({ text, current }) => withRuns(withDocuments(text, current), current));

function withRuns(text: string, current: FileText): string {
  const document = openFile(current);
  const pair = memberOf(document.contents, 'runs');
  if (pair === undefined) return text;
  const { runs } = valueOf(document) ?? {};
  const lines = linesOf(current.text, document.contents, pair, current.text.length);
  if (lines !== null) {
    const kept = `${text}${current.text.slice(lines.from, lines.to).trimEnd()}\n`;
    if (isDeepStrictEqual(valueIn(kept)?.['runs'], runs)) return kept;
  }
  // What refers to other parts of the file is written out.
  return `${text}${plainYaml({ runs })}`;
}

/** The text with `eventTypesFrom` as it stands in the file now, comments included. Where it has other names, it stays as it was written. */
function withDocuments(text: string, current: FileText): string {
  const written = openFile({ name: current.name, text });
  const here = memberOf(written.contents, 'eventTypesFrom');
  if (here === undefined) return text;
  const document = openFile(current);
  const pair = memberOf(document.contents, 'eventTypesFrom');
  const from = pair === undefined ? null : linesOf(current.text, document.contents, pair, current.text.length);
  const to = linesOf(text, written.contents, here, text.length);
  if (from === null || to === null) return text;
  const own = current.text.slice(from.from, from.to).trimEnd();
  const kept = `${text.slice(0, to.from)}${own}\n${text.slice(to.to)}`;
  const wanted = valueIn(text);
  return wanted != null && isDeepStrictEqual(valueIn(kept), wanted) ? kept : text;
}
