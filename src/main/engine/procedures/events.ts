import { jsonTextOf } from '#shared/contract/json.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { givenText } from '../base/given-data.ts';
import type { Procedures } from '../base/procedures.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { eventNameForm, type EventType } from '#shared/contract/events.ts';
import type { EventNames } from '../events/name-book.ts';
import type { SchemaChecker } from '../events/schema-checker.ts';
import { textPages } from '../store/page.ts';
import { deleteEventType, findEventType, insertEventType, listEventTypes, updateEventType, withSample } from '../events/store.ts';

const pages = textPages('event-types', eventNameForm);

export interface EventDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly eventNames: Pick<EventNames, 'put' | 'remove'>;
  readonly schemas: Pick<SchemaChecker, 'ofSample'>;
}

/** The catalogue of event types. */
export function createEventHandlers(os: Procedures, { database, clock, changes, eventNames: names, schemas }: EventDeps) {
  const withWarnings = async (saved: EventType) => ({
    ...saved,
    warnings:
      saved.schema === null ? [] : [...(await schemas.ofSample(saved.name, JSON.stringify(saved.schema), jsonTextOf(saved.sample)))],
  });
  return {
    list: os.eventTypes.list.handler(({ input }) => {
      const found = listEventTypes(database, { afterName: pages.at(input.cursor) ?? '', limit: input.limit + 1, q: input.q });
      return pages.page(
        found,
        input.limit,
        ({ name }) => name,
        (eventType) => eventType,
      );
    }),
    get: os.eventTypes.get.handler(({ input }) => {
      const found = findEventType(database, input.name);
      if (found === undefined) throw notFound('event type', input.name);
      return found;
    }),
    create: os.eventTypes.create.handler(async ({ input }) => {
      const nowMs = clock.now();
      const { sampleText, ...fields } = input;
      const sample = givenText(sampleText, 'sampleText', input.sample, 'sample') ?? input.sample;
      const eventType = withSample({ ...fields, createdAtMs: nowMs, updatedAtMs: nowMs }, sample);
      const isNew = await database.write((writer) => insertEventType(database, writer, eventType));
      if (!isNew) {
        const message = `There is an event type ${input.name} already; change that one, or choose another name.`;
        throw new Refusal('CONFLICT', message, { issues: [{ path: 'name', message }] });
      }
      names.put(input.name, input.schema !== null);
      changes.publish('event-types', [input.name]);
      return withWarnings(eventType);
    }),
    update: os.eventTypes.update.handler(async ({ input }) => {
      const sample = givenText(input.sampleText, 'sampleText', input.sample, 'sample') ?? input.sample;
      const updated = await database.write((writer) => {
        const current = findEventType({ sql: database.sql, first: writer.first }, input.name);
        if (current === undefined) throw notFound('event type', input.name);
        assertUnchanged(current.name, current, input.ifUpdatedAtMs, { ...input, sample });
        const fields = {
          name: current.name,
          description: input.description ?? current.description,
          schema: input.schema === undefined ? current.schema : input.schema,
          createdAtMs: current.createdAtMs,
          updatedAtMs: changedAtMs(current, clock.now()),
        };
        const next = withSample(fields, sample === undefined ? current.sample : sample);
        updateEventType(database, writer, next);
        return next;
      });
      names.put(updated.name, updated.schema !== null);
      changes.publish('event-types', [input.name]);
      return withWarnings(updated);
    }),
    remove: os.eventTypes.remove.handler(async ({ input }) => {
      const wasThere = await database.write((writer) => deleteEventType(database, writer, input.name));
      if (!wasThere) throw notFound('event type', input.name);
      names.remove(input.name);
      changes.publish('event-types', [input.name]);
      return { name: input.name };
    }),
  };
}
