import { BlockList, isIP } from 'node:net';
import { isLoopback } from './loopback.ts';

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

type Rule = (host: string, port: string) => boolean;

function ruleOf(entry: string): Rule {
  if (entry === '*') return () => true;
  const [, bare = entry, port] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  const isHost = hostRule(bare.replace(/^\[(.*)\]$/, '$1'));
  return port === undefined ? isHost : (host, given) => given === port && isHost(host, given);
}

function hostRule(text: string): Rule {
  const [, address = '', prefix] = /^([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 0) return inNetwork(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  const name = text.replace(/^\*?\./, '').replace(/\.$/, '');
  return name === '' ? () => false : (host) => host === name || host.endsWith(`.${name}`);
}

/** A network with a prefix that is no number in range, or with a zone, covers nothing: a slip must not send everything past the proxy. */
function inNetwork(address: string, prefix: string | undefined, family: 'ipv4' | 'ipv6'): Rule {
  const most = family === 'ipv4' ? 32 : 128;
  const isPrefix = prefix === undefined || /^(?:0|[1-9]\d{0,2})$/.test(prefix);
  const bits = prefix === undefined ? most : Number(prefix);
  if (!isPrefix || bits > most || address.includes('%')) return () => false;
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return (host) => {
    const own = isIP(host);
    // The list takes an address of IPv4 as one of IPv6 too, so ::/0 would cover it.
    if (own === 4 && family === 'ipv6') return false;
    return own !== 0 && list.check(host, own === 4 ? 'ipv4' : 'ipv6');
  };
}
