import { exactJson, type Json, type JsonText } from '#shared/contract/json.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { inputDepthLimit, tooDeepSentence } from './input-depth.ts';
import { invalid } from './refusal.ts';

/** The data of a call as it was given: as a value, or as JSON text in its place. */
export interface DataFields {
  readonly data?: Json | JsonText | undefined;
  readonly dataText?: string | undefined;
}

/** The data that a call gave, whichever way it came; undefined where it gave none. `at` is where its fields stand in the input. Throws a Refusal. */
export function dataOf({ data, dataText }: DataFields, at = ''): Json | JsonText | undefined {
  return givenText(dataText, `${at}dataText`, data, `${at}data`) ?? data;
}

/** The value of a JSON text that was given in the place of `other`; undefined where none was given. Throws a Refusal. */
export function givenText(text: string | undefined, path: string, other: unknown, otherPath: string): Json | JsonText | undefined {
  if (text === undefined) return undefined;
  if (!isLeftOut(other)) throw invalid(path, `Give either ${otherPath} or ${path}, which stands in its place.`);
  if (isJsonDeeper(Buffer.from(text, 'utf8'), inputDepthLimit)) throw invalid(path, tooDeepSentence);
  try {
    return exactJson(text);
  } catch (error) {
    throw invalid(path, `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Whether a field was not given: an empty object is what it has by default. */
function isLeftOut(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0
  );
}
