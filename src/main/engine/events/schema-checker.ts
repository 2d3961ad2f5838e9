import type { Warning } from '#shared/contract/common.ts';
import { Refusal } from '../base/refusal.ts';
import { schemaLimitMs, TaskEnded, type Background } from '../background/background.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { EventNames } from './name-book.ts';
import type { Break } from './schema-reasons.ts';
import { checkSchemaTask, type Breaks, type SchemaFindings, type SchemaOrder } from './schema-task.ts';

/** Warns about data that breaks the JSON Schemas of the catalogue. It never rejects. */
export interface SchemaChecker {
  /** Warnings about the data of a message of this type, given as JSON. Resolves at once, without warnings, for a type without a schema. */
  readonly ofData: (type: string, dataJson: string) => Promise<readonly Warning[]> | readonly Warning[];
  readonly hasSchema: (type: string) => boolean;
  /** Whether data of this type that breaks the schema is refused. What cannot be checked is not. */
  readonly isRefusing: (type: string) => boolean;
  /** Warnings on a schema and a sample as they are saved. */
  readonly ofSample: (
    type: string,
    schemaJson: string,
    sample: { readonly name: string; readonly json: string },
  ) => Promise<readonly Warning[]>;
}

export interface SchemaCheckerDeps {
  readonly background: Background;
  readonly eventNames: Pick<EventNames, 'schemaOf' | 'isRefusing'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/** The name of a sample that was given without one. */
export const defaultSample = 'default';

/** Schema and data with more characters than this are not checked, since copying them to the thread would block other calls. */
const checkedCharacters = 4_000_000;

/** How long a schema that was too slow is not used, so that messages of its type do not wait for it each time. */
const restMs = 60_000;

/** The name of the place when the path is empty: the value itself. */
type Subject = 'data' | 'sample' | 'schema';

export function createSchemaChecker({ background, eventNames: names, clock, log }: SchemaCheckerDeps): SchemaChecker {
  /** When a schema that was too slow may be tried again. */
  const resting = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  /** The findings, or why there are none. */
  const run = async (order: SchemaOrder): Promise<SchemaFindings | string> => {
    const nowMs = clock.now();
    for (const [schemaJson, untilMs] of resting) if (untilMs <= nowMs) resting.delete(schemaJson);
    const late = `a check by its schema took more than ${schemaLimitMs / 1000} seconds, so that none is made for a minute`;
    if (resting.has(order.schemaJson)) return late;
    try {
      return await background.run('schemas', checkSchemaTask, order);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'STORE_UNAVAILABLE') return 'Hookyard is being closed';
      if (!(error instanceof TaskEnded)) {
        log.warn({ error: String(error) }, 'A check by a JSON Schema failed.');
        return 'the check failed, which the log of Hookyard says more about';
      }
      resting.set(order.schemaJson, nowMs + restMs);
      return error.why === 'late' ? late : 'a check by its schema needed too much memory, so that none is made for a minute';
    }
  };
  /** One check after the other: those waiting behind a schema that turns out to be too slow are skipped. */
  const check = (order: SchemaOrder): Promise<SchemaFindings | string> => {
    if (order.schemaJson.length + order.dataJson.length > checkedCharacters)
      return Promise.resolve(`it and its schema have more than ${checkedCharacters / 1_000_000} million characters`);
    const checked = last.then(() => run(order));
    last = checked;
    return checked;
  };

  return {
    hasSchema: (type) => names.schemaOf(type) !== null,
    ofData: (type, dataJson) => {
      const inUse = names.schemaOf(type);
      if (inUse === null) return [];
      return check({ schemaJson: inUse.schemaJson, dataJson }).then((found) => {
        if (typeof found === 'string') return [unchecked('data', `The data was not checked by the schema of ${type}: ${found}.`)];
        if (found.inSchema.first.length > 0)
          return [broken('SCHEMA_INVALID', `The data was not checked, for the schema of ${type} is not valid`, 'schema', found.inSchema)];
        return found.inData.first.length === 0
          ? []
          : [
              broken(
                'SCHEMA_BROKEN',
                `The data breaks the schema of ${type}${inUse.isRefused ? ', which refuses it' : ''}`,
                'data',
                found.inData,
              ),
            ];
      });
    },
    isRefusing: names.isRefusing,
    ofSample: async (type, schemaJson, { name, json }) => {
      const found = await check({ schemaJson, dataJson: json });
      const which = name === defaultSample ? 'The sample' : `The sample ${name}`;
      if (typeof found === 'string') return [unchecked('sample', `${which} was not checked by the schema of ${type}: ${found}.`)];
      if (found.inSchema.first.length > 0)
        return [broken('SCHEMA_INVALID', 'This is no valid JSON Schema, so nothing is checked by it', 'schema', found.inSchema)];
      return [
        ...(found.elsewhere.length === 0 ? [] : [inPart(found.elsewhere)]),
        ...(found.inData.first.length === 0 ? [] : [broken('SCHEMA_BROKEN', `${which} breaks the schema`, 'sample', found.inData)]),
      ];
    },
  };
}

function unchecked(path: Subject, message: string): Warning {
  return { code: 'SCHEMA_UNCHECKED', message, path };
}

function inPart(elsewhere: readonly string[]): Warning {
  return {
    code: 'SCHEMA_IN_PART',
    message: `The schema refers to others, which are not fetched, so what they say is not checked: ${elsewhere.join(', ')}. Copy them into $defs.`,
    path: 'schema',
  };
}

function broken(code: string, what: string, subject: Subject, { first, count }: Breaks): Warning {
  const more = count === null ? ['there may be more'] : count > first.length ? [`${count - first.length} more`] : [];
  const places = [...first.map((each) => `${placeOf(each, subject)} ${each.message}`), ...more].join('; ');
  return {
    code,
    message: `${what}: ${places}.`,
    path: subject,
    issues: first.map(({ path, message }) => ({ path: [subject, ...path].join('.').slice(0, longestPlace), message })),
  };
}

const longestPlace = 200;

function placeOf({ path }: Break, subject: Subject): string {
  if (path.length === 0) return subject === 'data' ? 'it' : `the ${subject}`;
  const place = path.join('.');
  return place.length > longestPlace ? `${place.slice(0, longestPlace)}…` : place;
}
