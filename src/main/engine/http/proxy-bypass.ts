import { BlockList, isIP } from 'node:net';

/** Tells which targets are reached without the proxy. */
export type Bypass = (target: URL) => boolean;

/**
 * Reads a list of targets as `NO_PROXY` writes them: `*` for all, a name for it and all below it (`example.com`, `.example.com`,
 * `*.example.com`), an address or a network (`10.0.0.0/8`), each with a port behind it if it is meant for that one only.
 */
export function createBypass(entries: readonly string[], isLoopbackBypassed: boolean): Bypass {
  const rules = entries.map((entry) => ruleOf(entry.trim().toLowerCase()));
  return (target) => {
    const host = target.hostname
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase()
      .replace(/\.$/, '');
    const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
    return (isLoopbackBypassed && isLoopback(host)) || rules.some((rule) => rule(host, port));
  };
}

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost') || (isIP(host) === 4 && host.startsWith('127.'));
}

type Rule = (host: string, port: string) => boolean;

function ruleOf(entry: string): Rule {
  if (entry === '*') return () => true;
  const [, bare = entry, port] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  const isHost = hostRule(bare.replace(/^\[(.*)\]$/, '$1'));
  return port === undefined ? isHost : (host, given) => given === port && isHost(host, given);
}

function hostRule(text: string): Rule {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  if (family !== 0)
    return inNetwork(address, prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  const name = text.replace(/^\*?\./, '').replace(/\.$/, '');
  return name === '' ? () => false : (host) => host === name || host.endsWith(`.${name}`);
}

function inNetwork(address: string, prefix: number, family: 'ipv4' | 'ipv6'): Rule {
  const list = new BlockList();
  if (!Number.isInteger(prefix) || prefix > (family === 'ipv4' ? 32 : 128)) return () => false;
  list.addSubnet(address, prefix, family);
  return (host) => {
    const own = isIP(host);
    return own !== 0 && list.check(host, own === 4 ? 'ipv4' : 'ipv6');
  };
}
