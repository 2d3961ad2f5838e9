import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Outcome } from '#shared/contract/outcome.ts';
import { allPages } from '#shared/all-pages.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { logLevelOption, numberBetween } from '#hosts/shared/command-line.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import type { EngineClient } from '../engine-client.ts';
import { printNote } from '../output.ts';

interface Flags {
  readonly keep?: boolean;
  readonly timeScale?: number;
  readonly logLevel: LogLevel;
}

/** The `with` command: another command beside a host of its own. */
export function withCommand(): Command {
  return new Command('with')
    .description('Run a command beside a Hookyard of its own, on free ports with an empty workspace, and exit as it does')
    .argument('<command...>', 'the command with its arguments, behind --, such as: hookyard with -- npm test')
    .option('--keep', 'keep the workspace when the command has ended, and say where it is')
    .option('--time-scale <n>', 'run retry schedules this many times faster than real time, 1 to 3600', numberBetween(1, 3600))
    .addOption(logLevelOption())
    .addHelpText('after', '\nThe command finds it by HOOKYARD_URL, HOOKYARD_TOKEN, HOOKYARD_CAPTURES and HOOKYARD_DATA_DIR.')
    .action(async (command: readonly string[], flags: Flags) => await runBesideHost(command, flags));
}

async function runBesideHost(command: readonly string[], { keep, timeScale, logLevel }: Flags): Promise<void> {
  const [{ admit, createDirectClient }, { createHostEngine, openDoors }, { resolveToken }, { createPinoLog }, { startEngine }] =
    await Promise.all([
      import('#engine/index.ts'),
      import('#hosts/headless/host.ts'),
      import('#hosts/headless/token.ts'),
      import('#hosts/shared/pino-log.ts'),
      import('#hosts/shared/start-engine.ts'),
    ]);
  const signals = passSignals();
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-with-'));
  const log = createPinoLog(logLevel);
  const engine = createHostEngine({ dataDir, capturePort: 0, timeScale, withSample: false, log, warn: printNote });
  try {
    const { captureUrl } = await startEngine(engine);
    const token = resolveToken(undefined, {});
    const doors = await openDoors({ engine, token, log, dataDir, port: 0 });
    try {
      const own = { HOOKYARD_URL: doors.url, HOOKYARD_TOKEN: token, HOOKYARD_CAPTURES: captureUrl ?? '', HOOKYARD_DATA_DIR: dataDir };
      const code = await run(command, { ...process.env, ...own }, signals.passTo);
      process.exitCode = code;
      await report(createDirectClient(engine.router, admit(actorText('cli'))), code === 0);
    } finally {
      await doors.close();
    }
  } finally {
    await engine.stop();
    signals.release();
    if (keep === true) printNote(`The workspace is kept in ${dataDir}`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Runs a command to its end on our own input and output; returns its exit code, as shells count that of a signal. */
async function run(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  passTo: (child: ChildProcess) => void,
): Promise<number> {
  const child = spawn(program, args, { env, stdio: 'inherit' });
  passTo(child);
  return await new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(usageError(`${program} cannot be run (${codeOf(error)}): give a program that exists behind --.`, { cause: error })),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hands signals on to the command, once it runs. */
function passSignals() {
  let child: ChildProcess | null = null;
  let early: NodeJS.Signals | null = null;
  const pass = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the command by itself.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    if (child === null) early = signal;
    else child.kill(signal);
  };
  for (const signal of passedSignals) process.on(signal, pass);
  return {
    passTo: (started: ChildProcess) => {
      child = started;
      if (early !== null) started.kill(early);
    },
    release: () => {
      for (const signal of passedSignals) process.off(signal, pass);
    },
  };
}

/** At most this many failures are named. */
const namedFailures = 5;

/**
 * What came and what was sent, in some lines on standard error. After a command that passed, failures are told as they were seen, without
 * what to change: tests expect refusals, too.
 */
async function report(client: EngineClient, hasPassed: boolean): Promise<void> {
  const bins = await allPages((from) => client.bins.list({ limit: 200, ...from }));
  const captures = bins.reduce((sum, { captureCount }) => sum + captureCount, 0);
  const { total, byStatus, testsByStatus } = await client.deliveries.stats({});
  const states = Object.entries(byStatus).filter(([, count]) => count > 0);
  const detail = states.length === 0 ? '' : `: ${states.map(([status, count]) => `${count} ${status}`).join(', ')}`;
  const tests = Object.values(testsByStatus).reduce((sum, count) => sum + count, 0);
  const besides = tests === 0 ? '' : `; ${tests} ${tests === 1 ? 'test' : 'tests'} besides`;
  printNote(
    `${captures} ${captures === 1 ? 'capture' : 'captures'}, ${total} ${total === 1 ? 'delivery' : 'deliveries'}${detail}${besides}`,
  );
  for (const status of ['exhausted', 'failed'] as const) {
    const { items } = await client.deliveries.list({ status, isTest: false, limit: namedFailures });
    for (const { id, eventType, endpointName, lastOutcome } of items)
      printNote(`${status} ${id}, ${eventType} to ${endpointName}: ${outcomeText(lastOutcome, hasPassed)}`);
  }
}

function outcomeText(outcome: Outcome | null, isShort: boolean): string {
  if (outcome === null) return 'nothing was sent.';
  if (!isShort) return outcome.message;
  return outcome.status === null ? outcome.code : `answered ${outcome.status}`;
}
