import { join } from 'node:path';
import { createEngine } from '#engine/index.ts';
import { appVersion, findAppRoot } from '#hosts/shared/app-root.ts';
import { makeDataDir } from '#hosts/shared/data-dir.ts';
import { removeHostFile, writeHostFile } from '#hosts/shared/host-file.ts';
import { openKeyFileVault } from '#hosts/shared/key-file-vault.ts';
import { createPinoLog, type LogLevel } from '#hosts/shared/pino-log.ts';
import { startEngine } from '#hosts/shared/start-engine.ts';
import { openHeadlessServer, type HeadlessServer } from './server.ts';
import { resolveToken } from './token.ts';

export interface ServeOptions {
  readonly dataDir: string;
  readonly port?: number | undefined;
  readonly capturePort?: number | undefined;
  readonly tokenFile?: string | undefined;
  readonly timeScale?: number | undefined;
  readonly withSample: boolean;
  readonly logLevel: LogLevel;
  /** One JSON document instead of the two lines. */
  readonly json: boolean;
}

/** Runs the headless host until a signal stops it; answers once all is closed. Throws ExitError for what the user must change. */
export async function serve(options: ServeOptions): Promise<void> {
  // Listened to from the start: a signal while the engine starts must not leave it half open.
  const stopAsked = nextSignal();
  const log = createPinoLog(options.logLevel);
  const token = resolveToken(options.tokenFile, process.env);
  makeDataDir(options.dataDir);
  const { vault, warning: vaultWarning } = openKeyFileVault(options.dataDir);
  if (vaultWarning !== null) warn(vaultWarning);

  const engine = createEngine({
    dataDir: options.dataDir,
    host: 'headless',
    vault,
    log,
    withSample: options.withSample,
    capturePort: options.capturePort ?? null,
    ...(options.timeScale === undefined ? {} : { timeScale: options.timeScale }),
  });
  const { captureUrl, warning } = await startEngine(engine);
  if (warning !== null) warn(warning);

  let server: HeadlessServer;
  try {
    const root = findAppRoot();
    server = await openHeadlessServer({
      router: engine.router,
      token,
      log,
      version: appVersion(root),
      rendererDir: join(root, 'out', 'renderer'),
      port: options.port,
    });
  } catch (error) {
    await engine.stop();
    throw error;
  }

  writeHostFile(options.dataDir, { pid: process.pid, url: server.url, token });
  announce(options.json, `${server.url}/?token=${token}`, captureUrl);
  await stopAsked;
  removeHostFile(options.dataDir, process.pid);
  await server.close();
  await engine.stop();
}

function announce(json: boolean, readyUrl: string, captureUrl: string | null): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url: readyUrl, captureUrl, pid: process.pid })}\n`);
    return;
  }
  process.stdout.write(`Ready at ${readyUrl}\n`);
  if (captureUrl !== null) process.stdout.write(`Captures at ${captureUrl.replace(/\/$/, '')}/\n`);
}

function warn(sentence: string): void {
  process.stderr.write(`hookyard: ${sentence}\n`);
}

/** Settles at the first SIGINT or SIGTERM; the second ends the process at once. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
