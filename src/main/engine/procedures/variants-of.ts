import { matchesEvent } from '#shared/event-pattern.ts';
import type { Background } from '../background/background.ts';
import { createVariantSource, type VariantEvent, type VariantSource } from '../checks/variants/variant-source.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { checksBySchema, findSchema } from '../events/store.ts';
import type { Database } from '../store/database.ts';

/** Variants of the event of a check by the JSON Schema that the catalogue has for its type, or why there are none. */
export function variantsOf(
  { database, background }: { readonly database: Database; readonly background: Pick<Background, 'run'> },
  { config, ...event }: Omit<VariantEvent, 'schema'> & { readonly config: Pick<EndpointConfig, 'events'> },
): VariantSource {
  const json = findSchema(database, event.eventType);
  return createVariantSource(background, {
    ...event,
    schema: json === null ? { missing: missing(database, event.eventType, config) } : { json },
  });
}

function missing(database: Database, type: string, { events }: Pick<EndpointConfig, 'events'>): string {
  const other = checksBySchema(database).find(({ name }) => matchesEvent(events, name));
  const instead = other === undefined ? '' : ` ${other.name} has one: check with that event type.`;
  return `The catalogue has no JSON Schema for ${type}, and variants are made by one.${instead} Import event types from an OpenAPI or AsyncAPI document, write a schema in Events, or save a capture as an event type, which infers it.`;
}
