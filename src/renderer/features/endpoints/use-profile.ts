import { useEffect, useState } from 'react';
import type { Profile, ProfileSummary } from '#shared/contract/profiles.ts';
import { allPages } from '#shared/all-pages.ts';
import { useClient } from '../../stores/session.tsx';

/** All profiles, once they are read; none before, and where they cannot be read. */
export function useProfiles(): readonly ProfileSummary[] {
  const client = useClient();
  const [profiles, setProfiles] = useState<readonly ProfileSummary[]>([]);
  useEffect(() => {
    let isGone = false;
    allPages((from) => client.profiles.list({ limit: 200, ...from })).then(
      (read) => {
        if (!isGone) setProfiles(read);
      },
      // The form can be filled in without one.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client]);
  return profiles;
}

/** A profile by its id, once it is read; null before, and where there is none. */
export function useProfile(id: string | null): Profile | null {
  const client = useClient();
  const [profile, setProfile] = useState<Profile | null>(null);
  useEffect(() => {
    if (id === null) return;
    let isGone = false;
    client.profiles.get({ id }).then(
      (read) => {
        if (!isGone) setProfile(read);
      },
      // It may have been deleted: its endpoints have what they need.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client, id]);
  return profile?.id === id ? profile : null;
}
