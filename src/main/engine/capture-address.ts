import type { Capture } from './capture/capture.ts';
import type { Core } from './core.ts';
import { moveCaptureUrls } from './endpoints/store.ts';
import { StartError } from './store/start-error.ts';

/** The default port for captures; when it is in use, another one is taken. */
const usualCapturePort = 4610;

type Settings = Pick<Core, 'settings'>;

/** Base URL of the capture listener; while it does not listen, the last one or the one it would have. */
export function captureBaseOf({ settings }: Settings, capture: Pick<Capture, 'url'>): string {
  return capture.url() ?? lastBaseOf(settings) ?? `http://127.0.0.1:${usualCapturePort}`;
}

/** Listens. Returns a sentence when the default port was taken and another one is used; throws a StartError when a port that was asked for is taken. */
export async function startCapture({ settings }: Settings, capture: Capture, asked: number | null | false): Promise<string | null> {
  if (asked === false) return null;
  const lastBase = lastBaseOf(settings);
  const port = asked ?? (lastBase === undefined ? usualCapturePort : Number(new URL(lastBase).port));
  try {
    await capture.start(port);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (asked !== null)
      throw new StartError(
        'PORT_IN_USE',
        `Captures cannot listen on port ${port} (${code}): close the program that uses it, or choose another with --capture-port (0 picks a free one).`,
        { cause: error },
      );
    await capture.start(0);
    return `Port ${port} is in use (${code}), so captures come in at ${capture.url() ?? ''} this time. Endpoints that point at a bin were moved along.`;
  }
}

/** Endpoints that send to this workspace's own bins are updated when the port of the listener changes. */
export async function followCapture({ database, settings }: Pick<Core, 'database' | 'settings'>, capture: Capture): Promise<void> {
  const toBase = capture.url();
  const fromBase = lastBaseOf(settings);
  if (toBase === null || toBase === fromBase) return;
  await database.write((writer) => {
    if (fromBase !== undefined) moveCaptureUrls(writer, { fromBase, toBase, slugs: capture.slugs() });
    settings.remember(writer, 'internal.captureBase', toBase);
  });
}

function lastBaseOf(settings: Core['settings']): string | undefined {
  return settings.recall<string>('internal.captureBase');
}
