import { Command } from 'commander';
import { comparedChoice } from '#shared/compared-choice.ts';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { wholeComparisonLines } from '../whole-comparison-lines.ts';
import { ignoreKinds, readKinds } from '../ignore-flag.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';

/** The `compare` command, which is also `captures compare`: how two attempts, deliveries or captures differ. */
export function compareCommand(): Command {
  return addHostFlags(
    new Command('compare')
      .description(
        'Compare two attempts, deliveries or captures: request, answer, timing, connection; exits 0 if requests and answers are the same, 1 if not',
      )
      .argument('<first>', 'id of an attempt (att_…), a delivery (dlv_…, its last attempt) or a capture (cap_…)')
      .argument('<second>', 'the same'),
  )
    .option('--ignore <kinds>', `leave out differences of these kinds, separated by commas: ${ignoreKinds}`, readKinds)
    .action(async (first: string, second: string, flags: HostFlags & { readonly ignore?: readonly NoiseKind[] }) => {
      const input = { before: choiceOf(first), after: choiceOf(second), ignore: [...(flags.ignore ?? [])] };
      await ask(
        flags,
        async (client) => {
          const comparison = await client.comparing.compare(input);
          process.exitCode = comparison.isSame ? 0 : 1;
          return comparison;
        },
        (comparison) => wholeComparisonLines(comparison).join('\n'),
      );
    });
}

function choiceOf(id: string): ComparedChoice {
  const choice = comparedChoice(id);
  if (choice === null) throw usageError(`${id} is no id of an attempt (att_…), a delivery (dlv_…) or a capture (cap_…).`);
  return choice;
}
