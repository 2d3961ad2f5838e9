import { Buffer } from 'node:buffer';
import { applyEdits, modify, type JSONPath } from 'jsonc-parser';
import { bodyDepthLimit, isJsonDeeper } from '#shared/json-depth.ts';
import { remembered } from '../base/remembered.ts';

/** A JSON object by its names. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in a body, or null; also null when it is nested so deep that reading it would take seconds. */
export const readObject = remembered((body: Uint8Array): JsonObject | null => {
  try {
    if (isJsonDeeper(body)) return null;
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return isObject(value) ? value : null;
  } catch {
    // Not UTF-8, or not JSON: either way there is nothing to read.
    return null;
  }
});

/** The other reason why {@link readObject} may not read a body, as the end of a clause. */
export const orTooDeep = `or is nested more than ${bodyDepthLimit} levels deep`;

/** The body with a value set at a path; every byte around it stays as it was. The body must hold a JSON object. */
export function withValue(body: Uint8Array, path: JSONPath, value: unknown): Uint8Array {
  const text = Buffer.from(body).toString('utf8');
  return Buffer.from(applyEdits(text, modify(text, path, value, {})), 'utf8');
}
