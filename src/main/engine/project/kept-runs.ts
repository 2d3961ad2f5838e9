import { isDeepStrictEqual } from 'node:util';
import { task, TaskEnded, type Background } from '../background/background.ts';
import { invalid } from '../base/refusal.ts';
import { linesOf, memberOf, openFile, valueIn, valueOf, type FileText } from './file-sections.ts';
import { plainYaml } from './project-text.ts';

interface KeepOrder {
  /** The file as it is written of the workspace. */
  readonly text: string;
  /** The file as it is now. */
  readonly current: FileText;
}

/** The file of a project with the runs that it has now, in their own text. Rejects with a Refusal where that cannot be read. */
export async function keepRuns(background: Pick<Background, 'run'>, order: KeepOrder): Promise<string> {
  try {
    return await background.run('imports', keepRunsTask, order);
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    throw invalid('current', `The runs of ${order.current.name} take too long to read: move them into another file.`, { cause: error });
  }
}

export const keepRunsTask = task<KeepOrder, string>('keepRuns', ({ text, current }) => {
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
});
