import type { Warning } from '#shared/contract/common.ts';
import { eventNameForm } from '#shared/contract/events.ts';
import { jsonTextOf, type Json, type JsonText } from '#shared/contract/json.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { dataOf, givenText, type DataFields } from '../base/given-data.ts';
import { withRefusals, type Procedures } from '../base/procedures.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { invalid, notFound, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import type { Importer } from '../events/import/importer.ts';
import type { EventNames } from '../events/name-book.ts';
import { defaultSample, type SchemaChecker } from '../events/schema-checker.ts';
import { textPages } from '../store/page.ts';
import {
  deleteEventType,
  eventTypeOf,
  findEventType,
  insertEventType,
  keptSamples,
  listEventTypes,
  listSummaries,
  updateEventType,
  type EventTypeFields,
  type KeptSample,
} from '../events/store.ts';

const pages = textPages('event-types', eventNameForm);

export interface EventDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly eventNames: Pick<EventNames, 'put' | 'remove'>;
  readonly schemas: Pick<SchemaChecker, 'ofSample'>;
  readonly importer: Importer;
}

/** The catalogue of event types. */
export function createEventHandlers(os: Procedures, { database, clock, changes, eventNames: names, schemas, importer }: EventDeps) {
  const withWarnings = async (saved: EventTypeFields) => ({ ...eventTypeOf(saved), warnings: [...(await warningsOn(schemas, saved))] });
  return {
    list: os.eventTypes.list.handler(({ input }) => {
      const query = { afterName: pages.at(input.cursor) ?? '', limit: input.limit + 1, q: input.q };
      const { items, isCut } = listEventTypes(database, query);
      return pages.page(
        items,
        isCut ? items.length - 1 : input.limit,
        ({ name }) => name,
        (eventType) => eventType,
      );
    }),
    summaries: os.eventTypes.summaries.handler(({ input }) => {
      const found = listSummaries(database, { afterName: pages.at(input.cursor) ?? '', limit: input.limit + 1, q: input.q });
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
      const { sampleText: _, sample: __, samples: ___, ...fields } = input;
      const samples = givenSamples(input, null) ?? [{ name: defaultSample, data: {} }];
      const eventType = { ...fields, samples, source: null, createdAtMs: nowMs, updatedAtMs: nowMs };
      const isNew = await database.write((writer) => insertEventType(database, writer, eventType));
      if (!isNew) {
        const message = `There is an event type ${input.name} already; change that one, or choose another name.`;
        throw new Refusal('CONFLICT', message, { issues: [{ path: 'name', message }] });
      }
      names.put(input.name, input.schema !== null, input.dataCheck);
      changes.publish('event-types', [input.name]);
      return withWarnings(eventType);
    }),
    update: os.eventTypes.update.handler(async ({ input }) => {
      const updated = await database.write((writer) => {
        const current = findEventType({ sql: database.sql, first: writer.first }, input.name);
        if (current === undefined) throw notFound('event type', input.name);
        const given = givenSamples(input, keptSamples(current));
        assertUnchanged(current.name, current, input.ifUpdatedAtMs, { ...input, sample: given?.[0]?.data, samples: undefined });
        const next: EventTypeFields = {
          name: current.name,
          title: input.title ?? current.title,
          description: input.description ?? current.description,
          group: input.group ?? current.group,
          samples: given ?? keptSamples(current),
          schema: input.schema === undefined ? current.schema : input.schema,
          dataCheck: input.dataCheck ?? current.dataCheck,
          source: current.source,
          createdAtMs: current.createdAtMs,
          updatedAtMs: changedAtMs(current, clock.now()),
        };
        updateEventType(database, writer, next, changesContent(input));
        return next;
      });
      names.put(updated.name, updated.schema !== null, updated.dataCheck);
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
    import: os.eventTypes.import.handler(async ({ input, signal }) => {
      for await (const event of importer.run(input, signal)) if (event.kind === 'result') return event.result;
      throw new Error('The import ended without a result.');
    }),
    importInSteps: os.eventTypes.importInSteps.handler(({ input, signal }) => withRefusals(importer.run(input, signal))),
  };
}

interface GivenSamples extends Pick<DataFields, 'data'> {
  readonly sample?: Json | JsonText | undefined;
  readonly sampleText?: string | undefined;
  readonly samples?: readonly ({ readonly name: string } & DataFields)[] | undefined;
}

/** The samples that a call gives, whichever way; undefined where it gives none. Throws a Refusal. */
function givenSamples(input: GivenSamples, current: readonly KeptSample[] | null): readonly KeptSample[] | undefined {
  const single = givenText(input.sampleText, 'sampleText', input.sample, 'sample') ?? input.sample;
  if (input.samples === undefined) {
    if (single === undefined) return undefined;
    const [first, ...others] = current ?? [];
    return [{ name: first?.name ?? defaultSample, data: single }, ...others];
  }
  if (!isLeftOut(single)) throw invalid('samples', 'Give either sample or samples, of which the first stands in its place.');
  return input.samples.map(({ name, ...given }, index) => ({ name, data: orEmpty(dataOf(given, `samples.${index}.`)) }));
}

function orEmpty(data: Json | JsonText | undefined): Json | JsonText {
  return data === undefined ? {} : data;
}

/** Whether a sample was not given: an empty object is what a call has by default. */
function isLeftOut(sample: unknown): boolean {
  return sample === undefined || JSON.stringify(sample) === '{}';
}

/** Whether a change is to something that an import brings. */
function changesContent(
  input: Readonly<Partial<Record<'title' | 'description' | 'group' | 'sample' | 'sampleText' | 'samples' | 'schema', unknown>>>,
): boolean {
  const fields = ['title', 'description', 'group', 'sample', 'sampleText', 'samples', 'schema'] as const;
  return fields.some((field) => input[field] !== undefined);
}

/** Samples that are checked when an event type is saved: each takes a turn in the thread. */
const checkedSamples = 10;

async function warningsOn(schemas: EventDeps['schemas'], { name, schema, samples }: EventTypeFields): Promise<readonly Warning[]> {
  if (schema === null) return [];
  const warnings: Warning[] = [];
  for (const sample of samples.slice(0, checkedSamples)) {
    const found = await schemas.ofSample(name, jsonTextOf(schema), { name: sample.name, json: jsonTextOf(sample.data) });
    // What is wrong with the schema itself is the same with each.
    warnings.push(...found.filter(({ message }) => warnings.every((other) => other.message !== message)));
  }
  return warnings;
}
