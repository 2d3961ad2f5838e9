/** What the host of a page tells it, on `window.hookyard` in the desktop app; absent in a browser. */
export interface HostFacts {
  readonly kind: 'electron';
  readonly platform: string;
  readonly version: string;
}

/**
 * Message that the page posts to its own window with one MessagePort: the preload passes the port to the main
 * process, which serves the router on it. Also the name of the IPC channel it goes over.
 */
export const connectMessage = 'hookyard:connect';

/** Path of the WebSocket door on the headless host. */
export const webSocketPath = '/rpc';

/** Subprotocol of the WebSocket door. */
export const webSocketProtocol = 'hookyard.rpc';

/** The page key goes along as a subprotocol of its own, since a page can put nothing else into a handshake. */
export const pageKeyProtocolPrefix = 'hookyard.page-key.';

/** Beginning of the fragment by which the printed link hands the window its page key; fragments are never sent to a server. */
export const pageKeyFragment = '#page-key=';
