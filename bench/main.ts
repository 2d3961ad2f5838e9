import { Command, InvalidArgumentError } from 'commander';
import { describeMachine } from './support/machine.ts';
import { toMarkdown, type BenchName, type Findings, type Report, type Sizes } from './support/report.ts';
import { writeToDocs } from './support/write-to-docs.ts';

interface Flags {
  readonly rounds?: number;
  readonly messages?: number;
  /** Attempts of each log, for the benchmark of logs. */
  readonly sizes?: readonly number[];
  /** A text in the names of what is measured, for the benchmark of hostile input. */
  readonly only?: string;
  readonly json?: true;
  readonly write?: true;
}

type Measure = (sizes: Sizes) => Promise<Findings>;

const benches: readonly {
  readonly name: BenchName;
  readonly about: string;
  readonly messages: string;
  /** Loaded when it is chosen: each of them loads the engine, which takes longer than small sizes take to run. */
  readonly load: () => Promise<Measure>;
}[] = [
  {
    name: 'dispatch',
    about: 'durable dispatch against raw undici POSTs to the same local server',
    messages: 'messages in a round',
    load: async () => (await import('./dispatch.ts')).benchDispatch,
  },
  {
    name: 'capture',
    about: 'the capture listener against a bare node:http server and a mock server under the same load',
    messages: 'requests in a round',
    load: async () => (await import('./capture.ts')).benchCapture,
  },
  {
    name: 'relay',
    about: 'capturing and forwarding durably against smee and a relay on BullMQ, and how late a target gets requests',
    messages: 'requests in a round',
    load: async () => (await import('./relay.ts')).benchRelay,
  },
  {
    name: 'connections',
    about: 'what thousands of idle connections and hundreds of followers of a stream cost a host, and those who send beside them',
    messages: 'requests in a round',
    load: async () => (await import('./connections.ts')).benchConnections,
  },
  {
    name: 'log',
    about: 'pages, search and statistics of a large log',
    messages: 'attempts in the large log',
    load: async () => (await import('./log.ts')).benchLog,
  },
  {
    name: 'due',
    about: 'how late scheduled deliveries are and how long the event loop is held up, idle and under full load',
    messages: 'scheduled deliveries',
    load: async () => (await import('./due.ts')).benchDue,
  },
  {
    name: 'isolation',
    about: 'how late a healthy endpoint gets its deliveries beside many that never answer',
    messages: 'messages to the healthy endpoint in a round',
    load: async () => (await import('./isolation.ts')).benchIsolation,
  },
  {
    name: 'failures',
    about: 'how long it takes to group what failed, and to judge what a large replay came to',
    messages: 'failed deliveries',
    load: async () => (await import('./failures.ts')).benchFailures,
  },
  {
    name: 'comparisons',
    about: 'how long a small comparison takes behind several of 10 MB',
    messages: 'large comparisons at once',
    load: async () => (await import('./comparisons.ts')).benchComparisons,
  },
  {
    name: 'followers',
    about: 'how many messages are accepted beside many followers of changes that never read',
    messages: 'messages in a round',
    load: async () => (await import('./followers.ts')).benchFollowers,
  },
  {
    name: 'memory',
    about: 'the memory of the engine over many deliveries',
    messages: 'deliveries',
    load: async () => (await import('./memory.ts')).benchMemory,
  },
  {
    name: 'solver',
    about: 'the search for the cause of a failing signature: what it finds, and how long it takes',
    messages: 'intact requests that must not be solved',
    load: async () => (await import('./solver.ts')).benchSolver,
  },
  {
    name: 'hostile',
    about: 'what hostile input is answered with, and how soon',
    messages: 'not used',
    load: async () => (await import('./hostile.ts')).benchHostile,
  },
  {
    name: 'preview',
    about: 'how long the preview of an event of 100 kB takes',
    messages: 'previews of each kind in a round',
    load: async () => (await import('./preview.ts')).benchPreview,
  },
  {
    name: 'window',
    about: 'how long the tasks of the window are while it shows hostile bodies',
    messages: 'bodies, of which there are 24',
    load: async () => (await import('./window.ts')).benchWindow,
  },
];

const program = new Command('bench').description('Measures Hookyard against named peers. Ratios come from interleaved rounds of one run.');
for (const bench of benches) {
  const command = program
    .command(bench.name)
    .description(bench.about)
    .option('--rounds <n>', 'rounds of each side, or runs of each query', positive)
    .option('--messages <n>', bench.messages, positive)
    .option('--json', 'print one JSON document')
    .option('--write', 'put the table into docs/benchmarks.md')
    .action(({ sizes, ...flags }: Flags) =>
      sizes === undefined ? run(bench.name, bench.load, flags) : run('log-sizes', () => loadLogSizes(sizes), { ...flags, sizes }),
    );
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

async function loadLogSizes(sizes: readonly number[]): Promise<Measure> {
  const { benchLogSizes } = await import('./log-sizes.ts');
  return ({ rounds }) => benchLogSizes(sizes, rounds);
}

async function run(bench: BenchName, load: () => Promise<Measure>, flags: Flags): Promise<void> {
  if (flags.only !== undefined && flags.write === true)
    throw new Error('Leave out --only or --write: docs/benchmarks.md has the table of a whole run.');
  const measure = await load();
  const machine = describeMachine();
  const takenAt = new Date().toISOString();
  const findings = await measure({ rounds: flags.rounds ?? null, messages: flags.messages ?? null, only: flags.only ?? null });
  const report: Report = { bench, command: commandOf(bench, flags), takenAt, machine, ...findings };
  process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : `${toMarkdown(report)}`);
  if (flags.write === true) process.stderr.write(`The table is in ${writeToDocs(report)}.\n`);
}

function commandOf(bench: BenchName, flags: Flags): string {
  const sizes = [
    flags.rounds === undefined ? [] : [`--rounds ${flags.rounds}`],
    flags.messages === undefined ? [] : [`--messages ${flags.messages}`],
    flags.only === undefined ? [] : [`--only ${JSON.stringify(flags.only)}`],
  ];
  const name = bench === 'log-sizes' ? `log --sizes ${flags.sizes?.join(',') ?? ''}` : bench;
  return ['npm run bench --', name, ...sizes.flat()].join(' ');
}

function positives(text: string): readonly number[] {
  return text.split(',').map(positive);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Use a whole number of 1 or more.');
}
