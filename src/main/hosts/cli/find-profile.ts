import type { Profile } from '#shared/contract/profiles.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { builtInProfile, builtInProfileIds } from '#shared/profiles/index.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';

/** A profile by its id; null for a client knows the built-in ones only. Throws a usage error when there is none. */
export async function findProfile(client: Pick<EngineClient, 'profiles'> | null, id: string): Promise<Profile> {
  const found = await knownProfile(client, id);
  if (found !== undefined) return found;
  const nearest = nearestName(id, builtInProfileIds);
  throw usageError(
    `There is no profile "${id}"${nearest === null ? '' : ` (did you mean ${nearest}?)`}: "hookyard profiles list" shows them.`,
  );
}

/** The same; undefined when there is none. */
export async function knownProfile(client: Pick<EngineClient, 'profiles'> | null, id: string): Promise<Profile | undefined> {
  return builtInProfile(id) ?? (client === null ? undefined : await savedProfile(client, id));
}

async function savedProfile({ profiles }: Pick<EngineClient, 'profiles'>, id: string): Promise<Profile | undefined> {
  try {
    return await profiles.get({ id });
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  }
}
