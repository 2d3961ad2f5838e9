import { sql as rawSql } from 'kysely';
import type { EventType } from '#shared/contract/events.ts';
import { exactJson, exactTextOf, jsonTextOf, type Json, type JsonText } from '#shared/contract/json.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { EventTypeRow } from '../store/schema.ts';

function fromRow(row: EventTypeRow): EventType {
  const fields = {
    name: row.name,
    description: row.description,
    schema: row.schema_json === null ? null : (JSON.parse(row.schema_json) as EventType['schema']),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
  return withSample(fields, exactJson(row.sample_json));
}

/** An event type with a sample, which is also returned as text when its parsed value would lose something. */
export function withSample(fields: Omit<EventType, 'sample' | 'sampleText'>, sample: Json | JsonText): EventType {
  const sampleText = exactTextOf(sample);
  return { ...fields, sample: sample as Json, ...(sampleText === undefined ? {} : { sampleText }) };
}

function toRow(eventType: EventType): EventTypeRow {
  return {
    name: eventType.name,
    description: eventType.description,
    sample_json: jsonTextOf(eventType.sample),
    schema_json: eventType.schema === null ? null : JSON.stringify(eventType.schema),
    created_at_ms: eventType.createdAtMs,
    updated_at_ms: eventType.updatedAtMs,
  };
}

/** Event types by name, after the name `afterName`. */
export function listEventTypes(
  database: Database,
  query: { readonly afterName: string; readonly limit: number; readonly q: string | undefined },
): readonly EventType[] {
  let select = database.sql.selectFrom('event_types').selectAll().where('name', '>', query.afterName);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\')`);
  }
  return database.all(select.orderBy('name').limit(query.limit)).map(fromRow);
}

export function findEventType(database: Pick<Database, 'sql' | 'first'>, name: string): EventType | undefined {
  const row = database.first(database.sql.selectFrom('event_types').selectAll().where('name', '=', name));
  return row === undefined ? undefined : fromRow(row);
}

/** Names in order, at most `limit`. */
export function eventTypeNames(database: Database, limit: number): readonly string[] {
  return database.all(database.sql.selectFrom('event_types').select('name').orderBy('name').limit(limit)).map(({ name }) => name);
}

/** Names of those that have a schema. */
export function namesWithSchema(database: Database): readonly string[] {
  return database.all(database.sql.selectFrom('event_types').select('name').where('schema_json', 'is not', null)).map(({ name }) => name);
}

/** The schema of an event type as JSON; null when it has none, or does not exist. */
export function findSchema(database: Database, name: string): string | null {
  return database.first(database.sql.selectFrom('event_types').select('schema_json').where('name', '=', name))?.schema_json ?? null;
}

/** Adds an event type; returns false when the name is taken. */
export function insertEventType(database: Database, writer: Writer, eventType: EventType): boolean {
  return (
    writer.run(
      database.sql
        .insertInto('event_types')
        .values(toRow(eventType))
        .onConflict((conflict) => conflict.doNothing()),
    ) === 1
  );
}

export function updateEventType(database: Database, writer: Writer, eventType: EventType): void {
  writer.run(database.sql.updateTable('event_types').set(toRow(eventType)).where('name', '=', eventType.name));
}

/** Returns false when there was none. */
export function deleteEventType(database: Database, writer: Writer, name: string): boolean {
  return writer.run(database.sql.deleteFrom('event_types').where('name', '=', name)) === 1;
}
