import type { Session, WebContents } from 'electron';
import { documentationLinks } from '#engine/index.ts';

const externalLinks = documentationLinks();

/** Whether a URL may be opened in the system's browser: only https, and only exact URLs that the window links to. */
function isExternalLink(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === 'https:' && externalLinks.has(parsed.href);
}

/** Keeps a page where it is: no other address in any frame, no window, no webview. Allowed links go to `openExternal`. */
export function guardContents(contents: WebContents, pageUrl: string, openExternal: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalLink(url)) openExternal(url);
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (details) => {
    if (!(details.isMainFrame && isSamePage(details.url, pageUrl))) details.preventDefault();
  });
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/**
 * Denies every web permission except two of the page itself: writing text to the clipboard, for its copy buttons, and reading again the folder or
 * files that somebody chose or dropped there. Those of which Electron lets no page read all are told to `refuse`, and asked for again.
 */
export function guardSession(session: Session, pageOrigin: string, refuse: (path: string) => void): void {
  const isAllowed = (permission: string, url: string, access: string | undefined) =>
    originOf(url) === pageOrigin && (permission === 'clipboard-sanitized-write' || (permission === 'fileSystem' && access === 'readable'));
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const access = 'fileAccessType' in details ? details.fileAccessType : undefined;
    callback(details.isMainFrame && isAllowed(permission, details.requestingUrl, access));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, { fileAccessType }) =>
    isAllowed(permission, requestingOrigin, fileAccessType),
  );
  session.setDevicePermissionHandler(() => false);
  // Without an answer the choice would never end.
  session.on('file-system-access-restricted', (_event, { path }, answer) => {
    refuse(path);
    answer('tryAgain');
  });
}

/** Scheme, host and port of a URL; `URL.origin` is opaque for schemes of one's own. */
export function originOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed === null ? null : `${parsed.protocol}//${parsed.host}`;
}

/** The same page, whatever the fragment: that is a reload. */
function isSamePage(url: string, pageUrl: string): boolean {
  return url.split('#')[0] === pageUrl;
}
