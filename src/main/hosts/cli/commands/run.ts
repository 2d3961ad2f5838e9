import { Command, Option } from 'commander';
import { junitXml } from '#shared/junit.ts';
import { runSuite, unrunSuite } from '#shared/run-junit.ts';
import { gapsText, stoppedText } from '#shared/run-words.ts';
import { shownName } from '#shared/text/shown-name.ts';
import type { RunReport, RunSummary } from '#shared/contract/runs.ts';
import { dataDirOption, logLevelOption, whyText } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { agreeToReads } from '../agree-to-reads.ts';
import { openEngine, type EngineClient } from '../engine-client.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { printJson, printLine, printNote, table } from '../output.ts';
import { bodiesOf, readProjectFiles, secretsOf, type ProjectFiles } from '../project-files.ts';
import { writeReport } from '../report-file.ts';
import { runEventLine, waitingLine } from '../run-lines.ts';
import { openStatusLine } from '../status-line.ts';
import { runSpeed } from '../run-speed.ts';
import { saveRunCommand } from './run-save.ts';

interface Flags {
  readonly project?: string;
  readonly to?: string;
  readonly speed?: number;
  /** False with --no-gaps. */
  readonly gaps: boolean;
  readonly list?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly junit?: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `run` command: a test of the project, step by step. */
export function runCommand(): Command {
  return new Command('run')
    .description(
      'Run tests of the project: their steps are sent anew, and each has to bring what it expects; exits 0 when all do, 1 when not, 2 when it could not be run',
    )
    .enablePositionalOptions()
    .argument('[names...]', 'the names of runs, which are run one after the other')
    .option('--all', 'run all of the project')
    .option('--project <path>', 'the file or folder of the project (default: the nearest one from this folder upwards)')
    .option('--to <url|endpoint>', 'send to another URL, or to another endpoint by its id or name')
    .option('--speed <n>', 'make the gaps between steps this many times shorter (default: as the run says)', runSpeed)
    .addOption(new Option('--no-gaps', 'send each step as soon as the one before is decided').conflicts('speed'))
    .option('--list', 'list the runs of the project, and send nothing')
    .option('--yes', 'read the variables and files that the runs name without asking')
    .option('--junit <file>', 'also write a JUnit report')
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document')
    .addCommand(saveRunCommand())
    .action(async (names: readonly string[], flags: Flags) => await run(names, flags));
}

async function run(given: readonly string[], flags: Flags): Promise<void> {
  if (given.length > 0 && flags.all === true) throw usageError('Give names, or --all; not both.');
  if (given.length === 0 && flags.all !== true && flags.list !== true)
    throw usageError('Say which run: hookyard run NAME, or --all; hookyard run --list names those that there are.');
  const project = readProjectFiles(flags.project);
  const interrupt = listenForInterrupt();
  const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: flags.list === true ? false : null });
  try {
    const { client } = session;
    const { items } = await client.runs.list({ files: project.files });
    if (flags.list === true) return printRuns(items, flags.json === true);
    const names = flags.all === true ? items.map(({ name }) => name) : given;
    if (names.length === 0) throw usageError(noRuns);
    const { to } = flags;
    // One that the project does not have reads nothing, and is refused when its turn comes.
    const known = names.filter((name) => items.some((each) => each.name === name));
    const runs = known.map((name) => ({ name, ...(to === undefined ? {} : { to }) }));
    if (runs.length > 0) await agreeToReads(client, project, { runs, isAgreed: flags.yes === true, interrupt });
    const told = await runEach(
      names.map((name) => ({ name, ask: () => askedOf(name, items, project, flags) })),
      { client, flags, interrupt },
    );
    process.exitCode = interrupt.exitCode(told.length === names.length && told.every(isMet) ? 0 : 1);
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** A run with what was told of it so far. */
interface ToldRun {
  readonly name: string;
  readonly events: RunReport[];
}

interface Running {
  readonly client: EngineClient;
  readonly flags: Flags;
  readonly interrupt: Interrupt;
}

/** Runs one after the other, until one cannot be run or Ctrl-C ends it; returns those that began, which the reports have. */
async function runEach(asked: readonly NamedRun[], { client, flags, interrupt }: Running): Promise<readonly ToldRun[]> {
  const told: ToldRun[] = [];
  const tell = (brokeOff: string | null = null) => {
    const whyOf = (index: number) => (index === told.length - 1 ? brokeOff : null);
    const suites = told.map(({ name, events }, index) => runSuite(name, events, whyOf(index)));
    const left = asked.slice(told.length).map(({ name }) => unrunSuite(name));
    if (flags.json === true && told.some(({ events }) => events.length > 0))
      printJson(asked.length === 1 ? { events: told[0]?.events ?? [] } : { runs: told });
    if (flags.junit !== undefined) writeReport(flags.junit, '--junit', junitXml(...suites, ...left));
  };
  try {
    for (const { name, ask } of asked) {
      const begun = { name, events: [] };
      told.push(begun);
      if (await follow(client, ask(), flags, { interrupt, events: begun.events })) break;
    }
  } catch (error) {
    // What was decided before is known, too; and a run that could not begin is in the report.
    try {
      tell(whyText(error));
    } catch (unwritten) {
      printNote(whyText(unwritten));
    }
    throw error;
  }
  tell();
  return told;
}

function isMet({ events }: ToldRun): boolean {
  const last = events.at(-1);
  return last?.kind === 'ended' && last.isMet;
}

/** A run with what it is asked for, of which a file or a secret may not be as it has to be. */
interface NamedRun {
  readonly name: string;
  readonly ask: () => Asked;
}

type Asked = Parameters<EngineClient['runs']['run']>[0];

/** What is asked, with the secrets and bodies of this run only: another's may be missing here. */
function askedOf(name: string, items: readonly RunSummary[], { folder, files }: ProjectFiles, { to, speed, gaps }: Flags): Asked {
  const found = items.find((each) => each.name === name);
  const references = (found?.secrets ?? []).map((reference) => ({ reference }));
  return {
    files,
    name,
    gaps,
    ...(to === undefined ? {} : { to }),
    ...(speed === undefined ? {} : { speed }),
    secrets: secretsOf(references, folder),
    bodies: bodiesOf(found?.bodyFiles ?? [], folder),
  };
}

interface Following {
  readonly interrupt: Interrupt;
  /** What was told so far. */
  readonly events: RunReport[];
}

/** Follows a run to its end and tells each step as it is decided. Ctrl-C ends it; returns whether it did. */
async function follow({ runs }: EngineClient, asked: Asked, { json }: Flags, { interrupt, events }: Following): Promise<boolean> {
  const line = json === true ? null : openStatusLine();
  const stop = new AbortController();
  interrupt.setAction(async () => stop.abort());
  try {
    for await (const event of await runs.run({ ...asked, progress: line !== null }, { signal: stop.signal })) {
      if (event.kind === 'waiting') {
        line?.show((passedMs) => waitingLine(event, passedMs));
        continue;
      }
      line?.clear();
      events.push(event);
      if (json !== true) printLine(runEventLine(event));
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    line?.clear();
  }
  if (stop.signal.aborted && json !== true) printLine(stoppedAfter(events));
  return stop.signal.aborted;
}

function stoppedAfter(events: readonly RunReport[]): string {
  const started = events.find((event) => event.kind === 'started');
  return stoppedText(events, started ?? null);
}

const noRuns = 'The project has no runs: "hookyard run save NAME" makes one of deliveries or captures.';

function printRuns(items: readonly RunSummary[], isJson: boolean): void {
  if (isJson) return printJson({ items });
  if (items.length === 0) return printLine(noRuns);
  const rows = items.map((each) => [
    each.name,
    String(each.steps),
    each.to ?? '-',
    gapsText(each.gapsMs, each.speed) ?? 'no gaps',
    `${shownName(each.place.file)}:${each.place.line}`,
  ]);
  printLine(table(['RUN', 'STEPS', 'TO', 'GAPS', 'AT'], rows));
}
