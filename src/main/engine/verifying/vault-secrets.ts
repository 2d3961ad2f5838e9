import type { Capture } from '../capture/capture.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { Clock } from '../base/ports.ts';
import { notFound } from '../base/refusal.ts';
import type { VaultSecret, VaultSecrets } from './solver/solve-request.ts';

/** The secrets of endpoints and bins by id, or of all of them. Includes secrets from before a rotation, expired or not. */
export function createVaultSecrets(
  endpoints: Pick<EndpointBook, 'get' | 'listed'>,
  capture: Pick<Capture, 'binSecrets'>,
  clock: Clock,
): VaultSecrets {
  const bins = (): readonly VaultSecret[] =>
    capture
      .binSecrets()
      .flatMap(({ id, slug, secrets }) =>
        secrets.map((text) => ({ ownerId: id, label: `the bin ${slug}`, text, isPrevious: false, isExpired: false })),
      );
  return async (ids) => {
    if (ids === 'all') return [...endpoints.listed().flatMap((config) => ofEndpoint(config, clock.now())), ...bins()];
    return ids.flatMap((id) => {
      if (id.startsWith('ep_')) return ofEndpoint(endpoints.get(id), clock.now());
      if (!capture.binSecrets().some((bin) => bin.id === id)) throw notFound('endpoint or bin', id);
      return bins().filter(({ ownerId }) => ownerId === id);
    });
  };
}

function ofEndpoint({ id, name, secrets }: EndpointConfig, nowMs: number): readonly VaultSecret[] {
  return secrets.map(({ secret, expiresAtMs }, index) => ({
    ownerId: id,
    label: `the endpoint ${name}`,
    text: secret,
    isPrevious: index > 0,
    isExpired: expiresAtMs !== null && expiresAtMs <= nowMs,
  }));
}
