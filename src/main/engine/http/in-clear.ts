import { isLoopback } from './loopback.ts';

/** Whether what is sent to a URL goes over a network unencrypted. */
export function isInClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
}
