import { Command } from 'commander';
import type { ComparedChoice, NoiseKind } from '#shared/contract/comparing.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { comparisonLines } from '../comparison-lines.ts';
import { ignoreKinds, readKinds } from '../ignore-flag.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';

/** The `captures compare` command: how two requests differ. */
export function compareCommand(): Command {
  return addHostFlags(
    new Command('compare')
      .description('Compare two captures, or a capture with what a delivery or an attempt sent; exits 0 if they are the same, 1 if not')
      .argument('<first>', 'id of a capture, an attempt or a delivery (its last attempt)')
      .argument('<second>', 'the same'),
  )
    .option('--ignore <kinds>', `leave out differences of these kinds, separated by commas: ${ignoreKinds}`, readKinds)
    .action(async (first: string, second: string, flags: HostFlags & { readonly ignore?: readonly NoiseKind[] }) => {
      await ask(
        flags,
        async (client) => {
          const comparison = await client.comparing.compare({
            before: choiceOf(first),
            after: choiceOf(second),
            ignore: [...(flags.ignore ?? [])],
          });
          process.exitCode = comparison.isSame ? 0 : 1;
          return comparison;
        },
        (comparison) => [comparison.summary, ...comparisonLines(comparison, { before: 'first', after: 'second' })].join('\n'),
      );
    });
}

function choiceOf(id: string): ComparedChoice {
  if (id.startsWith('cap_')) return { captureId: id };
  if (id.startsWith('att_')) return { attemptId: id };
  if (id.startsWith('dlv_')) return { deliveryId: id };
  throw usageError(`${id} is no id of a capture (cap_…), an attempt (att_…) or a delivery (dlv_…).`);
}
