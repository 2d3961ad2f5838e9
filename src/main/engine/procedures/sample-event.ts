import { answerJsonOf, type Json, type JsonText } from '#shared/contract/json.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { invalid } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { TriedSample } from '../endpoints/check-template.ts';
import { eventTypeNames, findSamples } from '../events/store.ts';
import type { ProfileBook } from '../profiles/book.ts';
import type { Database } from '../store/database.ts';

/** At most this many samples are tried on a template; a catalogue is a few dozen names. */
const samplesTried = 200;

/** The samples that an endpoint meets: the first of each event type of its profile, then of the catalogue. */
export function triedSamples(
  database: Database,
  profiles: ProfileBook,
  { profile }: Pick<EndpointConfig, 'profile'>,
): readonly TriedSample[] {
  const ofProfile = profileSamples(profiles, profile).map(({ name, samples }) => ({ name, sample: () => firstOf(samples) }));
  const own = eventTypeNames(database, samplesTried).filter((name) => ofProfile.every((each) => each.name !== name));
  // Read one by one as they are tried: together they can be many megabytes.
  return [...ofProfile, ...own.map((name) => ({ name, sample: () => firstOf(catalogueSamples(database, name)) }))];
}

/**
 * The event a test sends: the one asked for, or the first of the profile or the catalogue that the endpoint listens to, with its
 * sample. Throws a Refusal for a sample that there is not.
 */
export function sampleEvent(
  database: Database,
  profiles: ProfileBook,
  config: EndpointConfig,
  asked: { readonly eventType?: string | undefined; readonly sample?: string | undefined },
): { readonly type: string; readonly data: unknown } {
  const ofProfile = profileSamples(profiles, config.profile);
  const isMet = (name: string) => matchesEvent(config.events, name);
  const type =
    asked.eventType ??
    ofProfile.find(({ name }) => isMet(name))?.name ??
    eventTypeNames(database, samplesTried).find((name) => isMet(name));
  if (type === undefined) {
    if (asked.sample !== undefined)
      throw invalid(
        'sample',
        `Neither the profile of ${config.name} nor the catalogue has an event type that it listens to: give data instead.`,
      );
    const pattern = config.events[0] ?? '*';
    return { type: pattern === '*' ? 'test.event' : pattern.replace(/\*$/, 'test'), data: { message: 'A test event from Hookyard.' } };
  }
  const fromProfile = ofProfile.find(({ name }) => name === type)?.samples;
  const samples = fromProfile ?? catalogueSamples(database, type) ?? [];
  if (asked.sample === undefined) return { type, data: firstOf(samples) };
  const owner = fromProfile === undefined ? 'The catalogue' : (profiles.find(config.profile ?? '')?.name ?? 'The profile');
  return { type, data: namedSample(samples, owner, type, asked.sample) };
}

function profileSamples(profiles: ProfileBook, profile: EndpointConfig['profile']) {
  return profile === null ? [] : (profiles.find(profile)?.eventTypes ?? []);
}

/** The samples of an event type of the catalogue; of a large one nothing is made but text. */
function catalogueSamples(database: Database, name: string): readonly Sample[] | undefined {
  return findSamples(database, name)?.map((sample) => ({ name: sample.name, data: answerJsonOf(sample.json) }));
}

interface Sample {
  readonly name: string;
  readonly data: Json | JsonText;
}

function firstOf(samples: readonly Sample[] = []): Sample['data'] {
  const [first] = samples;
  return first === undefined ? {} : first.data;
}

function namedSample(samples: readonly Sample[], owner: string, type: string, sample: string): Sample['data'] {
  const found = samples.find(({ name }) => name === sample);
  if (found !== undefined) return found.data;
  if (samples.length === 0) throw invalid('eventType', `${owner} has no event type ${type}.`);
  throw invalid('sample', `${owner} has no sample ${sample} of ${type}; it has: ${samples.map(({ name }) => name).join(', ')}.`);
}
