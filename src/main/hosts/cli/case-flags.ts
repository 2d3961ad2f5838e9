import { writeFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { printNote } from './output.ts';

/** The parsed options about a case file. */
export interface CaseFlags {
  readonly case?: string;
  readonly caseHeaders: 'redacted' | 'all';
}

/** The input for the engine to make a case file. */
export interface CaseChoice {
  readonly path: string;
  readonly format: 'html' | 'json';
  readonly includeHeaders: 'redacted' | 'all';
}

/** Adds the options about a case file to a command. */
export function addCaseFlags(command: Command): Command {
  return command
    .option('--case <file>', 'also write a case file to hand on, without any secret: HTML, or JSON if its name ends in .json')
    .addOption(
      new Option('--case-headers <which>', 'headers in the case file: redacted leaves out Authorization, Cookie and the like')
        .choices(['redacted', 'all'])
        .default('redacted'),
    );
}

/** The case file that the options ask for, or null. */
export function caseChoice(flags: CaseFlags): CaseChoice | null {
  if (flags.case === undefined) return null;
  return { path: flags.case, format: /\.json$/i.test(flags.case) ? 'json' : 'html', includeHeaders: flags.caseHeaders };
}

/** Writes a case file that only its owner may read, since it holds a customer's request; says so on standard error. */
export function writeCase({ path }: CaseChoice, contentBase64: string): void {
  try {
    writeFileSync(path, Buffer.from(contentBase64, 'base64'), { mode: 0o600 });
  } catch (error) {
    throw usageError(`--case cannot write ${path} (${codeOf(error)}): give a file in a folder that exists and that you may write to.`, {
      cause: error,
    });
  }
  printNote(`Wrote the case file ${path}.`);
}
