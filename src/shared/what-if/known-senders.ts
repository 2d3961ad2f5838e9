import type { WhatIfRules } from '../contract/what-if.ts';
import { providers } from '../providers/index.ts';
import type { OutageFacts, Provider } from '../providers/shapes/provider.ts';

const all: Readonly<Record<string, Provider>> = providers;

/** What is known of the sender with this profile in an outage, beyond the profile; undefined where that is nothing. */
export function knownOf(profileId: string): OutageFacts | undefined {
  return Object.hasOwn(all, profileId) ? all[profileId]?.outage : undefined;
}

/** The profiles that are compared unless others are chosen. */
export const usualProfiles: readonly string[] = Object.entries(all)
  .flatMap(([id, { outage }]) => (outage?.comparedAt === undefined ? [] : [{ id, place: outage.comparedAt }]))
  .toSorted((a, b) => a.place - b.place)
  .map(({ id }) => id);

/** The same as the rules that are asked about. */
export const usualRules: readonly WhatIfRules[] = usualProfiles.map((id) => ({ kind: 'profile', id }));
