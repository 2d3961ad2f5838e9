import { toRow } from './endpoints/row.ts';
import { updateEndpoint } from './endpoints/store.ts';
import { baseOf } from './profiles/base.ts';
import type { Rooms } from './rooms.ts';

/**
 * For endpoints from before it was remembered what their profile said when they were filled from it: from now on, what it says now. An
 * older difference cannot be told apart from an edit.
 */
export async function rememberProfiles({ database, vault, endpoints, profiles }: Rooms): Promise<void> {
  const filled = endpoints.listed().flatMap((config) => {
    const profile = config.profile === null || config.profileBase !== null ? undefined : profiles.find(config.profile);
    return profile === undefined ? [] : [{ ...config, profileBase: baseOf(profile) }];
  });
  if (filled.length === 0) return;
  await database.write((writer) => {
    for (const config of filled) updateEndpoint(database, writer, toRow(config, vault));
  });
  for (const config of filled) endpoints.put(config);
}
