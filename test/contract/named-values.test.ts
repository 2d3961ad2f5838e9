import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { namedValues } from '#shared/contract/named-values.ts';
import { startTestEngine } from '../support/engine.ts';
import { openTestServer, testToken } from './doors.ts';
import { innerSchemas, inputs } from './walk.ts';

/** The places of a schema with a record that leaves out `__proto__`, since nothing before it refuses that. */
function leakyRecords(schema: z.ZodType, path = '', isGuarded = false, seen = new Set<z.ZodType>()): readonly string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema;
  const own = def.type === 'record' && !isGuarded ? [path] : [];
  return [...own, ...innerSchemas(def).flatMap(([name, inner]) => leakyRecords(inner, `${path}.${name}`, guards(def), seen))];
}

/** Whether what goes through a schema was looked at before its record reads it. */
function guards(def: z.core.$ZodTypeDef): boolean {
  return def.type === 'pipe' && ((def as z.core.$ZodPipeDef).in as z.ZodType).def.type === 'transform';
}

describe('names that come with a call', () => {
  it('are never left out by a record', () => {
    expect(leakyRecords(z.object({ some: z.array(z.record(z.string(), z.string())) }))).toEqual(['.some.element']);
    expect(leakyRecords(z.object({ some: namedValues(z.string(), z.string()).optional() }))).toEqual([]);
    expect(inputs.length).toBeGreaterThan(150);
    expect(inputs.flatMap(([name, input]) => leakyRecords(input).map((path) => name + path))).toEqual([]);
  });

  it.each([
    ['/endpoints', '{"name":"Shop","url":"http://127.0.0.1:9/","headers":{"x-a":"1","__proto__":"2"}}', 'headers.__proto__'],
    ['/bins', '{"name":"Shop","response":{"headers":{"__proto__":"2"}}}', 'response.headers.__proto__'],
    ['/verify', '{"scheme":"github","headers":[],"body":"","secret":"s","options":{"__proto__":"2"}}', 'options.__proto__'],
  ])('over REST to %s are refused where they are __proto__', async (path, body, field) => {
    const { engine } = await startTestEngine();
    const { url } = await openTestServer(engine.router);
    const headers = { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api${path}`, { method: 'POST', headers, body });
    const { message } = (await answer.json()) as { readonly message: string };
    expect([answer.status, message]).toEqual([422, expect.stringContaining(`${field}: __proto__ cannot be a name here`)]);
  });
});
