import { plainText } from './plain-text.ts';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { codeOf, defaultDataDir } from './data-dir.ts';
import { ExitError } from './exit-error.ts';

/** Levels of `--log-level`; named here too so that help needs no logger. */
const logLevelNames = ['info', 'warn', 'error', 'silent'] as const;

/**
 * Runs a program on this process's arguments and sets its exit code: 2 for whatever the command could not do, with one sentence on standard error. 1 is left
 * to commands, of which many have it as a verdict.
 */
export async function runCommandLine(program: Command): Promise<void> {
  quietly(program);
  process.stdout.on('error', (error) => onOutputLost(error));
  // There is nowhere left to say it, and what runs goes on.
  process.stderr.on('error', () => undefined);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Whether commands look into this folder that are given none, in any terminal. */
export function isUsualDataDir(dataDir: string): boolean {
  return dataDir === defaultDataDir({ platform: process.platform, env: {}, homeDir: homedir() });
}

/** What follows when standard output cannot be written. */
let onOutputLost: (error: Error) => void = endWithoutOutput;

function endWithoutOutput(error: Error): void {
  // The reader of a pipe, such as head, may close it first; that is not an error.
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`hookyard: ${outputSentence(error)}\n`);
  // Another code could be taken for a verdict that nobody could read.
  process.exit(2);
}

function outputSentence(error: Error): string {
  return `Standard output could not be written (${codeOf(error)}), so not all of it came: free some space, or give it another place.`;
}

/** From now on the program goes on without its standard output, whose lines serve only to tell of it; `tell` takes a sentence about that, once. */
export function outliveOutput(tell: (sentence: string) => void): void {
  let isTold = false;
  onOutputLost = (error) => {
    if (!isTold) tell(outputSentence(error));
    isTold = true;
  };
}

/** The `--data-dir` option, resolved; the default is the workspace the desktop app uses. */
export function dataDirOption(): Option {
  const fallback = defaultDataDir({ platform: process.platform, env: process.env, homeDir: homedir() });
  return new Option('--data-dir <dir>', 'folder of the workspace (also HOOKYARD_DATA_DIR)')
    .default(fallback)
    .argParser((text) => resolve(text));
}

/** The `--log-level` option; by default nothing below a warning is logged. */
export function logLevelOption(): Option {
  return new Option('--log-level <level>', 'what to log on standard error').choices(logLevelNames).default('warn');
}

/** Where coding agents may send, as a flag says it. */
export type AgentTargets = 'loopback' | 'any';

/** The `--agent-targets` option; undefined where it is left out. */
export function agentTargetsOption(): Option {
  return new Option(
    '--agent-targets <where>',
    'where coding agents may send: loopback addresses of this machine only, or any (default: loopback)',
  ).choices(['loopback', 'any']);
}

/** Reads a whole number between bounds for an option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`);
  };
}

/** Reads a number between bounds for an option. */
export function numberBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Use a number from ${min} to ${max}.`);
  };
}

/** Collects a repeatable option's values in order. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Makes commander throw instead of ending the process, for a command and all below it. */
function quietly(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const child of command.commands) quietly(child);
}

/** Whether a call or its events broke off because the host went away; commands take their own aborts themselves. */
function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError' && /was closed|aborted/.test(error.message);
}

/** Prints why a command failed; returns its exit code. */
function report(error: unknown): number {
  // Help and version have been printed by now.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const words = whyText(error);
  const isTold = words === '' || (error instanceof CommanderError && error.code === 'commander.help');
  if (!isTold) process.stderr.write(`hookyard: ${plainText(words)}\n`);
  // 1 is a verdict of many commands, and there is none.
  return error instanceof ExitError && !isForWantOfFiles(error) ? error.exitCode : 2;
}

/** Why a command failed, in words; empty where it has said so itself. */
export function whyText(error: unknown): string {
  if (isForWantOfFiles(error))
    return 'No more files or connections could be opened (too many open files): close programs or raise the limit (ulimit -n), then try again.';
  if (error instanceof CommanderError) return `${error.message.replace(/^error: /, '').replace(/\.?$/, '.')} Add --help to see what fits.`;
  if (error instanceof ExitError || isRefusal(error)) return error.message;
  if (isConnectionClosed(error))
    return 'Hookyard stopped before this had ended, so it is not known what was done: look before you repeat it. What it had accepted goes on when it starts again.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whether this error or its cause is the limit of open files, which can occur anywhere, so that the place's own message would mislead. */
function isForWantOfFiles(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')) || isForWantOfFiles(error.cause);
}

/** An error of the contract, recognised by its form because most commands do not load the library that makes them. */
function isRefusal(error: unknown): error is Error & { readonly status: number; readonly code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && 'status' in error && typeof error.status === 'number'
  );
}

/** An option as it is written, without the hyphens before it: `event-id` for `eventId`. */
export function optionOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
