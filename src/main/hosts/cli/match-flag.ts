import type { Command } from 'commander';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { conditionExamples, readMatch } from '#shared/match-text.ts';
import { collect } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Options of a command that filters captures. */
export interface MatchFlags {
  readonly match?: readonly string[];
}

/** Adds `--match`, which may be given several times. */
export function addMatchFlag(command: Command, what: string): Command {
  return command.option(
    '--match <condition>',
    `${what}, such as ${conditionExamples.slice(0, 3).join(', ')}, header.NAME=..., query.NAME=..., json.$.PATH=... as text or json.$.PATH:=... with its type (4900, "4900", null), verdict=valid; * stands for anything; repeat it, all have to hold`,
    collect,
  );
}

/** The filter of the flags; null for everything. Throws a usage error for what is no condition. */
export function matchOf({ match = [] }: MatchFlags, option = '--match'): RequestMatch | null {
  const read = readMatch(match);
  if ('match' in read) return read.match;
  throw usageError(read.problems.map(({ problem }) => `${option} ${problem}`).join(' '));
}
