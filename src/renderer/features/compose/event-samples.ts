import type { EventType, EventTypeSummary } from '#shared/contract/events.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { dataTextOf } from '../../base/data-text.ts';

/** A named sample of an event type, from the profile of the target or from the catalogue. */
export interface ComposedSample {
  /** Tells it from the others of the event type. */
  readonly key: string;
  readonly name: string;
  /** Who has it: the name of the profile, or the catalogue. */
  readonly owner: string;
  readonly data: unknown;
  readonly dataText: string | undefined;
}

/** An event type as it is composed: everything of it that summaries leave out. */
export interface ComposedEvent {
  readonly name: string;
  /** Those of the profile come first. None for a name that neither has. */
  readonly samples: readonly ComposedSample[];
  readonly schema: EventType['schema'];
}

/** Names to choose from, by who has them. */
export interface EventGroup {
  readonly owner: string;
  readonly names: readonly string[];
}

export const catalogueOwner = 'Catalogue';

/** The event types of the profile, then those of the catalogue that it does not have. */
export function eventGroups(profile: Profile | null, eventTypes: readonly Pick<EventTypeSummary, 'name'>[]): readonly EventGroup[] {
  const ofProfile = profile?.eventTypes.map(({ name }) => name) ?? [];
  const known = new Set(ofProfile);
  const others = eventTypes.map(({ name }) => name).filter((name) => !known.has(name));
  return [
    ...(profile === null || ofProfile.length === 0 ? [] : [{ owner: profile.name, names: ofProfile }]),
    ...(others.length === 0 ? [] : [{ owner: catalogueOwner, names: others }]),
  ];
}

/** What an event type has in the profile and in the catalogue; `kept` is null where the catalogue lacks it. */
export function composedEvent(name: string, profile: Profile | null, kept: EventType | null): ComposedEvent {
  const ofProfile = profile?.eventTypes.find((eventType) => eventType.name === name)?.samples ?? [];
  return {
    name,
    samples: [
      ...ofProfile.map((sample) => ({
        key: `profile:${sample.name}`,
        name: sample.name,
        owner: profile?.name ?? '',
        data: sample.data,
        dataText: undefined,
      })),
      ...(kept?.samples ?? []).map((sample) => ({
        key: `catalogue:${sample.name}`,
        name: sample.name,
        owner: catalogueOwner,
        data: sample.data,
        dataText: sample.dataText,
      })),
    ],
    schema: kept?.schema ?? null,
  };
}

/** The chosen sample, or the first where none was chosen or the chosen one is gone. */
export function sampleOf({ samples }: ComposedEvent, key: string | undefined): ComposedSample | undefined {
  return samples.find((sample) => sample.key === key) ?? samples[0];
}

/** Text of a sample as it is put into the data editor. */
export function sampleText(sample: ComposedSample | undefined): string {
  return dataTextOf(sample?.data ?? {}, sample?.dataText);
}
