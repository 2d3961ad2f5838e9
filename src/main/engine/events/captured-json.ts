import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { EventType } from '#shared/contract/events.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { compactJson } from '#shared/json/exact.ts';
import { eventNameIn } from '#shared/recognise/event-name.ts';
import { task } from '../background/background.ts';
import { decodeBody, type CodedBody } from '../bodies/decode-body.ts';
import { inferSchema } from './import/infer-schema.ts';
import { readJson } from './import/read-text.ts';

/** The JSON of a captured body, and what an event type can be made of. */
export interface CapturedJson {
  /** Without space between the tokens, with every digit as it was written. */
  readonly json: string;
  /** What the request calls its event; null where it does not. */
  readonly name: string | null;
  readonly schema: NonNullable<EventType['schema']>;
  readonly notes: readonly string[];
}

/** Levels that a sample may be nested, so that an input of the contract has room for it. */
const sampleDepth = 400;

/** Reads the body of a captured request as JSON, unpacked first; gives a sentence where it is none. */
async function readCapturedJson(body: CodedBody): Promise<CapturedJson | { readonly problem: string }> {
  if (body.isTruncated) return { problem: 'Only a part of this body was received, so its JSON is not whole.' };
  if (body.bytes.byteLength === 0) return { problem: 'This request has no body, so there is nothing to make a sample of.' };
  const { charset, isCut, bodyBase64, undone, problems } = await decodeBody(body);
  const [trouble] = problems;
  if (isCut) return { problem: 'The body is over 4 MiB once unpacked, which is too much for a sample.' };
  if (charset === null) return { problem: 'The body is not text, and a sample is JSON.' };
  if (trouble !== undefined) return { problem: `The body cannot be read whole: ${trouble}` };
  const bytes = Buffer.from(bodyBase64, 'base64');
  if (isJsonDeeper(bytes, sampleDepth))
    return { problem: `The JSON is nested more than ${sampleDepth} levels deep, and no sample may be.` };
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return madeOf(text, readJson(text), body.headers, undone);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `The body is not JSON: ${error.message}.` };
    throw error;
  }
}

function madeOf(text: string, value: unknown, headers: readonly HeaderField[], undone: readonly string[]): CapturedJson {
  const { schema, isWhole } = inferSchema([value]);
  const name = eventNameIn(headers, value);
  return {
    json: compactJson(text),
    name,
    schema: schema as CapturedJson['schema'],
    notes: [
      ...(name === null ? ['The request does not say what its event is called, so the name is made up.'] : []),
      ...(undone.length === 0 ? [] : [`The body was packed: the sample is what ${undone.join(', then ')} gave.`]),
      'The schema is inferred from one request: what is optional, or can be another type, has to be added by hand.',
      ...(isWhole
        ? []
        : ['It says nothing of what is deepest, or beyond the first few thousand names and the first hundred items of a list.']),
    ],
  };
}

/** The same in a thread. */
export const capturedJsonTask = task('capturedJson', readCapturedJson);
