import { BlockList, isIP, SocketAddress } from 'node:net';

/** Tells by the address of a connection's other end whether it may send. */
export type AllowList = (address: string) => boolean;

/** An address or a network, with the number of bits that count. */
interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Networks are at most as large as the largest private ones, so that no short list names everybody. */
const fewestBits = { ipv4: 8, ipv6: 7 } as const;

/** What is wrong with an entry, in a sentence that says what to write; null for one that can be used. */
export function senderProblem(entry: string): string | null {
  const network = readNetwork(entry);
  if (network === null) return `${entry} is neither an address nor a network: write it like 192.168.1.20, 192.168.1.0/24 or fd00::/64.`;
  if (network.bits === 0) return `${entry} would let everybody in: name the network that the senders are in, such as 192.168.1.0/24.`;
  if (network.bits < fewestBits[network.family])
    return `${entry} is too large a network: a few of its size would let everybody in. Name one of at least /${fewestBits[network.family]}, such as 10.0.0.0/8 or fd00::/16.`;
  return null;
}

/** Lets in what an entry names, and nobody else: an entry that cannot be read names nobody. */
export function createAllowList(entries: readonly string[]): AllowList {
  // One for each family: a list takes addresses of IPv4 as some of IPv6, so ::/1 would cover them all.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of entries) {
    const network = readNetwork(entry);
    if (network !== null && network.bits > 0) lists[network.family].addSubnet(network.address, network.bits, network.family);
  }
  return (address) => {
    const peer = readNetwork(address);
    return peer !== null && lists[peer.family].check(peer.address, peer.family);
  };
}

/** Reads an address, or one with a prefix behind it. IPv4 written as IPv6 (`::ffff:10.0.0.1`) is taken as what it is. */
function readNetwork(text: string): Network | null {
  const [, address = '', prefix] = /^([0-9a-f:.]+)(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  if (bits > most) return null;
  if (version === 4) return { address, bits, family: 'ipv4' };
  const plain = new SocketAddress({ address, family: 'ipv6' }).address;
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  if (mapped === undefined) return { address: plain, bits, family: 'ipv6' };
  return { address: mapped, bits: Math.max(0, bits - 96), family: 'ipv4' };
}
