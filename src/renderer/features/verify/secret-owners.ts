import { allPages } from '#shared/all-pages.ts';
import type { Client } from '../../base/client.ts';
import { ownerOf, type SecretOwner } from './from-log.ts';

/** The endpoints and bins with a secret, which a verdict can be asked for with. */
export async function readOwners(client: Client): Promise<readonly SecretOwner[]> {
  const [endpoints, bins] = await Promise.all([
    allPages((from) => client.endpoints.list({ limit: 200, ...from })),
    allPages((from) => client.bins.list({ limit: 200, ...from })),
  ]);
  const hasSecret = ({ secretFingerprints }: { readonly secretFingerprints: readonly string[] }) => secretFingerprints.length > 0;
  return [
    ...endpoints.filter(hasSecret).map((endpoint) => ownerOf(endpoint, 'endpoint')),
    ...bins.filter(hasSecret).map((bin) => ownerOf(bin, 'bin')),
  ];
}

/** A target that was sent to once is in no list, but its secrets can be tried while it is there. */
export function withOwner(owners: readonly SecretOwner[], owner: SecretOwner | null): readonly SecretOwner[] {
  return owner === null || owners.some(({ id }) => id === owner.id) ? owners : [...owners, owner];
}
