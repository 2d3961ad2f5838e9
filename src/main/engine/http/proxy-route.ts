import { targetOf } from './target.ts';

/** The way to a target through a proxy. */
export interface ProxyRoute {
  /** `https` speaks TLS with the proxy itself. */
  readonly kind: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  /** Host and port for sentences and the log: `proxy.example:3128`. */
  readonly name: string;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** Connections are kept apart by it; it holds no secret. */
  readonly key: string;
}

/** What a target of this sender goes through; null for a direct connection. */
export type ProxyChoice = (target: URL) => ProxyRoute | null;

const kinds: Readonly<Record<string, ProxyRoute['kind']>> = {
  'http:': 'http',
  'https:': 'https',
  'socks5:': 'socks5',
  'socks5h:': 'socks5',
};
const usualPorts: Readonly<Record<ProxyRoute['kind'], number>> = { http: 80, https: 443, socks5: 1080 };

/** The route over the proxy at an address, or null for an address of another kind; `generation` tells apart routes with other credentials. */
export function proxyRouteAt(address: string, credentials: ProxyRoute['credentials'], generation: number): ProxyRoute | null {
  const url = URL.parse(address);
  const kind = url === null ? undefined : kinds[url.protocol];
  if (url === null || kind === undefined || url.hostname === '') return null;
  const port = url.port === '' ? usualPorts[kind] : Number(url.port);
  const name = `${url.hostname}:${port}`;
  return { kind, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, name, credentials, key: `${kind} ${name} ${generation}` };
}

/** Host and port that a proxy is asked to connect to. */
export function tunnelTarget(origin: URL): { readonly host: string; readonly port: number; readonly name: string } {
  const name = targetOf(origin);
  return { host: origin.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(name.slice(name.lastIndexOf(':') + 1)), name };
}
