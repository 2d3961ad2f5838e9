import type { AuthBook } from '../auth/book.ts';
import { partOf, type AuthConfig } from '../auth/config.ts';
import type { Capture } from '../capture/capture.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { Clock } from '../base/ports.ts';
import { notFound } from '../base/refusal.ts';
import type { VaultSecret, VaultSecrets } from './solver/solve-request.ts';

export interface VaultDeps {
  readonly endpoints: Pick<EndpointBook, 'get' | 'listed'>;
  readonly capture: Pick<Capture, 'binSecrets'>;
  readonly auths: Pick<AuthBook, 'get'>;
  readonly clock: Clock;
}

/**
 * The secrets of endpoints, bins and authentications by id, or of all endpoints and bins, which have those of their authentications. Includes
 * secrets from before a rotation, expired or not.
 */
export function createVaultSecrets({ endpoints, capture, auths, clock }: VaultDeps): VaultSecrets {
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
      if (id.startsWith('aut_')) return ofAuth(auths.get(id), clock.now());
      if (!capture.binSecrets().some((bin) => bin.id === id)) throw notFound('endpoint, bin or authentication', id);
      return bins().filter(({ ownerId }) => ownerId === id);
    });
  };
}

function ofEndpoint({ id, name, secrets }: EndpointConfig, nowMs: number): readonly VaultSecret[] {
  return ofOwner({ id, label: `the endpoint ${name}`, secrets }, nowMs);
}

function ofAuth(auth: AuthConfig, nowMs: number): readonly VaultSecret[] {
  return ofOwner({ id: auth.id, label: `the authentication ${auth.name}`, secrets: partOf(auth, 'signature')?.secrets ?? [] }, nowMs);
}

interface Owner extends Pick<EndpointConfig, 'id' | 'secrets'> {
  readonly label: string;
}

function ofOwner({ id, label, secrets }: Owner, nowMs: number): readonly VaultSecret[] {
  return secrets.map(({ secret, expiresAtMs }, index) => ({
    ownerId: id,
    label,
    text: secret,
    isPrevious: index > 0,
    isExpired: expiresAtMs !== null && expiresAtMs <= nowMs,
  }));
}
