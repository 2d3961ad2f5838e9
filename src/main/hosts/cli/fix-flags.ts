import type { Command } from 'commander';
import { requestChange, type RequestChange } from '#shared/contract/solver-fix.ts';
import { shellArgument, shellQuote } from '#shared/text/escapes.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { parseJsonOption, type FileReader } from './input.ts';

/** The parsed option about a fix. */
export interface FixFlags {
  readonly fix?: string;
}

/** Adds the option about a fix to a command. */
export function addFixFlag(command: Command): Command {
  return command.option('--fix <json>', 'make this change of the request first, as --solve prints it; @FILE reads it from a file');
}

/** The change that the option asks for, or null. */
export function readFix({ fix }: FixFlags, files: FileReader): RequestChange | null {
  if (fix === undefined) return null;
  const text = fix.startsWith('@') ? files.text(fix.slice(1), '--fix') : fix;
  const parsed = requestChange.safeParse(parseJsonOption(text, '--fix'));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(
    `--fix takes a change as --solve prints it, and this is none (${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}).`,
  );
}

/** Options that belong to a search or to a case file, with whether a value follows: neither goes with a change. */
const ofSearch = new Map([
  ['--case', true],
  ['--case-headers', true],
  ['--solve', false],
  ['--all-secrets', false],
  ['--solve-seconds', true],
]);

/** More than this is better read from a file than pasted into a shell. */
const pastedCharacters = 4000;

/** A command that searched. */
export interface SearchedCommand {
  readonly args: readonly string[];
  /** The clock that it judged by; undefined where the request brings its own. */
  readonly nowMs: number | undefined;
}

/**
 * The command with a change in place of its search, and with the clock of its verdict: the same request may be too old a while later. A
 * secret that stood in it is not printed again. Null where it would be too long.
 */
export function fixedCommand({ args, nowMs }: SearchedCommand, change: RequestChange): string | null {
  const json = JSON.stringify(change);
  if (json.length > pastedCharacters) return null;
  const kept: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const takesValue = ofSearch.get(arg.split('=')[0] ?? '');
    if (takesValue !== undefined) {
      if (takesValue && !arg.includes('=')) at += 1;
    } else if (arg === '--secret') {
      kept.push('--secret', '…');
      at += 1;
    } else kept.push(arg.startsWith('--secret=') ? '--secret=…' : shellArgument(arg));
  }
  if (nowMs !== undefined && !args.some((arg) => arg === '--now' || arg.startsWith('--now='))) kept.push('--now', String(nowMs / 1000));
  return `hookyard ${kept.join(' ')} --fix ${shellQuote(json)}`;
}
