import type { Capture } from './capture/capture.ts';
import type { Core } from './core.ts';
import { moveCaptureUrls } from './endpoints/store.ts';
import { Refusal } from './base/refusal.ts';
import { createInTurn } from './store/in-turn.ts';

/** The default port for HTTPS; when it is in use, another one is taken. */
const usualHttpsPort = 4611;

/** Turns HTTPS on and off as the settings say. */
export interface HttpsSwitch {
  /** Rejects with a Refusal when no port can be opened; then it stays as it was. */
  readonly follow: () => Promise<void>;
}

type HttpsSwitchDeps = Pick<Core, 'database' | 'settings' | 'log'> & { readonly capture: Capture };

export function createHttpsSwitch({ database, settings, log, capture }: HttpsSwitchDeps): HttpsSwitch {
  const inTurn = createInTurn();
  const lastBase = () => settings.recall<string>('internal.httpsBase');

  const start = async () => {
    const fromBase = lastBase();
    const port = fromBase === undefined ? usualHttpsPort : Number(new URL(fromBase).port);
    await listen(port);
    const toBase = capture.httpsUrl();
    if (toBase === null || toBase === fromBase) return;
    await database.write((writer) => {
      if (fromBase !== undefined) moveCaptureUrls(writer, { fromBase, toBase, slugs: capture.slugs() });
      settings.remember(writer, 'internal.httpsBase', toBase);
    });
  };
  const listen = async (port: number) => {
    try {
      await capture.startHttps(port);
    } catch (error) {
      const code = codeOf(error);
      log.warn({ port, code }, 'The port for HTTPS cannot be opened, so another one is taken');
      try {
        await capture.startHttps(0);
      } catch (other) {
        throw new Refusal('CONFLICT', `No port for HTTPS can be opened (${codeOf(other)}).`, { issues: [] });
      }
    }
  };
  return {
    follow: () =>
      inTurn('https', async () => {
        const isOn = settings.get().isHttpsOn && capture.url() !== null;
        if (isOn && capture.httpsUrl() === null) await start();
        if (!isOn && capture.httpsUrl() !== null) await capture.stopHttps();
      }),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
