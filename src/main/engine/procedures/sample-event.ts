import { matchesEvent } from '#shared/event-pattern.ts';
import { invalid } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { findEventType, listEventTypes } from '../events/store.ts';
import type { ProfileBook } from '../profiles/book.ts';
import type { Database } from '../store/database.ts';

/** At most this many samples are tried on a template; a catalogue is a few dozen names. */
export const samplesTried = 200;

/** The samples of an endpoint's profile, the first of each event type. */
export function profileSamples(profiles: ProfileBook, { profile }: Pick<EndpointConfig, 'profile'>) {
  const eventTypes = profile === null ? [] : (profiles.find(profile)?.eventTypes ?? []);
  return eventTypes.map(({ name, samples }) => ({ name, sample: samples[0]?.data ?? {} }));
}

/**
 * The event a test sends: the one asked for, or the first of the profile or the catalogue that the endpoint listens to, with its
 * sample. Throws a Refusal for a sample that the profile does not have.
 */
export function sampleEvent(
  database: Database,
  profiles: ProfileBook,
  config: EndpointConfig,
  asked: { readonly eventType?: string | undefined; readonly sample?: string | undefined },
): { readonly type: string; readonly data: unknown } {
  const ofProfile = profileSamples(profiles, config);
  const type = asked.eventType ?? ofProfile.find(({ name }) => matchesEvent(config.events, name))?.name;
  if (asked.sample !== undefined) return namedSample(profiles, config, type, asked.sample);
  if (type !== undefined)
    return { type, data: ofProfile.find(({ name }) => name === type)?.sample ?? findEventType(database, type)?.sample ?? {} };
  const catalogue = listEventTypes(database, { afterName: '', limit: samplesTried, q: undefined });
  const met = catalogue.find((eventType) => matchesEvent(config.events, eventType.name));
  if (met !== undefined) return { type: met.name, data: met.sample };
  const pattern = config.events[0] ?? '*';
  return { type: pattern === '*' ? 'test.event' : pattern.replace(/\*$/, 'test'), data: { message: 'A test event from Hookyard.' } };
}

function namedSample(profiles: ProfileBook, config: EndpointConfig, type: string | undefined, sample: string) {
  const profile = config.profile === null ? undefined : profiles.find(config.profile);
  if (profile === undefined) throw invalid('sample', `${config.name} has no profile, so it has no named samples: give data instead.`);
  const eventType = profile.eventTypes.find(({ name }) => name === type);
  if (type === undefined || eventType === undefined)
    throw invalid('eventType', `${profile.name} has no event type ${type ?? 'of this endpoint'}.`);
  const found = eventType.samples.find(({ name }) => name === sample);
  if (found !== undefined) return { type, data: found.data };
  const names = eventType.samples.map(({ name }) => name).join(', ');
  throw invalid('sample', `${profile.name} has no sample ${sample} of ${type}; it has: ${names}.`);
}
