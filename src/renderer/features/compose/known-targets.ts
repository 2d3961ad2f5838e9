import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Client } from '../../base/client.ts';
import { nullIfUnknown } from '../../base/problem.ts';
import { targetsOf, type ComposeAccess } from './compose-state.ts';
import { firstTarget, oneOffKey, type DraftShelf } from './draft.ts';

/** Which targets there are. */
export interface KnownTargets {
  /** Whether this can be sent to; one that is not in the list is looked for, and known from then on. */
  readonly know: (id: string) => Promise<boolean>;
  /** The target of what was being composed; where that is gone, the first there is. */
  readonly own: () => Promise<string>;
}

export function createKnownTargets(client: Client, shelf: Pick<DraftShelf, 'readTarget'>, { get, set }: ComposeAccess): KnownTargets {
  /** The target of one message by its id, which no list has; null where there is none, or it was deleted. */
  const findUnlisted = (id: string): Promise<Endpoint | null> => nullIfUnknown(client.endpoints.get({ id }));

  const know = async (id: string): Promise<boolean> => {
    if (id === oneOffKey || targetsOf(get()).some((endpoint) => endpoint.id === id)) return true;
    const found = await findUnlisted(id);
    if (found !== null) set({ unlisted: [...get().unlisted.filter((endpoint) => endpoint.id !== id), found] });
    return found !== null;
  };
  return {
    know,
    own: async () => {
      const lastUsed = get().isLoaded && get().resend === null ? get().target : shelf.readTarget();
      if (lastUsed !== null && (await know(lastUsed))) return lastUsed;
      return firstTarget(
        get().endpoints,
        get().bins.map((bin) => bin.url),
        lastUsed,
      );
    },
  };
}
