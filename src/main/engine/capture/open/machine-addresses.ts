import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address by which other machines may reach this one. */
export interface MachineAddress {
  readonly address: string;
  /** The name of its interface, such as `eth0`. */
  readonly interfaceName: string;
}

/** The addresses of this machine as they are now, without those of loopback and those that mean something on one link only. */
export function machineAddresses(): readonly MachineAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses = []]) =>
    addresses
      .filter(({ internal, address }) => !internal && !/^(?:fe[89ab][0-9a-f]:|169\.254\.)/i.test(address))
      .map(({ address }) => ({ address, interfaceName })),
  );
}

/** An address as it stands in a URL. */
export function hostIn(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
