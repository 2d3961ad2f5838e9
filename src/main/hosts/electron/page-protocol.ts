import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

/** Scheme of the window's page; it is registered as standard, so that the page has an origin of its own. */
export const pageScheme = 'app';
/** Origin of the window's page, as Chromium writes it. */
export const pageOrigin = `${pageScheme}://hookyard`;
/** Address of the window's page. */
export const pageUrl = `${pageOrigin}/index.html`;

/** The content security policy: only our own files. Widgets set style attributes, the editor starts workers from blobs. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Answers requests of the page's scheme with files of one folder; nothing outside of it can be named. */
export function createPageHandler(folder: string): (request: Request) => Promise<Response> {
  const root = resolve(folder);
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const file = fileOf(root, request.url);
    if (file === null) return refuse(403);
    try {
      const content = await readFile(file);
      return new Response(request.method === 'HEAD' ? null : content, { headers: headersOf(file) });
    } catch {
      return refuse(404);
    }
  };
}

/** File that a URL names inside the root, or null when it names another host, another folder or nothing that can be read. */
function fileOf(root: string, url: string): string | null {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== `${pageScheme}:` || host !== 'hookyard') return null;
  try {
    const path = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
    if (/[\0\\]/.test(path)) return null;
    const file = resolve(join(root, path));
    return file.startsWith(root + sep) ? file : null;
  } catch {
    // A percent sign that is not an escape.
    return null;
  }
}

function headersOf(file: string): Record<string, string> {
  return {
    'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}

function refuse(status: 403 | 404 | 405): Response {
  return new Response(null, { status, headers: { 'content-security-policy': contentSecurityPolicy } });
}
