import type { HeaderField } from '#shared/contract/common.ts';
import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';

/** A request as it went over the wire. */
export interface WiredRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly bodyBase64: string | null;
}

/** Headers that curl writes itself from URL and body. */
const ownHeaders = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'accept-encoding']);

/**
 * A POSIX shell command that sends the same request again. A body that is no text, or holds a NUL, goes through
 * `base64 -d`, so that its bytes survive the shell.
 */
export function curlOf(request: WiredRequest): string {
  const headers = request.headers.filter(([name]) => !ownHeaders.has(name.toLowerCase()));
  const lines = [
    `curl -X ${request.method} ${quote(request.url)}`,
    ...headers.map(([name, value]) => `  -H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
  ];
  const body = request.bodyBase64 ?? '';
  if (body === '') return lines.join(' \\\n');
  const text = utf8OrNull(bytesOfBase64(body));
  if (text !== null && !text.includes('\0')) return [...lines, `  --data-raw ${quote(text)}`].join(' \\\n');
  return `printf %s ${quote(body)} | base64 -d | ${[...lines, '  --data-binary @-'].join(' \\\n')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
