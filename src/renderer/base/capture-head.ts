import type { Capture } from '#shared/contract/captures.ts';

/** Request line and headers of a capture, one character for each byte, as HTTP/1.1 has them on the wire. */
export function captureHead(capture: Pick<Capture, 'method' | 'target' | 'httpVersion' | 'headers'>): string {
  const version = capture.httpVersion.startsWith('HTTP/') ? capture.httpVersion : `HTTP/${capture.httpVersion}`;
  return [`${capture.method} ${capture.target} ${version}`, ...capture.headers.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
}
