import { createStore, type StoreApi } from 'zustand/vanilla';
import { allPages } from '#shared/all-pages.ts';
import type { Auth } from '#shared/contract/auths.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Environment } from '#shared/contract/environments.ts';
import type { NamedPolicy } from '#shared/contract/policies.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { ChangeFollower } from '../base/change-follower.ts';
import type { Client } from '../base/client.ts';

/** An endpoint as other items refer to it. */
export type KnownEndpoint = Pick<Endpoint, 'id' | 'name' | 'url' | 'events' | 'isActive' | 'verifyTls'>;

/** One in the catalogue, with its authentication and whether it signs. */
export type ListedEndpoint = KnownEndpoint & Pick<Endpoint, 'authId' | 'signing'>;

/** An event type as other items refer to it. */
export interface KnownEventType {
  readonly name: string;
  readonly description: string;
}

/** A named retry policy as endpoints choose it. */
export type KnownPolicy = Pick<NamedPolicy, 'id' | 'name' | 'policy'>;

/** An authentication as endpoints choose it, with the scheme that it signs with; null where it does not sign. */
export type KnownAuth = Pick<Auth, 'id' | 'name' | 'parts'> & { readonly signing: Signing | null };

/** Names for completion, for the palette and for links. */
export interface Catalogue {
  readonly endpoints: readonly ListedEndpoint[];
  readonly eventTypes: readonly KnownEventType[];
  readonly policies: readonly KnownPolicy[];
  readonly auths: readonly KnownAuth[];
  readonly environments: readonly Environment[];
}

/** The catalogue, read when someone first wants it and kept up to date from then on. */
export interface CatalogueStore extends StoreApi<Catalogue> {
  /** Reads it unless it was read; failures are ignored, since it only helps with typing. */
  readonly want: () => Promise<void>;
}

/** A store over endpoints and event types that follows their changes. */
export function createCatalogueStore(client: Client, changes: ChangeFollower): CatalogueStore {
  const store = createStore<Catalogue>(() => ({ endpoints: [], eventTypes: [], policies: [], auths: [], environments: [] }));
  let reading: Promise<void> | null = null;
  let isStale = true;
  let isWanted = false;

  const readOnce = async () => {
    isStale = false;
    const [endpoints, eventTypes, policies, auths, environments] = await Promise.all([
      allPages((from) => client.endpoints.list({ limit: 200, ...from })),
      allPages((from) => client.eventTypes.summaries({ limit: 200, ...from })),
      allPages((from) => client.policies.list({ limit: 200, ...from })),
      allPages((from) => client.auths.list({ limit: 200, ...from })),
      allPages((from) => client.environments.list({ limit: 200, ...from })),
    ]);
    store.setState({
      endpoints: endpoints.map(({ id, name, url, events, isActive, verifyTls, authId, signing }) => ({
        id,
        name,
        url,
        events,
        isActive,
        verifyTls,
        authId,
        signing,
      })),
      eventTypes: eventTypes.map(({ name, description }) => ({ name, description })),
      policies: policies.map(({ id, name, policy }) => ({ id, name, policy })),
      auths: auths.map(({ id, name, parts }) => ({ id, name, parts, signing: signingIn(parts) })),
      environments: environments.toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
    });
  };
  const read = async () => {
    try {
      while (isStale) await readOnce();
    } catch {
      isStale = true;
    } finally {
      reading = null;
    }
  };
  const want = () => {
    isWanted = true;
    if (isStale) reading ??= read();
    return reading ?? Promise.resolve();
  };
  changes.on(['endpoints', 'event-types', 'policies', 'auths', 'environments'], () => {
    isStale = true;
    if (isWanted) void want();
  });
  return { ...store, want };
}

function signingIn(parts: Auth['parts']): Signing | null {
  const signature = parts.find((part) => part.kind === 'signature');
  return signature === undefined ? null : signature.signing;
}
