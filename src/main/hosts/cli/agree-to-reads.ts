import { createInterface } from 'node:readline';
import { realpathSync } from 'node:fs';
import { mostKnownReads } from '#shared/contract/project.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import type { Interrupt } from './interrupt.ts';
import { printNote } from './output.ts';
import type { ProjectFiles } from './project-files.ts';
import { readsText } from './reads-text.ts';

export interface ReadsOrder {
  /** Of these runs, each with the target that it gets; otherwise of applying the project. */
  readonly runs?: readonly { readonly name: string; readonly to?: string }[];
  /** References without a value: what the workspace has in their place stays, and may go elsewhere. */
  readonly unset?: readonly string[];
  /** Names of documents that are read for the workspace. */
  readonly documents?: readonly string[];
  /** Only look: nothing leaves this machine, so nobody is asked and nothing is kept. */
  readonly isDryRun?: boolean;
  /** Whoever called has agreed already. */
  readonly isAgreed?: boolean;
  readonly interrupt?: Interrupt;
}

/**
 * Says what is about to be read for a project, and where it goes: the file, which somebody else may have written, names the variables and
 * the URLs. What is new is asked for where somebody sits at a terminal. Every command that reads for a project calls this first. Throws an ExitError
 * where the answer is not yes; then nothing was read.
 */
export async function agreeToReads(
  { project }: EngineClient,
  { folder, files }: ProjectFiles,
  { runs, unset = [], documents = [], isDryRun = false, isAgreed = false, interrupt }: ReadsOrder = {},
): Promise<void> {
  const at = realpathSync(folder);
  const asked = { files, at, unset: [...unset], ...(runs === undefined ? {} : { runs: [...runs] }) };
  const { reads } = await project.reads(asked);
  if (reads.length + documents.length === 0) return;
  printNote(`${readersText(runs?.length)}:\n${readsText(reads, documents)}`);
  const fresh = reads.filter(({ isKnown }) => !isKnown);
  if (fresh.length === 0 || isDryRun) return;
  const output = isAgreed ? null : questionOutput();
  if (output !== null) {
    const news = fresh.length === reads.length ? '' : ` ${fresh.length} of these ${fresh.length === 1 ? 'is' : 'are'} new.`;
    output.write(`hookyard:${news} Read ${reads.length === 1 ? 'it' : 'them'}, and go on? [y/N] `);
    if (!(await isYes(interrupt)))
      throw new ExitError('Nothing was read, and nothing was done: --yes goes on without asking.', interrupt?.exitCode(2) ?? 2);
  }
  const keys = fresh.flatMap(({ key }) => (key === '' ? [] : [key]));
  if (keys.length > 0) await project.noteReads({ at, keys: keys.slice(0, mostKnownReads) });
}

function readersText(runs: number | undefined): string {
  if (runs === undefined) return 'The project reads';
  return runs === 1 ? 'The run reads' : 'The runs read';
}

/** Where a question is seen; null where nobody can answer it. */
function questionOutput(): NodeJS.WriteStream | null {
  const { CI = '' } = process.env;
  if (!process.stdin.isTTY || !['', '0', 'false'].includes(CI)) return null;
  return [process.stderr, process.stdout].find(({ isTTY }) => isTTY) ?? null;
}

/** Reads a line of the terminal. Its end, and Ctrl-C where the command listens for it, are a no. */
async function isYes(interrupt: Interrupt | undefined): Promise<boolean> {
  // The terminal itself lets the line be edited; Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, terminal: false });
  interrupt?.setAction(async () => lines.close());
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve).once('close', () => resolve(''));
  });
  lines.close();
  return /^\s*y(?:es)?\s*$/i.test(line);
}
