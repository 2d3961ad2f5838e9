import { STATUS_CODES } from 'node:http';
import type { HeaderField } from '#shared/contract/common.ts';

/** The bytes of a complete answer for a bare socket; it is the last one of its connection. */
export function bareAnswer(status: number, headers: readonly HeaderField[], body: string): string {
  const all: readonly HeaderField[] = [...headers, ['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...all.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
