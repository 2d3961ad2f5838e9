import { Command, Option } from 'commander';
import type { ComparedResult, NoiseKind } from '#shared/contract/comparing.ts';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { readEntries, sideOf, withEntries } from '../compared-files.ts';
import { wholeComparisonLines } from '../whole-comparison-lines.ts';
import { ignoreKinds, readKinds } from '../ignore-flag.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';

interface Flags extends HostFlags {
  readonly ignore?: readonly NoiseKind[];
  readonly entry?: readonly number[];
  readonly of?: 'request' | 'response';
}

/** 2 stands for what could not be compared, as for a command that cannot be carried out. */
const exitCodes = { same: 0, different: 1, 'not compared': 2 } as const satisfies Record<ComparedResult, number>;

/** The `compare` command, which is also `captures compare`: how two attempts, deliveries, captures or requests in files differ. */
export function compareCommand(): Command {
  return addHostFlags(
    new Command('compare')
      .description(
        'Compare two attempts, deliveries, captures or requests in files: request, answer, timing, connection; exits 0 if requests and answers are the same, 1 if not, 2 if they could not be compared whole',
      )
      .argument(
        '<first>',
        'id of an attempt (att_…), a delivery (dlv_…, its last attempt) or a capture (cap_…); or a file (HAR, an export, curl, a raw request), or - for standard input',
      )
      .argument('<second>', 'the same'),
  )
    .option('--ignore <kinds>', `leave out differences of these kinds, separated by commas: ${ignoreKinds}`, readKinds)
    .option('--entry <n>', 'which request of the file, 1 for the first; N,M for two files', readEntries)
    .addOption(new Option('--of <part>', 'let the exit code be that of this part only').choices(['request', 'response']))
    .action(async (first: string, second: string, flags: Flags) => {
      if (first === '-' && second === '-') throw usageError('Standard input can be read once: give a file or an id as one of the two.');
      const files = createFileReader();
      const given = [sideOf(first, files), sideOf(second, files)] as const;
      await ask(
        flags,
        async (client) => {
          const [before, after] = await withEntries(client, given, flags.entry ?? []);
          const comparison = await client.comparing.compare({ before, after, ignore: [...(flags.ignore ?? [])] });
          process.exitCode = exitCodes[resultOf(comparison, flags.of)];
          return comparison;
        },
        (comparison) => wholeComparisonLines(comparison).join('\n'),
      );
    });
}

function resultOf(comparison: Comparison, of: Flags['of']): ComparedResult {
  return of === undefined ? comparison.result : comparison[of].result;
}
