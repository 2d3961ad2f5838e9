import type { Capture } from '../capture/capture.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { notFound } from '../base/refusal.ts';
import type { VaultSecret, VaultSecrets } from './solver/solve-request.ts';

/** The secrets of endpoints and bins by id, or of all of them. Those from before a rotation come along, expired or not. */
export function createVaultSecrets(endpoints: Pick<EndpointBook, 'get' | 'listed'>, capture: Pick<Capture, 'binSecrets'>): VaultSecrets {
  const bins = (): readonly VaultSecret[] =>
    capture
      .binSecrets()
      .flatMap(({ id, slug, secrets }) => secrets.map((text) => ({ ownerId: id, label: `the bin ${slug}`, text, isPrevious: false })));
  return async (ids) => {
    if (ids === 'all') return [...endpoints.listed().flatMap(ofEndpoint), ...bins()];
    return ids.flatMap((id) => {
      if (id.startsWith('ep_')) return ofEndpoint(endpoints.get(id));
      if (!capture.binSecrets().some((bin) => bin.id === id)) throw notFound('endpoint or bin', id);
      return bins().filter(({ ownerId }) => ownerId === id);
    });
  };
}

function ofEndpoint({ id, name, secrets }: EndpointConfig): readonly VaultSecret[] {
  return secrets.map(({ secret }, index) => ({ ownerId: id, label: `the endpoint ${name}`, text: secret, isPrevious: index > 0 }));
}
