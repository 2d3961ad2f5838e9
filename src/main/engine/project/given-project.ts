import { projectCharacters } from '#shared/contract/project.ts';
import type { Json } from '#shared/contract/json.ts';
import { importLimitMs, TaskEnded, type Background } from '../background/background.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { placeText, type Problem } from './places.ts';
import { projectReadsTask, type Read } from './reads.ts';
import type { ReadsOrder } from './reads-order.ts';
import { readProjectTask, type ProjectText, type ReadProject } from './read-project.ts';

/** The files of a project as a call gives them. */
export interface GivenProject {
  readonly text?: string | undefined;
  readonly files?: readonly ProjectText[] | undefined;
  readonly document?: Readonly<Record<string, Json>> | undefined;
}

/** Reads the files of a project in a thread. Rejects with a Refusal that has every problem at its place. */
export async function readGivenProject(background: Pick<Background, 'run'>, given: GivenProject): Promise<ReadProject> {
  const project = await refusingLate(() => background.run('imports', readProjectTask, filesOf(given)));
  refuseProblems(project.problems);
  return project;
}

/** The same with what else is read for the project. */
export async function readGivenReads(
  background: Pick<Background, 'run'>,
  given: GivenProject,
  order: ReadsOrder,
): Promise<{ readonly project: ReadProject; readonly reads: readonly Read[] }> {
  const read = await refusingLate(() => background.run('imports', projectReadsTask, { files: filesOf(given), ...order }));
  refuseProblems(read.project.problems);
  return read;
}

async function refusingLate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    const why = error.why === 'late' ? `takes more than ${importLimitMs / 1000} seconds to read` : 'needs too much memory to be read';
    throw invalid('files', `The project ${why}: make it smaller, such as by importing event types from a document.`, { cause: error });
  }
}

function filesOf({ text, files, document }: GivenProject): readonly ProjectText[] {
  if ([text, files, document].filter((each) => each !== undefined).length !== 1)
    throw invalid('text', 'Give the project as text, as files with name and text, or as a document; one of these.');
  const given = files ?? [{ name: 'hookyard.yaml', text: text ?? JSON.stringify(document) }];
  if (given.reduce((sum, file) => sum + file.text.length, 0) <= projectCharacters) return given;
  throw invalid(
    'files',
    `The project is over the limit of ${projectCharacters / 1_000_000} million characters: import event types from documents instead.`,
  );
}

/** Throws a Refusal with every problem at its file, line and column. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const issues = problems.map(({ place, path, message }) => ({
    path,
    message: [place === null ? '' : `${placeText(place)}:`, path === '' ? '' : `${path}:`, message].filter((part) => part !== '').join(' '),
  }));
  throw new Refusal('INPUT_INVALID', issues.map(({ message }) => message).join('\n'), { issues });
}
