import { sql as rawSql, type SelectQueryBuilder } from 'kysely';
import type { DataCheck, EventType, EventTypeSummary } from '#shared/contract/events.ts';
import { elementSources, stringEnd } from '#shared/json/exact.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { EventTypeContentRow, EventTypeRow, Tables } from '../store/schema.ts';

/** A sample as it is kept: compact JSON, of which nothing is made before somebody needs it. */
export interface KeptSample {
  readonly name: string;
  readonly json: string;
}

/** An event type as it is kept; what may be large of it is text. */
export interface KeptEventType extends Pick<EventType, 'name' | 'title' | 'description' | 'group' | 'dataCheck' | 'source'> {
  readonly samples: readonly KeptSample[];
  readonly schemaJson: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A row with what may be large of it. */
export type WholeRow = EventTypeRow & EventTypeContentRow;

function fromRow(row: WholeRow): KeptEventType {
  return {
    name: row.name,
    title: row.title,
    description: row.description,
    group: row.group_name,
    samples: readSamples(row),
    schemaJson: row.schema_json,
    dataCheck: row.data_check as DataCheck,
    source: row.source,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

const [beforeName, beforeData, behindData] = ['{"name":', ',"data":', '}'] as const;

type SampleColumns = Pick<WholeRow, 'samples_json' | 'sample_lengths_json'>;

/** Samples as they stand in a row. */
export function sampleColumns(samples: readonly KeptSample[]): SampleColumns & Pick<WholeRow, 'sample_count'> {
  const texts = samples.map(({ name, json }) => `${beforeName}${JSON.stringify(name)}${beforeData}${json}${behindData}`);
  return {
    samples_json: `[${texts.join(',')}]`,
    sample_lengths_json: JSON.stringify(texts.map(({ length }) => length)),
    sample_count: samples.length,
  };
}

/** The texts of the samples of a row by their lengths; null where these are not known, or not those of this text. */
function sampleTexts({ samples_json: text, sample_lengths_json: lengthsJson }: SampleColumns): readonly string[] | null {
  if (lengthsJson === null) return null;
  let from = 1;
  const texts = (JSON.parse(lengthsJson) as number[]).map((length) => {
    const sample = text.slice(from, from + length);
    from += length + 1;
    return sample;
  });
  const isWhole = from === text.length && texts.every((sample) => sample.startsWith(beforeName) && sample.endsWith(behindData));
  return isWhole ? texts : null;
}

/** Reads what {@link sampleColumns} wrote. Nothing is made of the data, which can be millions of values. */
function readSamples(row: SampleColumns): readonly KeptSample[] {
  return (sampleTexts(row) ?? elementSources(row.samples_json)).map((sample) => {
    const nameEnd = stringEnd(sample, beforeName.length);
    return {
      name: JSON.parse(sample.slice(beforeName.length, nameEnd)) as string,
      json: sample.slice(nameEnd + beforeData.length, -behindData.length),
    };
  });
}

/** The row of an event type, as one that nobody edited after an import. */
export function rowOf(eventType: KeptEventType): WholeRow {
  return {
    name: eventType.name,
    title: eventType.title,
    description: eventType.description,
    group_name: eventType.group,
    ...sampleColumns(eventType.samples),
    schema_json: eventType.schemaJson,
    has_schema: Number(eventType.schemaJson !== null),
    data_check: eventType.dataCheck,
    source: eventType.source,
    is_edited: 0,
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

/** Bytes of schemas and samples that one page has, if it has more than one event type. */
const pageBytes = 100_000;

/** Event types by name, after the name `afterName`: fewer than `limit` where they are large, with the number that there would be. */
export function listEventTypes(
  database: Database,
  query: EventTypeQuery,
): { readonly items: readonly KeptEventType[]; readonly isCut: boolean } {
  // The size stands at the beginning of a row: nothing large is read for it.
  const size = rawSql<number>`octet_length(samples_json) + coalesce(octet_length(schema_json), 0)`;
  const names = database.all(withContents(listed(database, query)).select(['event_types.name', size.as('size')]));
  let bytes = 0;
  let count = 0;
  for (const row of names) {
    bytes += row.size;
    // The last row only says that there is more, so that a page needs two to show one.
    if (count > 1 && bytes > pageBytes) break;
    count += 1;
  }
  const items = database.all(withContents(listed(database, { ...query, limit: count })).select(wholeColumns)).map(fromRow);
  return { items, isCut: count < names.length };
}

/** The same without schemas and samples. */
export function listSummaries(database: Database, query: EventTypeQuery): readonly EventTypeSummary[] {
  return database.all(listed(database, query).selectAll()).map((row) => ({
    name: row.name,
    title: row.title,
    description: row.description,
    group: row.group_name,
    dataCheck: row.data_check as DataCheck,
    source: row.source,
    updatedAtMs: row.updated_at_ms,
    hasSchema: row.has_schema === 1,
    samples: row.sample_count,
  }));
}

const wholeColumns = [
  'event_types.name',
  'title',
  'description',
  'group_name',
  'sample_count',
  'has_schema',
  'data_check',
  'source',
  'is_edited',
  'created_at_ms',
  'updated_at_ms',
  'samples_json',
  'sample_lengths_json',
  'schema_json',
] as const;

function withContents<O>(select: SelectQueryBuilder<Tables, 'event_types', O>) {
  return select.innerJoin('event_type_contents', 'event_type_contents.name', 'event_types.name');
}

function listed(database: Database, { afterName, limit, q }: EventTypeQuery) {
  const select = database.sql.selectFrom('event_types').where('event_types.name', '>', afterName).orderBy('event_types.name').limit(limit);
  if (q === undefined) return select;
  const pattern = containing(q);
  return select.where(
    rawSql<boolean>`(event_types.name LIKE ${pattern} ESCAPE '\\' OR title LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\' OR group_name LIKE ${pattern} ESCAPE '\\')`,
  );
}

export function findEventType(database: Pick<Database, 'sql' | 'first'>, name: string): KeptEventType | undefined {
  const row = findEventTypeRow(database, name);
  return row === undefined ? undefined : fromRow(row);
}

/** The row of an event type, whole. */
export function findEventTypeRow(database: Pick<Database, 'sql' | 'first'>, name: string): WholeRow | undefined {
  return database.first(withContents(database.sql.selectFrom('event_types')).select(wholeColumns).where('event_types.name', '=', name));
}

/** When an event type was changed last; 0 when it does not exist. */
export function versionOf(database: Database, name: string): number {
  const row = database.first(database.sql.selectFrom('event_types').select('updated_at_ms').where('name', '=', name));
  return row?.updated_at_ms ?? 0;
}

/** The samples of an event type; undefined when it does not exist. */
export function findSamples(database: Database, name: string): readonly KeptSample[] | undefined {
  const row = database.first(
    database.sql.selectFrom('event_type_contents').select(['samples_json', 'sample_lengths_json']).where('name', '=', name),
  );
  return row === undefined ? undefined : readSamples(row);
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
    .all(database.sql.selectFrom('event_types').select(['name', 'data_check']).where('has_schema', '=', 1))
    .map((row) => ({ name: row.name, dataCheck: row.data_check as DataCheck }));
}

/** What is done about data that breaks the schema of an event type; undefined when it does not exist. */
export function findDataCheck(database: Database, name: string): DataCheck | undefined {
  const row = database.first(database.sql.selectFrom('event_types').select('data_check').where('name', '=', name));
  return row?.data_check as DataCheck | undefined;
}

/** The schema of an event type as JSON; null when it has none, or does not exist. */
export function findSchema(database: Database, name: string): string | null {
  return database.first(database.sql.selectFrom('event_type_contents').select('schema_json').where('name', '=', name))?.schema_json ?? null;
}

/** Returns false when there was none. */
export function deleteEventType(database: Database, writer: Writer, name: string): boolean {
  return writer.run(database.sql.deleteFrom('event_types').where('name', '=', name)) === 1;
}
