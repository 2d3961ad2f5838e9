import { z } from 'zod';

/** Any JSON value. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/** Any JSON value, taken as it is: a schema for each value in it would take seconds for a large one, and make a copy. */
export const json = z.custom<Json>(isJson, 'Give a JSON value.');

function isJson(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (next === null || typeof next === 'string' || typeof next === 'boolean') continue;
    if (typeof next === 'number' && Number.isFinite(next)) continue;
    if (typeof next !== 'object') return false;
    if (Array.isArray(next)) for (const each of next as readonly unknown[]) left.push(each);
    else if (isPlain(next)) for (const key in next) left.push((next as Readonly<Record<string, unknown>>)[key]);
    else return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
