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

/** Where a page asks the host to prove itself, with `?nonce=`; no cookie is sent there. */
export const pageChallengePath = '/page-challenge';

/**
 * What the host answers there: its nonce, and a proof that it has the page key. The page opens the WebSocket with a proof of its own over that
 * nonce, so that the key itself is never sent.
 */
export interface PageChallenge {
  readonly nonce: string;
  readonly proof: string;
}

/** The proof of a page goes along as a subprotocol of its own, `PREFIX` + nonce + `.` + proof, since a page can put nothing else into a handshake. */
export const pageProofProtocolPrefix = 'hookyard.page-proof.';

/** What the host signs with the page key, by HMAC-SHA-256 in base64url: another host that is asked for its proof has another origin. */
export function hostProofText(origin: string, pageNonce: string, hostNonce: string): string {
  return ['hookyard host', origin.toLowerCase(), pageNonce, hostNonce].join('\n');
}

/** What the page signs. */
export function pageProofText(origin: string, hostNonce: string): string {
  return ['hookyard page', origin.toLowerCase(), hostNonce].join('\n');
}

/** Beginning of the fragment by which the printed link hands the window its page key; fragments are never sent to a server. */
export const pageKeyFragment = '#page-key=';
