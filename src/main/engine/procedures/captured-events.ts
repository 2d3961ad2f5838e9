import { Buffer } from 'node:buffer';
import { answerJsonOf, jsonTextOf } from '#shared/contract/json.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import { utf8ForAnswer } from '../base/deferred-text.ts';
import { dataOf } from '../base/given-data.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound } from '../base/refusal.ts';
import { findCapture } from '../capture/list.ts';
import { capturedJsonTask, type CapturedJson } from '../events/captured-json.ts';
import { findDataCheck, type KeptSample } from '../events/store.ts';
import type { Database } from '../store/database.ts';
import type { EventSaving } from './event-saving.ts';

interface CapturedEventDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
}

/** Samples that an event type may have. */
const mostSamples = 50;

/** What the catalogue takes from captured requests. */
export function createCapturedEventHandlers(os: Procedures, { database, background }: CapturedEventDeps, { change }: EventSaving) {
  const read = async (captureId: string): Promise<CapturedJson> => {
    const capture = findCapture(database, captureId);
    if (capture === undefined) throw notFound('capture', captureId);
    const headers = JSON.parse(capture.headers_json) as HeaderField[];
    const body = { bytes: ownBytes(capture.bytes), headers, isTruncated: capture.is_body_truncated === 1 };
    // Its memory goes along: nobody here reads it again.
    const found = await background.run('texts', capturedJsonTask, body, [body.bytes.buffer]).catch((error: unknown) => {
      if (!(error instanceof TaskEnded)) throw error;
      return { problem: 'The body takes too long to read, or too much memory.' };
    });
    if ('problem' in found) throw invalid('captureId', found.problem);
    return found;
  };
  return {
    propose: os.eventTypes.propose.handler(async ({ input }) => {
      const { json, name: found, schema, notes } = await read(input.captureId);
      const name = input.name ?? found ?? 'captured.event';
      return {
        eventType: {
          name,
          samples: [{ name: capturedSample, dataText: utf8ForAnswer(Buffer.from(json, 'utf8')) }],
          schema: answerJsonOf(JSON.stringify(schema)) as CapturedJson['schema'],
        },
        isKnown: findDataCheck(database, name) !== undefined,
        notes: [...notes],
      };
    }),
    addSample: os.eventTypes.addSample.handler(async ({ input }) => {
      const json = input.captureId === undefined ? jsonTextOf(dataOf(input) ?? {}) : (await read(input.captureId)).json;
      let addedSample = '';
      const changed = await change(input.name, ({ samples }) => {
        if (samples.length >= mostSamples)
          throw invalid('name', `${input.name} has ${mostSamples} samples, which is the most: delete one.`);
        addedSample = input.sample ?? freeName(samples, input.captureId === undefined ? 'saved' : capturedSample);
        if (samples.some(({ name }) => name === addedSample))
          throw invalid('sample', `${input.name} has a sample ${addedSample} already: choose another name.`);
        return { samples: [...samples, { name: addedSample, json }] };
      });
      return { ...changed, addedSample };
    }),
  };
}

const capturedSample = 'captured';

/** The name that is wanted, or with the first number that makes it a name of its own. */
function freeName(samples: readonly KeptSample[], wanted: string): string {
  const taken = new Set(samples.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`;
  return name;
}
