import type { Command } from 'commander';
import { dataDirOption, wholeNumber } from '#hosts/shared/command-line.ts';
import type { HostFacts } from '#hosts/shared/host-file.ts';
import { connect, type EngineClient } from './engine-client.ts';
import { printJson, printLine, printNote } from './output.ts';

/** Options that every command on a running host has. */
export interface HostFlags {
  readonly dataDir: string;
  readonly json?: boolean;
}

/** Options of a command that lists. */
export interface ListFlags extends HostFlags {
  readonly limit: number;
  readonly cursor?: string;
}

/** Adds the data folder and `--json`. */
export function addHostFlags(command: Command): Command {
  return command.addOption(dataDirOption()).option('--json', 'print one JSON document');
}

/** Adds paging. */
export function addListFlags(command: Command): Command {
  return addHostFlags(command)
    .option('--limit <n>', 'rows to show, 1 to 200', wholeNumber(1, 200), 50)
    .option('--cursor <cursor>', 'go on where a page before ended');
}

/** The paging part of a listing's input. */
export function pageOf({ limit, cursor }: ListFlags): { readonly limit: number; readonly cursor?: string } {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}

/** Asks the host of the data folder once, and prints the answer as JSON or for people. */
export async function ask<T>(
  flags: HostFlags,
  question: (client: EngineClient, host: HostFacts) => Promise<T>,
  describe: (answer: T, client: EngineClient) => string | Promise<string>,
): Promise<void> {
  const session = await connect(flags.dataDir);
  try {
    const answer = await question(session.client, session.host);
    if (flags.json === true) printJson(answer);
    else printLine(await describe(answer, session.client));
  } finally {
    await session.close();
  }
}

/** Says on standard error how to see more of a page that has a next one. */
export function noteNext(next: string | null): void {
  if (next !== null) printNote(`There are more: add --cursor ${next}`);
}

/** Says on standard error how many bodies were searched only in part. */
export function noteSearchedInPart(count: number | undefined): void {
  if (count !== undefined)
    printNote(
      `${count} ${count === 1 ? 'body was' : 'bodies were'} searched in part only: over 16 MiB once unpacked, damaged, or in a coding that is not known.`,
    );
}
