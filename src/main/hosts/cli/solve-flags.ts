import type { Command } from 'commander';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { durationText } from '#shared/duration-text.ts';
import { familiesText, familyGroups } from '#shared/searched-families.ts';
import type { EngineClient } from './engine-client.ts';
import { fixedCommand, type SearchedCommand } from './fix-flags.ts';
import { wholeNumber } from '#hosts/shared/command-line.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { Interrupt } from './interrupt.ts';
import { printLine, printNote, toned } from './output.ts';
import { openStatusLine } from './status-line.ts';

/** The parsed options about searching. */
export interface SolveFlags {
  readonly solve?: boolean;
  readonly allSecrets?: boolean;
  readonly solveSeconds?: number;
}

/** Adds the options about searching for the cause of a mismatch to a command. */
export function addSolveFlags(command: Command): Command {
  return command
    .option('--solve', 'when the request is not valid, search for the smallest change that makes its signature match')
    .option('--solve-seconds <n>', 'how long the search may take, 1 to 60 (default: 5); goes with --solve', wholeNumber(1, 60))
    .option('--all-secrets', 'search with the secrets of every endpoint and bin of the running Hookyard too; goes with --solve');
}

type SolveInput = Parameters<EngineClient['verifying']['solve']>[0];

/** Searches, and tells on a terminal how far it is. An interrupt ends the search, and with it the command. */
export async function searchCause(
  verifying: Pick<EngineClient['verifying'], 'solve'>,
  input: SolveInput,
  interrupt: Interrupt,
): Promise<SolverResult> {
  const line = openStatusLine();
  const stop = new AbortController();
  interrupt.setAction(async () => stop.abort());
  try {
    for await (const event of await verifying.solve(input, { signal: stop.signal })) {
      if (event.kind === 'result') return event;
      line?.show(() => `Searching, ${event.phase}: ${event.tried.toLocaleString('en-US')} tried`);
    }
    throw new Error('The search ended without a result.');
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new ExitError('The search was stopped before it came to an end.', interrupt.exitCode(2), { cause: error });
  } finally {
    line?.clear();
  }
}

/** Prints what a search found with its proof, or what it tried and what to ask for; `searched` is the command that searched. */
export function printSolution({ matches, tried, untried, families, elapsedMs, advice }: SolverResult, searched: SearchedCommand): void {
  printLine('');
  for (const match of matches) printMatch(match, searched);
  const kinds = Object.entries(tried.byKind).map(([kind, count]) => `${kind === 'none' ? 'as received' : kind} ${count}`);
  const byKind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  const tries = `${tried.total.toLocaleString('en-US')} signatures tried in ${durationText(elapsedMs)}${byKind}`;
  if (matches.length === 0) printLine(`${toned('no cause found', 'bad')}  ${tries}.`);
  else printNote(`${tries}.`);
  // What a match made unnecessary was not missed.
  for (const { why, sentence } of untried) if (why !== 'match') printLine(`  untried   ${sentence}`);
  if (matches.length === 0 && tried.total > 0) printFamilies(families, untried);
  for (const sentence of advice) printLine(`  ask       ${sentence}`);
}

/** Which kinds of changes were searched and which were not; what the request has nothing of is left out. */
function printFamilies(families: SolverResult['families'], untried: SolverResult['untried']): void {
  if (families.length === 0) return;
  printLine(`  searched  ${familiesText(families, untried)}.`);
  for (const { title, state, families: members } of familyGroups(families))
    if (state !== 'nothing to change') printLine(`            ${title}: ${members.map((member) => member.title).join('; ')}.`);
}

function printMatch(match: SolverMatch, searched: SearchedCommand): void {
  printLine(`${match.weak ? toned('hint', 'waiting') : toned('cause', 'good')}  ${match.sentence}`);
  printLine(`  secret    ${match.secretLabel} (${match.secretFingerprint})`);
  printLine(`  received  ${match.received}`);
  printLine(`  expected  ${match.expected}`);
  if (match.unchanged !== null && match.unchanged !== match.expected) printLine(`  unchanged ${match.unchanged}`);
  if (match.bodyDiff !== null) {
    const { offset, beforeHex, afterHex } = match.bodyDiff;
    printLine(
      `  body      differs from byte ${offset}: ${beforeHex === '' ? 'its end' : beforeHex} here, ${afterHex === '' ? 'its end' : afterHex} signed`,
    );
  }
  printLine(`  fix       ${fixText(match, searched)}`);
}

function fixText({ fix }: SolverMatch, searched: SearchedCommand): string {
  if ('why' in fix) return fix.why;
  return (
    fixedCommand(searched, fix.change) ??
    'is too long to print: --json has it as solution.matches[0].fix.change, to be saved to a file and given by --fix @FILE.'
  );
}
