import { describeMachine } from './support/machine.ts';
import type { BenchName, Findings, Report, Sizes } from './support/report.ts';

/** What a run is asked for; what is left out is the benchmark's own. */
export interface Flags {
  readonly rounds?: number;
  readonly messages?: number;
  /** Attempts of each log, for the benchmark of logs. */
  readonly sizes?: readonly number[];
  /** A text in the names of what is measured, for the benchmark of hostile input. */
  readonly only?: string;
}

type Measure = (sizes: Sizes) => Promise<Findings>;

/** A benchmark by the name that it is called by. */
export interface Bench {
  readonly name: BenchName;
  readonly about: string;
  readonly messages: string;
  /** Loaded when it is chosen: each of them loads the engine, which takes longer than small sizes take to run. */
  readonly load: () => Promise<Measure>;
}

/** All benchmarks, in the order in which they are listed. */
export const benches: readonly Bench[] = [
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

/** Runs a benchmark and says on which machine, and by which command it is run again. */
export async function takeReport({ name, load }: Bench, flags: Flags): Promise<Report> {
  const { sizes } = flags;
  const [bench, measure]: [BenchName, Measure] = sizes === undefined ? [name, await load()] : ['log-sizes', await loadLogSizes(sizes)];
  const machine = describeMachine();
  const takenAt = new Date().toISOString();
  const findings = await measure({ rounds: flags.rounds ?? null, messages: flags.messages ?? null, only: flags.only ?? null });
  return { bench, command: commandOf(bench, flags), takenAt, machine, ...findings };
}

async function loadLogSizes(sizes: readonly number[]): Promise<Measure> {
  const { benchLogSizes } = await import('./log-sizes.ts');
  return ({ rounds }) => benchLogSizes(sizes, rounds);
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
