import { sql as rawSql } from 'kysely';
import type { DataCheck, EventSample, EventType, EventTypeSummary } from '#shared/contract/events.ts';
import { exactJson, exactTextOf, jsonTextOf, toldAsTextCharacters, JsonText, type Json } from '#shared/contract/json.ts';
import { readExact, writeExact } from '#shared/json/exact.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { EventTypeRow } from '../store/schema.ts';

/** A sample as it is kept: JSON as a value, or as text where a value would not say all of it. */
export interface KeptSample {
  readonly name: string;
  readonly data: Json | JsonText;
}

/** What is written of an event type. */
export interface EventTypeFields extends Omit<EventType, 'sample' | 'sampleText' | 'samples'> {
  readonly samples: readonly KeptSample[];
}

type Where = Pick<Database, 'sql' | 'first'>;

function fromRow(row: EventTypeRow): EventType {
  return eventTypeOf({
    name: row.name,
    title: row.title,
    description: row.description,
    group: row.group_name,
    samples: readSamples(row.samples_json),
    schema: row.schema_json === null ? null : readSchema(row.schema_json),
    dataCheck: row.data_check as DataCheck,
    source: row.source,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  });
}

/** An event type as it is told: a sample is returned as text too when its parsed value would lose something. */
export function eventTypeOf({ samples, ...fields }: EventTypeFields): EventType {
  const told = samples.map(({ name, data }): EventSample => {
    const dataText = exactTextOf(data);
    return { name, data: data as Json, ...(dataText === undefined ? {} : { dataText }) };
  });
  const [first] = told;
  return {
    ...fields,
    sample: first === undefined ? {} : first.data,
    ...(first?.dataText === undefined ? {} : { sampleText: first.dataText }),
    samples: told,
  };
}

/** The samples of an event type that was read, as they are written. */
export function keptSamples({ samples }: Pick<EventType, 'samples'>): readonly KeptSample[] {
  return samples.map(({ name, data }) => ({ name, data }));
}

/** Samples as they stand in a row. */
export function samplesJson(samples: readonly { readonly name: string; readonly json: string }[]): string {
  return `[${samples.map(({ name, json }) => `{"name":${JSON.stringify(name)},"data":${json}}`).join(',')}]`;
}

function readSamples(text: string): readonly KeptSample[] {
  const list = readExact(text);
  if (typeof list === 'string' || list.kind !== 'list') return [];
  return list.items.map((item) => {
    const entries = typeof item === 'string' || item.kind !== 'object' ? [] : item.entries;
    const sourceOf = (name: string) => entries.find(([source]) => source === `"${name}"`)?.[1] ?? 'null';
    return { name: JSON.parse(writeExact(sourceOf('name'))) as string, data: exactJson(writeExact(sourceOf('data'))) };
  });
}

/** A large schema stays text until an answer is written. */
function readSchema(text: string): EventType['schema'] {
  const schema = text.length < toldAsTextCharacters ? (JSON.parse(text) as EventType['schema']) : new JsonText(text);
  // It is JSON by the time that anybody reads it who is not in this process.
  return schema as EventType['schema'];
}

function toRow(eventType: EventTypeFields, isEdited: boolean): EventTypeRow {
  return {
    name: eventType.name,
    title: eventType.title,
    description: eventType.description,
    group_name: eventType.group,
    samples_json: samplesJson(eventType.samples.map(({ name, data }) => ({ name, json: jsonTextOf(data) }))),
    schema_json: eventType.schema === null ? null : jsonTextOf(eventType.schema),
    data_check: eventType.dataCheck,
    source: eventType.source,
    is_edited: Number(isEdited),
    created_at_ms: eventType.createdAtMs,
    updated_at_ms: eventType.updatedAtMs,
  };
}

/** Where a listing goes on, how long it may be, and the text that names, titles and descriptions are searched for. */
export interface EventTypeQuery {
  readonly afterName: string;
  readonly limit: number;
  readonly q: string | undefined;
}

/** Characters of schemas and samples that one page has, if it has more than one event type. */
const pageCharacters = 250_000;

/** Event types by name, after the name `afterName`: fewer than `limit` where they are large, with the number that there would be. */
export function listEventTypes(
  database: Database,
  query: EventTypeQuery,
): { readonly items: readonly EventType[]; readonly isCut: boolean } {
  const size = rawSql<number>`length(samples_json) + coalesce(length(schema_json), 0)`;
  const names = database.all(listed(database, query).select(['name', size.as('size')]));
  let characters = 0;
  let count = 0;
  for (const row of names) {
    characters += row.size;
    if (count > 0 && characters > pageCharacters) break;
    count += 1;
  }
  const items = database.all(listed(database, { ...query, limit: count }).selectAll()).map(fromRow);
  return { items, isCut: count < names.length };
}

/** The same without schemas and samples. */
export function listSummaries(database: Database, query: EventTypeQuery): readonly EventTypeSummary[] {
  const rows = database.all(
    listed(database, query).select([
      'name',
      'title',
      'description',
      'group_name',
      'data_check',
      'source',
      'updated_at_ms',
      rawSql<number>`schema_json IS NOT NULL`.as('has_schema'),
      rawSql<number>`json_array_length(samples_json)`.as('samples'),
    ]),
  );
  return rows.map((row) => ({
    name: row.name,
    title: row.title,
    description: row.description,
    group: row.group_name,
    dataCheck: row.data_check as DataCheck,
    source: row.source,
    updatedAtMs: row.updated_at_ms,
    hasSchema: row.has_schema === 1,
    samples: row.samples,
  }));
}

function listed(database: Database, { afterName, limit, q }: EventTypeQuery) {
  const select = database.sql.selectFrom('event_types').where('name', '>', afterName).orderBy('name').limit(limit);
  if (q === undefined) return select;
  const pattern = containing(q);
  return select.where(
    rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR title LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\' OR group_name LIKE ${pattern} ESCAPE '\\')`,
  );
}

export function findEventType(database: Where, name: string): EventType | undefined {
  const row = findEventTypeRow(database, name);
  return row === undefined ? undefined : fromRow(row);
}

/** The row of an event type. */
export function findEventTypeRow(database: Where, name: string): EventTypeRow | undefined {
  return database.first(database.sql.selectFrom('event_types').selectAll().where('name', '=', name));
}

/** The samples of an event type; undefined when it does not exist. */
export function findSamples(database: Where, name: string): readonly KeptSample[] | undefined {
  const row = database.first(database.sql.selectFrom('event_types').select('samples_json').where('name', '=', name));
  return row === undefined ? undefined : readSamples(row.samples_json);
}

/** Names in order, at most `limit`. */
export function eventTypeNames(database: Database, limit: number): readonly string[] {
  return database.all(database.sql.selectFrom('event_types').select('name').orderBy('name').limit(limit)).map(({ name }) => name);
}

/** Names of those that came from a source. */
export function namesFrom(database: Database, source: string): readonly string[] {
  return database
    .all(database.sql.selectFrom('event_types').select('name').where('source', '=', source).orderBy('name'))
    .map(({ name }) => name);
}

/** What is done about data that breaks the schema, of those that have one. */
export function checksBySchema(database: Database): readonly { readonly name: string; readonly dataCheck: DataCheck }[] {
  return database
    .all(database.sql.selectFrom('event_types').select(['name', 'data_check']).where('schema_json', 'is not', null))
    .map((row) => ({ name: row.name, dataCheck: row.data_check as DataCheck }));
}

/** What is done about data that breaks the schema of an event type; undefined when it does not exist. */
export function findDataCheck(database: Where, name: string): DataCheck | undefined {
  const row = database.first(database.sql.selectFrom('event_types').select('data_check').where('name', '=', name));
  return row?.data_check as DataCheck | undefined;
}

/** The schema of an event type as JSON; null when it has none, or does not exist. */
export function findSchema(database: Database, name: string): string | null {
  return database.first(database.sql.selectFrom('event_types').select('schema_json').where('name', '=', name))?.schema_json ?? null;
}

/** Adds an event type; returns false when the name is taken. */
export function insertEventType(database: Database, writer: Writer, eventType: EventTypeFields): boolean {
  return (
    writer.run(
      database.sql
        .insertInto('event_types')
        .values(toRow(eventType, false))
        .onConflict((conflict) => conflict.doNothing()),
    ) === 1
  );
}

/** Replaces an event type; `isEdited` says that what an import brought was changed by hand, also before. */
export function updateEventType(database: Database, writer: Writer, eventType: EventTypeFields, isEdited: boolean): void {
  writer.run(database.sql.updateTable('event_types').set(toRow(eventType, isEdited)).where('name', '=', eventType.name));
}

/** Returns false when there was none. */
export function deleteEventType(database: Database, writer: Writer, name: string): boolean {
  return writer.run(database.sql.deleteFrom('event_types').where('name', '=', name)) === 1;
}
