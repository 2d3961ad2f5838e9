import { STATUS_CODES } from 'node:http';
import type { HeaderField } from '#shared/contract/common.ts';

/** An answer as it goes onto a bare socket that nothing else answers on: whole, and the last of its connection. */
export function bareAnswer(status: number, headers: readonly HeaderField[], body: string): string {
  const all: readonly HeaderField[] = [...headers, ['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...all.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
