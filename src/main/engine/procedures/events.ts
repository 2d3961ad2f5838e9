import type { Warning } from '#shared/contract/common.ts';
import { eventNameForm, type DataCheck, type EventType } from '#shared/contract/events.ts';
import { JsonText, jsonTextOf, answerJsonOf, type Json } from '#shared/contract/json.ts';
import type { Background } from '../background/background.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { dataOf, givenText, type DataFields } from '../base/given-data.ts';
import { withRefusals, type Procedures } from '../base/procedures.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import { invalid, notFound, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import type { Importer } from '../events/import/importer.ts';
import type { EventNames } from '../events/name-book.ts';
import { defaultSample, type SchemaChecker } from '../events/schema-checker.ts';
import {
  deleteEventType,
  findEventType,
  listEventTypes,
  listSummaries,
  rowOf,
  sampleColumns,
  type KeptEventType,
  type KeptSample,
  type WholeRow,
} from '../events/store.ts';
import { addEventTypeWrite, changeEventTypeWrite } from '../events/writes.ts';
import { textPages } from '../store/page.ts';
import { answerData } from './answer-data.ts';

const pages = textPages('event-types', eventNameForm);

export interface EventDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly eventNames: Pick<EventNames, 'put' | 'remove'>;
  readonly schemas: Pick<SchemaChecker, 'ofSample'>;
  readonly importer: Importer;
  readonly background: Pick<Background, 'run'>;
}

/** The catalogue of event types. */
export function createEventHandlers(os: Procedures, deps: EventDeps) {
  const { database, clock, changes, eventNames: names, schemas, importer, background } = deps;
  const saved = async (eventType: KeptEventType) => {
    names.put(eventType.name, eventType.schemaJson !== null, eventType.dataCheck);
    changes.publish('event-types', [eventType.name]);
    return { ...(await told(background, eventType)), warnings: [...(await warningsOn(schemas, eventType))] };
  };
  return {
    list: os.eventTypes.list.handler(async ({ input }) => {
      const query = { afterName: pages.at(input.cursor) ?? '', limit: input.limit + 1, q: input.q };
      const { items, isCut } = listEventTypes(database, query);
      const size = isCut ? items.length - 1 : input.limit;
      const shown = await Promise.all(items.slice(0, size).map((eventType) => told(background, eventType)));
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
    get: os.eventTypes.get.handler(({ input }) => told(background, existing(database, input.name))),
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
        throw new Refusal('CONFLICT', message, { issues: [{ path: 'name', message }] });
      }
      return saved(eventType);
    }),
    update: os.eventTypes.update.handler(async ({ input }) => {
      for (;;) {
        const current = existing(database, input.name);
        const fields = changedFields(input, current);
        assertUnchanged(current.name, comparable(current), input.ifUpdatedAtMs, comparable(fields));
        const next = { ...current, ...fields, updatedAtMs: changedAtMs(current, clock.now()) };
        const set = changedColumns(fields, next);
        // When somebody else saved it meanwhile, the next round sees what they saved.
        if (await database.hot(changeEventTypeWrite, { name: current.name, readAtVersionMs: current.updatedAtMs, set })) return saved(next);
      }
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
    undoImport: os.eventTypes.undoImport.handler(async ({ input }) => {
      const { removed, restored, left } = await importer.undo(input.undoId);
      return { removed: [...removed], restored: [...restored], left: [...left] };
    }),
    importInSteps: os.eventTypes.importInSteps.handler(({ input, signal }) => withRefusals(importer.run(input, signal))),
  };
}

function existing(database: Database, name: string): KeptEventType {
  const found = findEventType(database, name);
  if (found === undefined) throw notFound('event type', name);
  return found;
}

/** An event type as an answer tells it. */
async function told(background: EventDeps['background'], { samples, schemaJson, ...fields }: KeptEventType) {
  const each = await Promise.all(samples.map(async ({ name, json }) => ({ name, ...(await answerData(background, json)) })));
  const [first] = each;
  return {
    ...fields,
    sample: first === undefined ? {} : first.data,
    ...(first?.dataText === undefined ? {} : { sampleText: first.dataText }),
    samples: each,
    schema: schemaJson === null ? null : (answerJsonOf(schemaJson) as Schema),
  };
}

type Schema = NonNullable<EventType['schema']>;

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

type Fields = Partial<Pick<KeptEventType, 'title' | 'description' | 'group' | 'dataCheck' | 'samples' | 'schemaJson'>>;

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

/** The columns of a change: what is large and stays as it was is not written again. */
function changedColumns({ samples, schemaJson, ...rest }: Fields, next: KeptEventType): Partial<Omit<WholeRow, 'name'>> {
  const isImportChanged = samples !== undefined || schemaJson !== undefined || Object.keys(rest).some((field) => field !== 'dataCheck');
  return {
    title: next.title,
    description: next.description,
    group_name: next.group,
    data_check: next.dataCheck,
    updated_at_ms: next.updatedAtMs,
    ...(samples === undefined ? {} : sampleColumns(samples)),
    ...(schemaJson === undefined ? {} : { schema_json: schemaJson, has_schema: Number(schemaJson !== null) }),
    // An import asks before it replaces what was changed by hand.
    ...(isImportChanged ? { is_edited: 1 } : {}),
  };
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

/** Samples that are checked when an event type is saved: each takes a turn in the thread. */
const checkedSamples = 10;

async function warningsOn(schemas: EventDeps['schemas'], { name, schemaJson, samples }: KeptEventType): Promise<readonly Warning[]> {
  if (schemaJson === null) return [];
  const warnings: Warning[] = [];
  for (const sample of samples.slice(0, checkedSamples)) {
    const found = await schemas.ofSample(name, schemaJson, sample);
    // What is wrong with the schema itself is the same with each.
    warnings.push(...found.filter(({ message }) => warnings.every((other) => other.message !== message)));
  }
  return warnings;
}
