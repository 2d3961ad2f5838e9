import type { Warning } from '#shared/contract/common.ts';
import type { EventType } from '#shared/contract/events.ts';
import { answerJsonOf } from '#shared/contract/json.ts';
import type { Background } from '../background/background.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { notFound } from '../base/refusal.ts';
import { changedAtMs } from '../base/unchanged.ts';
import type { EventNames } from '../events/name-book.ts';
import type { SchemaChecker } from '../events/schema-checker.ts';
import { findEventType, sampleColumns, type KeptEventType, type WholeRow } from '../events/store.ts';
import { changeEventTypeWrite } from '../events/writes.ts';
import type { Database } from '../store/database.ts';
import { answerData } from './answer-data.ts';

/** What a change of an event type may set. */
export type Fields = Partial<Pick<KeptEventType, 'title' | 'description' | 'group' | 'dataCheck' | 'samples' | 'schemaJson'>>;

export interface EventSavingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly eventNames: Pick<EventNames, 'put'>;
  readonly schemas: Pick<SchemaChecker, 'ofSample'>;
  readonly background: Pick<Background, 'run'>;
}

/** How event types of the catalogue are read, changed and told. */
export type EventSaving = ReturnType<typeof createEventSaving>;

export function createEventSaving({ database, clock, changes, eventNames, schemas, background }: EventSavingDeps) {
  const existing = (name: string): KeptEventType => {
    const found = findEventType(database, name);
    if (found === undefined) throw notFound('event type', name);
    return found;
  };
  const told = (eventType: KeptEventType) => toldBy(background, eventType);
  /** Tells everybody what was saved, and the caller what is doubtful about it. */
  const saved = async (eventType: KeptEventType) => {
    eventNames.put(eventType.name, eventType.schemaJson !== null, eventType.dataCheck);
    changes.publish('event-types', [eventType.name]);
    return { ...(await told(eventType)), warnings: [...(await warningsOn(schemas, eventType))] };
  };
  /** Changes an event type by what `fieldsOf` makes of it, which may refuse. Rejects with a Refusal. */
  const change = async (name: string, fieldsOf: (current: KeptEventType) => Fields) => {
    for (;;) {
      const current = existing(name);
      const fields = fieldsOf(current);
      const next = { ...current, ...fields, updatedAtMs: changedAtMs(current, clock.now()) };
      const set = changedColumns(fields, next);
      // When somebody else saved it meanwhile, the next round sees what they saved.
      if (await database.hot(changeEventTypeWrite, { name, readAtVersionMs: current.updatedAtMs, set })) return saved(next);
    }
  };
  return { existing, told, saved, change };
}

/** An event type as an answer tells it. */
async function toldBy(background: EventSavingDeps['background'], { samples, schemaJson, ...fields }: KeptEventType) {
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

/** Samples that are checked when an event type is saved: each takes a turn in the thread. */
const checkedSamples = 10;

async function warningsOn(schemas: EventSavingDeps['schemas'], { name, schemaJson, samples }: KeptEventType): Promise<readonly Warning[]> {
  if (schemaJson === null) return [];
  const warnings: Warning[] = [];
  for (const sample of samples.slice(0, checkedSamples)) {
    const found = await schemas.ofSample(name, schemaJson, sample);
    // What is wrong with the schema itself is the same with each.
    warnings.push(...found.filter(({ message }) => warnings.every((other) => other.message !== message)));
  }
  return warnings;
}
