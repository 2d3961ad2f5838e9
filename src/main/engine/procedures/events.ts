import type { DataCheck } from '#shared/contract/events.ts';
import { eventNameForm } from '#shared/names/event-name-form.ts';
import { JsonText, jsonTextOf, type Json } from '#shared/contract/json.ts';
import { dataOf, givenText, type DataFields } from '../base/given-data.ts';
import { withRefusals, type Procedures } from '../base/procedures.ts';
import { assertUnchanged } from '../base/unchanged.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import { conflict, invalid, notFound } from '../base/refusal.ts';
import type { Importer } from '../events/import/importer.ts';
import type { EventNames } from '../events/name-book.ts';
import { defaultSample } from '../events/schema-checker.ts';
import { deleteEventType, listEventTypes, listSummaries, rowOf, type KeptEventType, type KeptSample } from '../events/store.ts';
import { addEventTypeWrite } from '../events/writes.ts';
import { textPages } from '../store/page.ts';
import type { EventSaving, EventSavingDeps, Fields } from './event-saving.ts';

const pages = textPages('event-types', eventNameForm);

interface EventDeps extends EventSavingDeps {
  readonly eventNames: Pick<EventNames, 'put' | 'remove'>;
  readonly importer: Importer;
}

/** The catalogue of event types. */
export function createEventHandlers(os: Procedures, deps: EventDeps, saving: EventSaving) {
  const { database, clock, changes, eventNames: names, importer } = deps;
  const { existing, told, saved, change } = saving;
  return {
    list: os.eventTypes.list.handler(async ({ input }) => {
      const query = { afterName: pages.at(input.cursor) ?? '', limit: input.limit + 1, q: input.q };
      const { items, isCut } = listEventTypes(database, query);
      const size = isCut ? items.length - 1 : input.limit;
      const shown = await Promise.all(items.slice(0, size).map((eventType) => told(eventType)));
      return {
        ...pages.page(
          items,
          size,
          ({ name }) => name,
          ({ name }) => name,
        ),
        items: shown,
      };
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
    get: os.eventTypes.get.handler(({ input }) => told(existing(input.name))),
    create: os.eventTypes.create.handler(async ({ input }) => {
      const nowMs = clock.now();
      const { name, title, description, group, dataCheck, schema } = input;
      const eventType: KeptEventType = {
        name,
        title,
        description,
        group,
        dataCheck,
        samples: givenSamples(input, null) ?? [{ name: defaultSample, json: '{}' }],
        schemaJson: schema === null ? null : jsonTextOf(schema),
        source: null,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      };
      const isNew = await database.hot(addEventTypeWrite, rowOf(eventType));
      if (!isNew) {
        const message = `There is an event type ${name} already; change that one, or choose another name.`;
        throw conflict('name', message);
      }
      return saved(eventType);
    }),
    update: os.eventTypes.update.handler(({ input }) =>
      change(input.name, (current) => {
        const fields = changedFields(input, current);
        assertUnchanged(current.name, comparable(current), input.ifUpdatedAtMs, comparable(fields));
        return fields;
      }),
    ),
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
    undoImport: os.eventTypes.undoImport.handler(async ({ input }) => {
      const { removed, restored, left } = await importer.undo(input.undoId);
      return { removed: [...removed], restored: [...restored], left: [...left] };
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
    return [{ name: first?.name ?? defaultSample, json: jsonTextOf(single) }, ...others];
  }
  if (!isLeftOut(single)) throw invalid('samples', 'Give either sample or samples, of which the first stands in its place.');
  return input.samples.map(({ name, ...given }, index) => ({ name, json: jsonTextOf(dataOf(given, `samples.${index}.`) ?? {}) }));
}

/** Whether a sample was not given: an empty object is what a call has by default. */
function isLeftOut(sample: unknown): boolean {
  return sample === undefined || (!(sample instanceof JsonText) && JSON.stringify(sample) === '{}');
}

interface GivenFields extends GivenSamples {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly group?: string | undefined;
  readonly dataCheck?: DataCheck | undefined;
  readonly schema?: Readonly<Record<string, Json>> | null | undefined;
}

/** The fields that a call changes. Throws a Refusal. */
function changedFields(input: GivenFields, current: KeptEventType): Fields {
  const { title, description, group, dataCheck, schema } = input;
  return withoutUndefined({
    title,
    description,
    group,
    dataCheck,
    samples: givenSamples(input, current.samples),
    schemaJson: schema === undefined || schema === null ? schema : jsonTextOf(schema),
  });
}

/** Fields under the names that callers use, for saying what differs. */
function comparable<T extends Fields>({ samples, schemaJson, ...fields }: T) {
  const [first] = samples ?? [];
  return {
    ...fields,
    sample: first === undefined ? undefined : new JsonText(first.json),
    schema: schemaJson === undefined ? undefined : schemaJson === null ? null : new JsonText(schemaJson),
  };
}
