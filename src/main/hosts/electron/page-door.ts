import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { admit, type Log, type Router } from '#engine/index.ts';
import { serveCallPort } from '#hosts/shared/call-port.ts';
import type { LargeJson } from '#hosts/shared/large-json.ts';
import { connectMessage } from '#shared/host-bridge.ts';
import { originOf } from './guards.ts';

/** What the door needs to know of the app. */
export interface PageDoor {
  readonly ipc: IpcMain;
  readonly router: Router;
  /** Reads and writes large calls. */
  readonly json: LargeJson;
  /** Origin of the page that may come in. */
  readonly origin: string;
  /** Whether these contents belong to a window of ours. */
  readonly isKnown: (contents: WebContents) => boolean;
  readonly actor: string;
  readonly log: Log;
}

/** Serves the router on the ports that our page sends; ports from anywhere else are closed unread. Returns a function that closes the door. */
export function openPageDoor(door: PageDoor): () => void {
  const accept = (event: IpcMainEvent) => {
    const [port, ...surplus] = event.ports;
    for (const each of surplus) each.close();
    if (port === undefined) return;
    if (!isOurPage(event, door)) {
      door.log.warn(
        { url: event.senderFrame?.url ?? null },
        'A connection that did not come from the main frame of the window was refused',
      );
      port.close();
      return;
    }
    serveCallPort(port, { ...door, context: admit(door.actor) });
    // Messages wait in the port until here, so none is lost.
    port.start();
  };
  door.ipc.on(connectMessage, accept);
  return () => void door.ipc.off(connectMessage, accept);
}

function isOurPage({ sender, senderFrame }: IpcMainEvent, { isKnown, origin }: PageDoor): boolean {
  return senderFrame !== null && isKnown(sender) && senderFrame === sender.mainFrame && originOf(senderFrame.url) === origin;
}
