import { Command, InvalidArgumentError } from 'commander';
import { benches, takeReport, type Bench, type Flags } from './benches.ts';
import { toMarkdown } from './support/report.ts';
import { writeToDocs } from './support/write-to-docs.ts';

interface PrintFlags extends Flags {
  readonly json?: true;
  readonly write?: true;
}

const program = new Command('bench').description('Measures Hookyard against named peers. Ratios come from interleaved rounds of one run.');
for (const bench of benches) {
  const command = program
    .command(bench.name)
    .description(bench.about)
    .option('--rounds <n>', 'rounds of each side, or runs of each query', positive)
    .option('--messages <n>', bench.messages, positive)
    .option('--json', 'print one JSON document')
    .option('--write', 'put the table into docs/benchmarks.md')
    .action((flags: PrintFlags) => run(bench, flags));
  if (bench.name === 'log')
    command.option('--sizes <n,n,...>', 'start, claims, pages and memory on logs of these many attempts instead', positives);
  if (bench.name === 'hostile')
    command.option(
      '--only <text>',
      'only the acts and inputs with this text in their name, such as "captures: 15 MiB"; cannot be combined with --write',
    );
}

// A run that is interrupted still removes its temporary folders.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(bench: Bench, { json, write, ...flags }: PrintFlags): Promise<void> {
  if (flags.only !== undefined && write === true)
    throw new Error('Leave out --only or --write: docs/benchmarks.md has the table of a whole run.');
  const report = await takeReport(bench, flags);
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${toMarkdown(report)}`);
  if (write === true) process.stderr.write(`The table is in ${writeToDocs(report)}.\n`);
}

function positives(text: string): readonly number[] {
  return text.split(',').map(positive);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Use a whole number of 1 or more.');
}
