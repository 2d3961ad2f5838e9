import { useCallback } from 'react';
import { allPages } from '#shared/all-pages.ts';
import type { Profile, ProfileSummary } from '#shared/contract/profiles.ts';
import type { Client } from '../base/client.ts';
import { useRead } from './use-read.ts';

/** All profiles, once they are read; none before, and where they cannot be read. */
export function useProfiles(): readonly ProfileSummary[] {
  return useRead(readProfiles) ?? [];
}

/** A profile by its id, once it is read; null before, and where there is none. */
export function useProfile(id: string | null): Profile | null {
  const read = useCallback(async ({ profiles }: Client) => (id === null ? null : await profiles.get({ id })), [id]);
  const profile = useRead(read);
  return profile?.id === id ? profile : null;
}

function readProfiles(client: Client): Promise<readonly ProfileSummary[]> {
  return allPages((from) => client.profiles.list({ limit: 200, ...from }));
}
