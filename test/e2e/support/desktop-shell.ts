import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Page, PlaywrightWorkerArgs } from '@playwright/test';
import { connectMessage } from '#shared/host-bridge.ts';
import { root } from '../../../scripts/build.ts';
import { desktopProblem, findElectron, sandboxArguments } from '../../../scripts/electron-binary.ts';
import { bridgePagePort } from '../../support/page-port.ts';
import type { Api, Shell } from './shell.ts';

/** Opens the built desktop app for each spec, where Electron's binary and a display exist. */
export function createDesktopShell(playwright: PlaywrightWorkerArgs['playwright']): Shell {
  const electron = findElectron();
  return {
    missing: desktopProblem(electron),
    launch: async ({ dataDir, startAt }) => {
      if ('why' in electron) throw new Error(electron.why);
      const app = await playwright._electron.launch({
        executablePath: electron.path,
        args: [...sandboxArguments(), root],
        env: { ...currentEnvironment(), HOOKYARD_DATA_DIR: dataDir },
      });
      const page = await app.firstWindow();
      await page.evaluate((hash) => (window.location.hash = hash), startAt);
      const api = await connectApi(page);
      const { captureUrl } = await api.system.health();
      if (captureUrl === null) throw new Error('The desktop app has no capture listener.');
      return {
        hookyard: {
          page,
          api,
          captureUrl,
          dataDir,
          rest: null,
          // By the main process: the app denies its page to ask for the clipboard.
          writeClipboard: (text) => app.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text),
          host: null,
        },
        close: () => app.close(),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** A client over a second port of the page: the desktop host has no other door. */
async function connectApi(page: Page): Promise<Api> {
  const port = await bridgePagePort(page);
  // The bridge is installed before the page's own code, and so with the next load.
  await page.reload();
  await page.evaluate((message) => {
    const { port1, port2 } = new MessageChannel();
    Reflect.apply(Reflect.get(window, 'hookyardJoin'), null, [port1]);
    window.postMessage(message, '/', [port2]);
  }, connectMessage);
  return createORPCClient(new RPCLink({ port }));
}

function currentEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
