import { validate } from '@cfworker/json-schema';
import { readExact, type ExactJson } from '#shared/json/exact.ts';
import { isRecord } from '../import/document-value.ts';
import { NoSample, sampleOfSchema, sampleWays } from '../import/sample-of-schema.ts';
import type { Prepared } from '../schema-task.ts';

/** Data that fits a part of a schema, by the first way that makes some; null where none does. `name` is that of the property. */
export function madeValue({ schema, draft, lookup }: Prepared, part: unknown, name: string): ExactJson | null {
  if (part === false) return null;
  for (const way of sampleWays) {
    try {
      const made = sampleOfSchema(isRecord(part) ? part : {}, way, { root: schema, name });
      if (validate(made, part as typeof schema, draft, lookup, true).valid) return readExact(JSON.stringify(made));
    } catch (error) {
      if (!(error instanceof NoSample)) throw error;
    }
  }
  return null;
}
