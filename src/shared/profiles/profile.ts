import { profileInput, type Profile, type ProfileFact, type ProfileInput, type ProfileSummary } from '../contract/profiles.ts';
import type { z } from 'zod';

/** What a profile's file says. */
export type ProfileContent = z.input<typeof profileInput>;

/** A profile that comes with Hookyard. */
export interface BuiltIn {
  readonly id: string;
  /** The profile; throws where its file does not fit the contract. */
  readonly read: () => Profile;
}

/** A profile that comes with Hookyard. It is parsed when it is first read: few commands need one, and each would wait for all of them. */
export function builtIn(id: string, content: ProfileContent): BuiltIn {
  let profile: Profile | null = null;
  return { id, read: () => (profile ??= { id, isBuiltIn: true, ...profileInput.parse(content), createdAtMs: null, updatedAtMs: null }) };
}

/** Facts that were read in one place on one day. */
export function factsFrom(
  read: Pick<ProfileFact, 'source' | 'asOf' | 'certainty'>,
  facts: Partial<Record<ProfileFact['about'], readonly string[]>>,
): ProfileFact[] {
  return Object.entries(facts).flatMap(([about, texts]) => texts.map((text) => ({ about: about as ProfileFact['about'], text, ...read })));
}

/** What a profile says, as it is exported. */
export function contentOf({
  name,
  summary,
  fields,
  unsignedHeaders,
  secretHeaders,
  constraints,
  handshakes,
  plans,
  facts,
  eventTypes,
}: Profile): ProfileInput {
  return { name, summary, fields, unsignedHeaders, secretHeaders, constraints, handshakes, plans, facts, eventTypes };
}

/** A profile as a list has it. */
export function summaryOf({ id, isBuiltIn, name, summary, updatedAtMs, fields, eventTypes }: Profile): ProfileSummary {
  return { id, isBuiltIn, name, summary, updatedAtMs, scheme: fields.signing?.scheme ?? null, eventTypes: eventTypes.length };
}
