import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { formatDurationMs } from '#shared/duration-text.ts';
import { dataDirOption, logLevelOption, numberBetween } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { leftOutSentences } from '../left-out.ts';
import { addDeliveryFlags, readFilter, type DeliveryFlags } from '../delivery-flags.ts';
import { openEngine, type EngineClient } from '../engine-client.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { printJsonLine, printLine, printNote } from '../output.ts';
import { duration } from '../time-flags.ts';
import { failingSet, stillFailing, type FailingSet } from '../watching/failing-set.ts';
import { createPulse, type Pulse } from '../watching/pulse.ts';
import { createQuietAfter, longestUnrestMs } from '../watching/quiet-after.ts';
import { readinessText, untilReady, type Readiness } from '../watching/receiver-ready.ts';
import { playRound } from '../watching/round.ts';
import { judgedLine, pathsText, roundLines } from '../watching/watch-lines.ts';
import { watchTree } from '../watching/watched-tree.ts';

interface Flags extends Omit<DeliveryFlags, 'replay'> {
  /** For lists it narrows to one replay; here it says what each round goes over. */
  readonly replay: 'last-failed' | 'whole-set';
  readonly health?: string;
  readonly delay: number;
  readonly readyWithin: number;
  readonly within: number;
  readonly rate: number | 'max';
  readonly now?: boolean;
  readonly once?: boolean;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `watch` command: replays what failed whenever the receiver's files change. */
export function watchCommand(): Command {
  const rate = numberBetween(0.1, 10_000);
  const command = new Command('watch')
    .description('Replay what failed whenever files change and the receiver answers again, and say of each event what came of it')
    .argument('<paths...>', "files and folders of the receiver's code; node_modules and folders that begin with a dot are left out")
    .addOption(
      new Option(
        '--replay <what>',
        'what still fails of that which failed at the beginning, or all of it each time, to see what breaks again',
      )
        .choices(['last-failed', 'whole-set'])
        .default('last-failed'),
    )
    .option('--health <url>', 'wait until this URL answers with a 2xx (default: until the port of the receiver accepts a connection)')
    .option('--delay <time>', 'how long it must be quiet after a change, so that a receiver that restarts is down by then', duration, 500)
    .option('--ready-within <time>', 'how long the receiver is waited for', duration, 30_000)
    .option('--within <time>', 'how long the attempts of a round are waited for', duration, 60_000)
    .option('--rate <n>', 'deliveries in a second, 0.1 to 10000, or "max"', (text) => (text === 'max' ? text : rate(text)), 'max')
    .option('--now', 'begin with a round, without waiting for a change')
    .option('--once', 'end after one round; exits 0 when nothing fails any more, otherwise 1');
  return addDeliveryFlags(command, { withReplay: false })
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print JSON Lines')
    .action(async (paths: readonly string[], flags: Flags) => await watch(paths, flags));
}

async function watch(paths: readonly string[], flags: Flags): Promise<void> {
  const health = flags.health === undefined ? null : readHealth(flags.health);
  if (flags.status !== undefined && flags.status !== 'failed' && flags.status !== 'exhausted')
    throw usageError(`--status ${flags.status} is nothing that failed: choose failed or exhausted, or leave it out for both.`);
  const interrupt = listenForInterrupt();
  const stop = new AbortController();
  interrupt.setAction(async () => stop.abort());
  const quiet = createQuietAfter(flags.delay, Math.max(flags.delay, longestUnrestMs));
  const tree = watchTree(paths, quiet.note);
  try {
    const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: false });
    try {
      const { client } = session;
      const { replay: _goesOver, ...narrowing } = flags;
      const filter = await readFilter(client, narrowing);
      const set = await failingSet(client, filter);
      if (set.ids.length === 0) throw await nothingFails(client, filter, flags.test);
      const changes = createPulse(await session.follow());
      tellSet(set, paths, flags.json === true);
      const receivers = health === null ? set.receivers : [health];
      process.exitCode = interrupt.exitCode(
        await rounds({ client, set, receivers, changes, flags, signal: stop.signal, nextChange: () => quiet.next(stop.signal) }),
      );
    } finally {
      await session.close();
    }
  } finally {
    tree.close();
    interrupt.release();
  }
}

/** Says that there is nothing to watch, and what failed and is left out. */
async function nothingFails(
  client: EngineClient,
  filter: Awaited<ReturnType<typeof readFilter>>,
  isTest: boolean | undefined,
): Promise<Error> {
  const leftOut = leftOutSentences(await client.deliveries.failureGroups({ ...filter, limit: 1 }), { isTest });
  const found =
    leftOut.length === 0
      ? 'Nothing that matches failed, so there is nothing to replay: let it fail first, or widen the options (tests need --test).'
      : 'Nothing that matches is failed or exhausted, so there is nothing to replay: let it fail first, or widen the options.';
  return usageError([found, ...leftOut].join(' '));
}

function readHealth(url: string): Readiness {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError(`--health ${url} is no URL: give one such as http://127.0.0.1:3000/healthz.`);
  return { kind: 'health', url };
}

function tellSet({ ids, isCut }: FailingSet, paths: readonly string[], isJson: boolean): void {
  if (isJson) return printJsonLine({ event: 'watching', paths, failing: ids.length, isCut });
  if (isCut) printNote(`More than ${ids.length} failed: these are the newest. Narrow them, such as with --since 1h.`);
  printLine(`${ids.length} failed; watching ${pathsText(paths)}`);
}

interface Watch {
  readonly client: EngineClient;
  readonly set: FailingSet;
  readonly receivers: readonly Readiness[];
  readonly changes: Pulse;
  readonly flags: Flags;
  readonly signal: AbortSignal;
  readonly nextChange: () => Promise<readonly string[] | null>;
}

/** Round after round until it is interrupted, or one with `--once`; returns the exit code. */
async function rounds(watched: Watch): Promise<number> {
  const { flags, signal, nextChange } = watched;
  let changed: readonly string[] | null = flags.now === true ? [] : await nextChange();
  while (changed !== null && !signal.aborted) {
    const failing = (await allReady(watched)) ? await round(watched, changed) : null;
    if (flags.once === true) return failing === 0 ? 0 : 1;
    changed = await nextChange();
  }
  return 0;
}

/** Without the files that a program wrote beside the real one and took away again; those alone are still a change. */
function withoutPassing(paths: readonly string[]): readonly string[] {
  const there = paths.filter((path) => existsSync(path));
  return there.length === 0 ? paths : there;
}

/** Replays once; returns how many still fail. */
async function round({ client, set, changes, flags, signal }: Watch, paths: readonly string[]): Promise<number> {
  const changed = withoutPassing(paths);
  const isJson = flags.json === true;
  const ids = flags.replay === 'whole-set' ? set.ids : await stillFailing(client, set);
  if (isJson) printJsonLine({ event: 'round', changed, replaying: ids.length });
  else
    printLine(
      `${changed.length === 0 ? '' : `${pathsText(changed)} changed; `}${ids.length === 0 ? 'nothing fails any more' : `replaying ${ids.length}`}`,
    );
  if (ids.length === 0) return 0;
  const end = await playRound(client, ids, {
    changes,
    ratePerSecond: flags.rate === 'max' ? null : flags.rate,
    withinMs: flags.within,
    signal,
    onJudged: (delivery) => (isJson ? printJsonLine({ event: 'delivery', ...delivery }) : printLine(judgedLine(delivery))),
  });
  const failing = ids.length - end.delivered;
  if (isJson) printJsonLine({ event: 'end', replayId: end.replay.id, counts: end.counts, skipped: end.replay.skipped, failing });
  else for (const line of roundLines(end, { failing, of: ids.length })) printLine(line);
  return failing;
}

/** Waits for every receiver; says which one does not come. */
async function allReady({ receivers, flags, signal }: Watch): Promise<boolean> {
  for (const receiver of receivers) {
    const name = readinessText(receiver);
    const isReady = await untilReady(receiver, {
      withinMs: flags.readyWithin,
      signal,
      onWait: () => printNote(`Waiting for ${name}`),
    });
    if (isReady) continue;
    if (!signal.aborted)
      printNote(
        `${name} ${receiver.kind === 'health' ? 'did not answer with a 2xx' : 'accepted no connection'} within ${formatDurationMs(flags.readyWithin)}, so nothing was replayed: start the receiver, then ${flags.once === true ? 'run this again' : 'change a file'}.`,
      );
    return false;
  }
  return true;
}
