import type { Engine, Log } from '#engine/index.ts';
import { outliveOutput, type AgentTargets } from '#hosts/shared/command-line.ts';
import { looseFolderWarning, makeDataDir } from '#hosts/shared/data-dir.ts';
import { createPinoLog, type LogLevel } from '#hosts/shared/pino-log.ts';
import { startEngine } from '#hosts/shared/start-engine.ts';
import { createHostEngine, openDoors } from './host.ts';
import { resolveToken } from './token.ts';

export interface ServeOptions {
  readonly dataDir: string;
  readonly port?: number | undefined;
  readonly capturePort?: number | undefined;
  readonly tokenFile?: string | undefined;
  readonly timeScale?: number | undefined;
  readonly withSample: boolean;
  /** Where agents may send; loopback addresses only by default. */
  readonly agentTargets?: AgentTargets | undefined;
  readonly logLevel: LogLevel;
  /** One JSON document instead of the lines. */
  readonly json: boolean;
}

/** Runs the headless host until a signal stops it; resolves once everything is closed. Throws ExitError for what the user must change. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = createPinoLog(options.logLevel);
  outliveOutput(warn);
  const token = resolveToken(options.tokenFile, process.env);
  makeDataDir(options.dataDir);
  const looseFolder = looseFolderWarning(options.dataDir);
  if (looseFolder !== null) warn(looseFolder);
  const engine = createHostEngine({ ...options, capturePort: options.capturePort ?? null, log, warn });
  // Opens the data file before it first waits. Until then, also while a large file is brought to a new format, a signal
  // ends the process at once, which the file is made for; from then on what runs is stopped in order.
  const starting = startEngine(engine);
  const stop = nextSignal();
  const { captureUrl, openUrls, warning } = await starting;
  if (warning !== null) warn(warning);
  try {
    if (!stop.isAsked()) await serveUntil(stop.asked, { ...options, token, log, engine, captureUrl, openUrls });
  } finally {
    await engine.stop();
    stop.release();
  }
}

/** Opens the doors to a running engine, and closes them when `stopAsked` settles or not all can be opened. */
async function serveUntil(
  stopAsked: Promise<void>,
  { engine, token, log, dataDir, port, json, captureUrl, openUrls }: ServeOptions & Opened,
): Promise<void> {
  const doors = await openDoors({ engine, token, log, dataDir, port });
  try {
    announce(json, `${doors.url}/?token=${token}`, { captureUrl, openUrls });
    await stopAsked;
  } finally {
    await doors.close();
  }
}

/** What the doors of a host lead to. */
interface Opened {
  readonly engine: Engine;
  readonly token: string;
  readonly log: Log;
  readonly captureUrl: string | null;
  /** Where bins are open to other machines. */
  readonly openUrls: readonly string[];
}

function announce(json: boolean, readyUrl: string, { captureUrl, openUrls }: Pick<Opened, 'captureUrl' | 'openUrls'>): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url: readyUrl, captureUrl, openUrls, pid: process.pid })}\n`);
    return;
  }
  process.stdout.write(`Ready at ${readyUrl}\n`);
  if (captureUrl !== null) process.stdout.write(`Captures at ${captureUrl.replace(/\/$/, '')}/\n`);
  if (openUrls.length > 0) process.stdout.write(`Open to other machines at ${openUrls.map((url) => `${url}/`).join(' and ')}\n`);
}

function warn(sentence: string): void {
  process.stderr.write(`hookyard: ${sentence}\n`);
}

/** A request to stop, by SIGINT, SIGTERM or SIGHUP, which comes when the terminal is closed. */
interface StopSignal {
  readonly asked: Promise<void>;
  readonly isAsked: () => boolean;
  /** Stops listening and counting: all that was to be stopped has stopped. */
  readonly release: () => void;
}

/** Longest time from the first signal to the end of the process; stopping takes some seconds at most unless something hangs. */
const stopWithinMs = 20_000;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal from now on asks to stop; the second ends the process at once, and so does time when stopping takes too long. */
function nextSignal(): StopSignal {
  let limit: NodeJS.Timeout | undefined;
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const isAsked = () => limit !== undefined;
  const stop = () => {
    if (isAsked()) process.exit(130);
    limit = setTimeout(giveUp, stopWithinMs).unref();
    resolve();
  };
  for (const signal of stopSignals) process.on(signal, stop);
  return {
    asked,
    isAsked,
    release: () => {
      clearTimeout(limit);
      for (const signal of stopSignals) process.off(signal, stop);
    },
  };
}

function giveUp(): void {
  warn(
    `Stopping took longer than ${stopWithinMs / 1000} s, so Hookyard ends now. What it accepted is on the disk, and attempts under way are made again at the next start.`,
  );
  process.exit(1);
}
