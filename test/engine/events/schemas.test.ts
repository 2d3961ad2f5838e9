/* oxlint-disable unicorn/no-thenable -- "then" is a keyword of JSON Schema. */
import { describe, expect, it } from 'vitest';
import { checkSchemaTask } from '#engine/events/schema-task.ts';
import { startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';

type Json = Parameters<EngineClient['eventTypes']['create']>[0]['sample'];
type Schema = Readonly<Record<string, NonNullable<Json>>>;

const invoice: Schema = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: { type: 'string', pattern: '^in_' },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
  },
  additionalProperties: false,
  $defs: { line: { type: 'object', properties: { price: { type: 'integer', minimum: 1 } } } },
};

/** Backtracks for longer than anybody lives on a text that does not match. */
const endless: Schema = { properties: { id: { pattern: '^(a+)+$' } } };
const endlessData = { id: `${'a'.repeat(60)}!` };

async function catalogueOf(schema: Schema, sample: Json = {}) {
  const engine = await startClockedEngine();
  const { warnings } = await engine.client.eventTypes.create({ name: 'invoice.paid', schema: schema as never, sample });
  const send = async (data: Json) => (await engine.client.messages.send({ type: 'invoice.paid', data })).warnings;
  const schemaWarnings = async (data: Json) => (await send(data)).filter(({ code }) => code.startsWith('SCHEMA'));
  return { ...engine, warnings, schemaWarnings };
}

/** What a thread finds, as sentences without their subject. */
function findingsOf(schema: Schema, data: Json) {
  const { inSchema, inData } = checkSchemaTask.run({ schemaJson: JSON.stringify(schema), dataJson: JSON.stringify(data) }, () => undefined);
  const sentences = ({ first }: typeof inData) => first.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  return { inSchema: sentences(inSchema), inData: sentences(inData) };
}

describe('data that breaks the schema of its type', () => {
  it('is accepted with a warning that says where and why, sent and shown', async () => {
    const { client, schemaWarnings } = await catalogueOf(invoice, { id: 'in_1', lines: [] });
    const data = { id: '1042', lines: [{ price: 1 }, { price: 0.5 }], colour: 'red' };
    const warning = {
      code: 'SCHEMA_BROKEN',
      message:
        'The data breaks the schema of invoice.paid: id does not match the pattern; lines.1.price is a number, where an integer is expected; lines.1.price is less than 1; colour is not expected.',
      path: 'data',
      issues: [
        { path: 'data.id', message: 'does not match the pattern' },
        { path: 'data.lines.1.price', message: 'is a number, where an integer is expected' },
        { path: 'data.lines.1.price', message: 'is less than 1' },
        { path: 'data.colour', message: 'is not expected' },
      ],
    };
    expect(await schemaWarnings(data)).toEqual([warning]);
    const draft = { url: 'http://127.0.0.1:9/' };
    expect((await client.preview.render({ event: { type: 'invoice.paid', data }, draft })).warnings).toContainEqual(warning);
    expect(await schemaWarnings({ id: 'in_1042', lines: [{ price: 12 }] })).toEqual([]);
  });

  it('is told at its first places, with the number of the others', async () => {
    const { schemaWarnings } = await catalogueOf({ items: { type: 'string' } });
    const [warning] = await schemaWarnings([1, 2, 3, 4, 5, 6, 7]);
    expect(warning?.message).toMatch(/4 is a number, where a string is expected; 2 more\.$/);
    expect(warning?.issues).toHaveLength(5);
  });

  it('is told of in part where there are too many places to tell', async () => {
    const { schemaWarnings } = await catalogueOf({ items: { type: 'string' } });
    const [warning] = await schemaWarnings(Array.from({ length: 400_000 }, () => 1));
    expect(warning?.message).toMatch(/: 0 is a number, where a string is expected; there may be more\.$/);
  });

  it('is what the type says by now, and nothing where the body is given or the schema is gone', async () => {
    const { client, schemaWarnings } = await catalogueOf({ type: 'object' });
    expect(await schemaWarnings([])).toMatchObject([
      { message: expect.stringContaining(': it is an array, where an object is expected.') },
    ]);
    const given = await client.messages.send({ type: 'invoice.paid', data: [], bodyBase64: 'e30=' });
    expect(given.warnings.map(({ code }) => code)).not.toContain('SCHEMA_BROKEN');
    await client.eventTypes.update({ name: 'invoice.paid', schema: { type: 'array' } });
    expect(await schemaWarnings([])).toEqual([]);
    await client.eventTypes.update({ name: 'invoice.paid', schema: null });
    expect(await schemaWarnings({})).toEqual([]);
    await client.eventTypes.update({ name: 'invoice.paid', schema: { type: 'string' } });
    expect(await schemaWarnings({})).toHaveLength(1);
    await client.eventTypes.remove({ name: 'invoice.paid' });
    expect(await schemaWarnings({})).toEqual([]);
  });
});

describe('a sample that breaks its schema', () => {
  it('is told of when either is saved', async () => {
    const { client, warnings } = await catalogueOf(invoice, { id: 'in_1' });
    expect(warnings).toEqual([
      {
        code: 'SCHEMA_BROKEN',
        message: 'The sample breaks the schema: lines is missing.',
        path: 'sample',
        issues: [{ path: 'sample.lines', message: 'is missing' }],
      },
    ]);
    const name = 'invoice.paid';
    expect((await client.eventTypes.update({ name, description: 'D' })).warnings).toHaveLength(1);
    expect((await client.eventTypes.update({ name, sample: { id: 'in_1', lines: [] } })).warnings).toEqual([]);
    expect((await client.eventTypes.update({ name, schema: { type: 'string' } })).warnings).toMatchObject([
      { message: 'The sample breaks the schema: the sample is an object, where a string is expected.' },
    ]);
  });
});

describe('a schema', () => {
  it('that is not valid is saved with a warning, and said of each message', async () => {
    const { warnings, schemaWarnings } = await catalogueOf({ properties: { id: { type: 'strnig' } } });
    const where = 'properties.id.type is none of ["string","number","integer","object","array","boolean","null"].';
    expect(warnings).toMatchObject([
      { code: 'SCHEMA_INVALID', path: 'schema', message: `This is no valid JSON Schema, so nothing is checked by it: ${where}` },
    ]);
    expect(await schemaWarnings({})).toMatchObject([
      {
        code: 'SCHEMA_INVALID',
        path: 'schema',
        message: `The data was not checked, for the schema of invoice.paid is not valid: ${where}`,
      },
    ]);
  });

  it('that refers to others is checked in part and fetches nothing', async () => {
    const { warnings, schemaWarnings } = await catalogueOf(
      { properties: { a: { $ref: 'http://127.0.0.1:9/other.json' }, b: { type: 'string' } } },
      { a: 1, b: 'text' },
    );
    expect(warnings).toMatchObject([
      { code: 'SCHEMA_IN_PART', path: 'schema', message: expect.stringContaining('http://127.0.0.1:9/other.json') },
    ]);
    expect(await schemaWarnings({ a: 1, b: 2 })).toMatchObject([{ message: expect.stringContaining(': b is a number,') }]);
  });

  it('that takes too long loses no message, holds up one answer only, and rests for a minute', async () => {
    const { client, clock, schemaWarnings } = await catalogueOf(endless, { id: 'a' });
    await client.eventTypes.create({ name: 'a.b', schema: { type: 'string' } });
    const late = schemaWarnings(endlessData);
    const behind = [schemaWarnings(endlessData), schemaWarnings({ id: 'a' })];
    const other = client.messages.send({ type: 'a.b', data: 1 });
    const unchecked = [{ code: 'SCHEMA_UNCHECKED', path: 'data', message: expect.stringContaining('more than 2 seconds') }];
    expect(await late).toEqual(unchecked);
    expect(await Promise.all(behind)).toEqual([unchecked, unchecked]);
    expect((await other).warnings).toContainEqual(expect.objectContaining({ code: 'SCHEMA_BROKEN' }));
    expect((await client.deliveries.list({})).items).toEqual([]);
    clock.advance(60_000);
    expect(await schemaWarnings({ id: 'b' })).toMatchObject([{ code: 'SCHEMA_BROKEN' }]);
  });

  it('is not checked with data that is too large to hand over', async () => {
    const { schemaWarnings } = await catalogueOf({ type: 'string' });
    expect(await schemaWarnings({ text: 'x'.repeat(4_000_000) })).toMatchObject([
      { code: 'SCHEMA_UNCHECKED', message: expect.stringContaining('more than 4 million characters') },
    ]);
  });

  it('with thousands of references and levels is checked', () => {
    const names = Array.from({ length: 3000 }, (_, n) => `d${n}`);
    const $defs = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
    let deep: Json = { type: 'string' };
    for (let level = 0; level < 100; level += 1) deep = { not: { not: deep } };
    const schema = { $defs, properties, additionalProperties: deep };
    expect(findingsOf(schema, {})).toEqual({ inSchema: [], inData: [] });
    expect(findingsOf(schema, { d2999: 1 }).inData).toEqual(['d2999 is a number, where a string is expected']);
  });
});

describe('the check in the thread', () => {
  it.each<[Schema, Json, string]>([
    [{ enum: ['a', 'b'] }, 'c', 'is none of ["a","b"]'],
    [{ const: { a: 1 } }, 2, 'is not {"a":1}'],
    [{ type: ['string', 'null'] }, 1, 'is a number, where a string or null is expected'],
    [{ properties: { at: { format: 'date-time' } } }, { at: 'soon' }, 'at is not in the format date-time'],
    [{ minLength: 3 }, 'ab', 'is too short (2 < 3)'],
    [{ maxItems: 1 }, [1, 2], 'has too many items (2 > 1)'],
    [{ uniqueItems: true }, [1, 1], 'has the same item more than once'],
    [{ exclusiveMinimum: 5 }, 5, 'is not greater than 5'],
    [{ multipleOf: 0.1 }, 0.25, 'is not a multiple of 0.1'],
    [{ maxProperties: 0 }, { a: 1 }, 'has too many properties'],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, 'has "a" but does not have "b"'],
    [{ propertyNames: { maxLength: 1 } }, { long: 1 }, 'has a property whose name does not match: "long"'],
    [{ anyOf: [{ type: 'string' }, { properties: { a: false } }] }, { a: 1 }, 'matches none of the alternatives'],
    [{ oneOf: [{ type: 'number' }, { minimum: 0 }] }, 1, 'matches 2 of the alternatives, where only one may match'],
    [{ not: { type: 'number' } }, 1, 'matches what "not" excludes'],
    [{ contains: { type: 'string' } }, [1], 'has no item that matches'],
    [{ if: { type: 'number' }, then: { maximum: 3 } }, 4, 'is greater than 3'],
    [
      { properties: { 'a/b': { properties: { anyOf: { type: 'string' } } } } },
      { 'a/b': { anyOf: 1 } },
      'a/b.anyOf is a number, where a string is expected',
    ],
  ])('by %j finds of %j: %s', (schema, data, sentence) => {
    expect(findingsOf(schema, data)).toEqual({ inSchema: [], inData: [sentence] });
  });

  it.each<[Schema, string]>([
    [{ type: 'strnig' }, 'type is none of ["string",'],
    [{ properties: { id: { type: 'string', required: true } } }, 'properties.id.required is a boolean, where an array is expected'],
    [{ properties: { id: { pattern: '(' } } }, 'properties.id.pattern is not in the format regex'],
    [{ patternProperties: { '(': {} } }, 'patternProperties has a property whose name does not match: "("'],
    [{ properties: ['id'] }, 'properties is an array, where an object is expected'],
    [{ $ref: '#/$defs/nowhere' }, 'has a $ref that leads nowhere, #/$defs/nowhere'],
    [{ $ref: '#' }, 'refers to itself without an end'],
    [{ $id: 'http://[' }, 'cannot be read (Invalid URL)'],
    [{ $ref: '#/x', x: { pattern: '(' } }, 'cannot be used (Invalid regular expression'],
  ])('finds that %j is not valid: %s', (schema, sentence) => {
    expect(findingsOf(schema, 'text')).toEqual({ inSchema: [expect.stringContaining(sentence)], inData: [] });
  });

  it.each([
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
  ])('reads a schema of %s by its rules', ($schema) => {
    const schema: Schema = { $schema, items: [{ type: 'string' }] };
    expect(findingsOf(schema, ['text'])).toEqual({ inSchema: [], inData: [] });
    expect(findingsOf(schema, [1]).inData).toEqual(['0 is a number, where a string is expected']);
  });
});
