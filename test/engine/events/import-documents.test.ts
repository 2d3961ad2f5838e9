import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '#engine/events/import/read-documents.ts';
import { draftOf } from '#engine/events/schema-draft.ts';

const folder = join(import.meta.dirname, '../../fixtures/documents');
const fixture = (name: string) => ({ name, text: readFileSync(join(folder, name), 'utf8') });

function read(...files: readonly { readonly name: string; readonly text: string }[]) {
  return readDocuments(files, () => undefined);
}

const readText = (text: string) => read({ name: '', text });
const readJson = (value: unknown) => readText(JSON.stringify(value));

/** An OpenAPI document with one webhook whose data has this schema. */
const webhook = (schema: unknown, more: object = {}, media: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  webhooks: { 'thing.done': { post: { requestBody: { content: { 'application/json': { schema, ...media } } } } } },
  ...more,
});

function only(value: unknown) {
  const { types, leftOut } = readJson(value);
  expect({ types: types.length, leftOut }).toEqual({ types: 1, leftOut: [] });
  const [type] = types;
  if (type === undefined) return expect.unreachable();
  return {
    ...type,
    schema: type.schemaJson === null ? null : (JSON.parse(type.schemaJson) as Record<string, unknown>),
    sample: JSON.parse(type.samples[0]?.json ?? 'null') as unknown,
  };
}

describe('published documents', () => {
  const expected: Readonly<Record<string, readonly string[] | string>> = {
    'adyen-dispute-v1.yaml': ['balancePlatform.dispute.created', 'balancePlatform.dispute.updated'],
    'adyen-management-v3.json': [
      'merchant.created',
      'merchant.updated',
      'paymentMethod.created',
      'paymentMethodRequest.removed',
      'paymentMethodRequest.scheduledForRemoval',
      'terminalAssignment.completed',
      'terminalBoarding.triggered',
      'terminalSettings.modified',
    ],
    'asyncapi-2.0-circular-refs.yaml': ['mychannel', 'testMessage'],
    'asyncapi-2.3-cli-dummy.yml': ['dummyCreated', 'dummyInfo'],
    'asyncapi-2.5-cli-bundle.yaml': 'the file messages.yaml is not among those given',
    'asyncapi-2.6-external-refs.yaml': ['UserSignedUp'],
    'asyncapi-3.1-oneof.yml': ['testMessages', 'objectWithKey', 'objectWithKey2', 'testMessage1', 'testMessage2'],
    'asyncapi-3.1-operation-security.yml': ['authRevoke'],
    'cloudevents-asyncapi-3.0-structured.yaml': ['lightSwitchChanged'],
    'google-MessagePublishedData.schema.json': ['google-MessagePublishedData'],
    'line-webhook-3.0.yml': 'it describes no webhooks',
    'oai-callback-example-3.0.yaml': ['onData'],
    'oai-tictactoe-3.1.yaml': ['markStatus', 'statusCallback'],
    'oai-webhook-example-3.1.yaml': ['newPet'],
    'readme-callbacks-3.0.yaml': ['onData'],
    'readme-webhooks-3.1.yaml': ['newPet'],
    'redocly-museum.yaml': ['publishNewEvent'],
    'slack-events-asyncapi-1.2.json': 'it is AsyncAPI 1.2.0, and only versions 2 and 3 can be read',
    'xero-webhooks.yaml': ['invoices', 'subscriptions', 'contacts', 'creditNotes'],
  };

  it('are all tried', () => {
    expect(Object.keys(expected).toSorted()).toEqual(
      readdirSync(folder)
        .filter((name) => name !== 'README.md')
        .toSorted(),
    );
  });

  it.each(Object.entries(expected))('%s gives its events, or says why not', (name, names) => {
    const { types, leftOut } = read(fixture(name));
    if (typeof names === 'string') expect([types, leftOut.map(({ why }) => why).join()]).toEqual([[], expect.stringContaining(names)]);
    else expect([types.map((type) => type.name), leftOut]).toEqual([names, []]);
    for (const type of types) {
      const [sample] = type.samples;
      if (type.schemaJson === null || sample?.name !== 'generated' || type.notes.some((note) => note.includes('does not fit'))) continue;
      const schema = JSON.parse(type.schemaJson) as Record<string, unknown>;
      const { valid } = new Validator(schema, draftOf(schema)).validate(JSON.parse(sample.json));
      expect([type.name, valid]).toEqual([type.name, true]);
    }
  });

  it('give titles, groups, named samples, and notes on what was left out', () => {
    const merchant = read(fixture('adyen-management-v3.json')).types[1];
    expect(merchant).toMatchObject({
      title: 'Merchant account capability updated',
      group: 'Merchant account',
      source: 'Management Webhooks',
    });
    expect(merchant?.samples.map(({ name }) => name)).toEqual(['merchant-updated-valid', 'merchant-updated-with-errors']);
    expect(read(fixture('cloudevents-asyncapi-3.0-structured.yaml')).types[0]?.notes).toEqual([
      'The reference https://raw.githubusercontent.com/cloudevents/spec/v1.0.2/cloudevents/formats/cloudevents.json was left out: it leads to another place, and nothing is fetched.',
    ]);
    expect(read(fixture('oai-tictactoe-3.1.yaml')).types[0]?.notes[0]).toBe('The document describes no body for this POST.');
  });
});

it('a document of what a receiver offers says how to import it, and that works', () => {
  const line = fixture('line-webhook-3.0.yml');
  expect(read(line).leftOut).toEqual([
    {
      what: 'line-webhook-3.0.yml',
      why: expect.stringContaining('If its paths are what a receiver offers, as in the document of LINE, rename "paths" to "webhooks"'),
    },
  ]);
  const renamed = read({ ...line, text: line.text.replace(/^paths:/m, 'webhooks:') });
  expect(renamed.types.map(({ name, schemaJson }) => [name, schemaJson?.includes('destination')])).toEqual([['/callback', true]]);
  expect(read({ name: 'api.yaml', text: 'openapi: 3.0.3\npaths:\n  /items: {get: {}}' }).leftOut[0]?.why).not.toContain('rename');
});

describe('references', () => {
  it('lead to files beside the document, whatever folder they were chosen from', () => {
    const messages = {
      name: 'messages.yaml',
      text: 'messages:\n  UserSignedUp:\n    payload:\n      type: object\n      properties: {id: {$ref: "./ids.json#/$defs/id"}}\n',
    };
    const ids = { name: 'ids.json', text: '{"$defs": {"id": {"type": "integer"}}}' };
    const { types, leftOut } = read(fixture('asyncapi-2.5-cli-bundle.yaml'), messages, ids);
    expect([types.map(({ name, samples }) => [name, samples[0]?.json]), leftOut]).toEqual([
      [['UserSignedUp', expect.stringMatching(/^\{"id":\d+\}$/)]],
      [],
    ]);
    expect(types[0]?.schemaJson).toContain('"definitions":{"id":{"type":"integer"}}');
  });

  it('may be circular: the schema refers to itself, and the sample ends', () => {
    const node = { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, next: { $ref: '#/components/schemas/Node' } } };
    const { schema, sample, notes } = only(webhook({ $ref: '#/components/schemas/Node' }, { components: { schemas: { Node: node } } }));
    expect(schema).toMatchObject({ $ref: '#/$defs/Node', $defs: { Node: { properties: { next: { $ref: '#/$defs/Node' } } } } });
    expect([sample, notes]).toEqual([{ id: expect.any(Number) }, []]);
  });

  it('that lead in a circle and to nothing else are named', () => {
    const schemas = { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } };
    expect(only(webhook({ $ref: '#/components/schemas/A' }, { components: { schemas } })).notes[0]).toContain(
      'refers to itself without an end',
    );
  });

  it('to two parts of one name keep them apart, and names of properties are no references', () => {
    const { types } = read(
      {
        name: 'a/main.json',
        text: JSON.stringify(
          webhook({
            properties: { one: { $ref: 'one.json#/$defs/id' }, two: { $ref: '../b/two.json#/$defs/id' }, $ref: { type: 'string' } },
          }),
        ),
      },
      { name: 'a/one.json', text: '{"$defs":{"id":{"type":"integer"}}}' },
      { name: 'b/two.json', text: '{"$defs":{"id":{"type":"string"}}}' },
    );
    const schema = JSON.parse(types[0]?.schemaJson ?? '{}') as unknown;
    expect(schema).toMatchObject({
      properties: { one: { $ref: '#/$defs/id' }, two: { $ref: '#/$defs/id_2' }, $ref: { type: 'string' } },
      $defs: { id: { type: 'integer' }, id_2: { type: 'string' } },
    });
  });

  it('in data stay data', () => {
    const { schema } = only(webhook({ const: { $ref: 'https://example.com/x.json' } }));
    expect(schema).toEqual({ const: { $ref: 'https://example.com/x.json' } });
  });
});

describe('schemas of OpenAPI 3.0', () => {
  it('become JSON Schema: null, limits, examples', () => {
    const price = { type: 'number', minimum: 0, exclusiveMinimum: true, example: 12, nullable: true, xml: { name: 'p' } };
    const kind = { type: 'string', enum: ['a'], nullable: true };
    const owner = { allOf: [{ type: 'object' }], nullable: true };
    const { schema } = only({ ...webhook({ type: 'object', properties: { price, kind, owner } }), openapi: '3.0.3' });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        price: { type: ['number', 'null'], exclusiveMinimum: 0, examples: [12] },
        kind: { type: ['string', 'null'], enum: ['a', null] },
        owner: { anyOf: [{ allOf: [{ type: 'object' }] }, { type: 'null' }] },
      },
    });
  });

  it('stand under x-webhooks too, and callbacks of one name are told apart', () => {
    const body = { requestBody: { content: { 'application/json': { schema: { type: 'string' } } } } };
    const callback = (operationId?: string) => ({
      onEvent: { '{$request.body#/url}': { post: { ...body, ...(operationId === undefined ? {} : { operationId }) } } },
    });
    const { types } = readJson({
      openapi: '3.0.3',
      info: { title: 'T', version: '1' },
      'x-webhooks': { 'order.paid': { post: body } },
      paths: { '/a': { post: { callbacks: callback('paid') } }, '/b/{id}': { post: { callbacks: callback() } } },
    });
    expect(types.map(({ name }) => name)).toEqual(['order.paid', 'paid', 'post.b/id.onEvent']);
  });
});

describe('names', () => {
  it.each([
    ['orders/create', 'orders/create', 0],
    ['New pet', 'New_pet', 1],
    ['Zahlung über 5 €', 'Zahlung_uber_5', 1],
    ['user.{id}.changed', 'user.id.changed', 1],
  ])('%j becomes %j, and is told where it changed', (wanted, name, notes) => {
    const type = only({ ...webhook({}), webhooks: { [wanted]: webhook({}).webhooks['thing.done'] } });
    expect([type.name, type.notes.filter((note) => note.includes(wanted)).length]).toEqual([name, notes]);
  });

  it('of nothing but signs are left out, and so is the second of two that become one', () => {
    const item = webhook({}).webhooks['thing.done'];
    const { types, leftOut } = readJson({ ...webhook({}), webhooks: { '???': item, 'a b': item, 'a%b': item } });
    expect([types.map(({ name }) => name), leftOut.map(({ what }) => what)]).toEqual([['a_b'], ['???', 'a%b']]);
  });
});

describe('samples', () => {
  it('keep the digits and the order of the document, in JSON and in YAML', () => {
    const example = '{"id":9007199254740993,"price":1.10,"rate":1e3}';
    const json = JSON.stringify(webhook({})).replace('"schema":{}', `"schema":{},"example":${example}`);
    expect(readText(json).types[0]?.samples).toEqual([{ name: 'example', json: example }]);
    const yaml = `openapi: 3.1.0\ninfo: {title: T}\nwebhooks:\n  a.b:\n    post:\n      requestBody:\n        content:\n          application/json:\n            example:\n              id: 9007199254740993\n              price: 1.10\n              rate: 1e3\n              on: yes\n`;
    expect(readText(yaml).types[0]?.samples[0]?.json).toBe('{"id":9007199254740993,"price":1.10,"rate":1e3,"on":"yes"}');
  });

  it('are made of the schema where the document gives none: the same each time, and valid', () => {
    const schema = {
      type: 'object',
      required: ['id', 'code', 'amount', 'lines', 'either'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        code: { type: 'string', pattern: '^[A-Z]{3}-\\d{2,4}(?:x|y)$' },
        amount: { type: 'number', multipleOf: 0.05, exclusiveMinimum: 3, maximum: 3.2 },
        lines: {
          type: 'array',
          minItems: 2,
          items: { type: 'object', required: ['at'], properties: { at: { type: 'string', format: 'date-time' } } },
        },
        either: { oneOf: [{ type: 'null' }, { type: 'integer', minimum: 7, maximum: 7 }] },
        all: {
          allOf: [
            { properties: { a: { const: 1 } }, required: ['a'] },
            { properties: { b: { enum: ['x'] } }, required: ['b'] },
          ],
        },
      },
    };
    const first = only(webhook(schema));
    expect(new Validator(schema as never, '2020-12').validate(first.sample).errors).toEqual([]);
    expect(first.sample).toMatchObject({ code: 'AAA-11x', either: 7, all: { a: 1, b: 'x' } });
    expect(only(webhook(schema)).samples).toEqual(first.samples);
    expect(first.notes).toEqual([]);
  });

  it('that cannot be made are told of', () => {
    expect(only(webhook({ type: 'string', allOf: [{ type: 'integer' }] })).notes[0]).toContain('nothing fits the schema');
    expect(only(webhook({ type: 'string', pattern: '^(?=never)x$' })).notes[0]).toContain('does not fit its schema');
  });

  it('of a schema whose pattern takes forever are given up, and the pattern is named', () => {
    const slow = '^(\\w+\\s?)+$';
    const text = `${'a'.repeat(60)}!`;
    const { schema, sample, notes } = only(
      webhook({
        type: 'object',
        properties: { id: { type: 'string', pattern: '^[a-z]+$' }, code: { type: 'string', pattern: slow, default: text } },
      }),
    );
    expect(schema).toMatchObject({ properties: { code: { pattern: slow } } });
    expect(sample).toEqual({});
    expect(notes).toEqual([
      `The document gives no sample, and making one was given up after 1 second: the pattern ${slow} takes very long. Its sample is an empty object.`,
    ]);
  });

  it('alone give an event type, with a schema that all of them fit', () => {
    const { types } = read(
      { name: 'paid.json', text: '{"type":"invoice.paid","amount":1,"note":null}' },
      { name: 'in-part.json', text: '{"type":"invoice.paid","amount":1.5}' },
      { name: 'refund.json', text: '{"amount":[{"value":1},{"unit":"EUR"}]}' },
    );
    expect(types.map(({ name, samples }) => [name, samples.map((sample) => sample.name)])).toEqual([
      ['invoice.paid', ['paid', 'in-part']],
      ['refund', ['example']],
    ]);
    expect(JSON.parse(types[0]?.schemaJson ?? '')).toEqual({
      type: 'object',
      properties: { type: { type: 'string' }, amount: { type: 'number' }, note: { type: 'null' } },
      required: ['type', 'amount'],
    });
  });
});

describe('JSON Schemas', () => {
  it('stay as they are, with their draft', () => {
    const google = fixture('google-MessagePublishedData.schema.json');
    expect(JSON.parse(read(google).types[0]?.schemaJson ?? '')).toEqual(JSON.parse(google.text));
  });

  it('that only hold definitions give an event type for each', () => {
    const { types } = readJson({
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: {
        push$event: { type: 'object', properties: { user: { $ref: '#/definitions/user' } } },
        user: { type: 'object', title: 'User' },
      },
    });
    expect(types.map(({ name, title }) => [name, title])).toEqual([
      ['push_event', ''],
      ['user', 'User'],
    ]);
    expect(JSON.parse(types[0]?.schemaJson ?? '')).toMatchObject({
      $schema: expect.stringContaining('draft-07'),
      definitions: { user: { title: 'User' } },
    });
  });
});

describe('documents that cannot be read', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1) {
    const [name, before] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)];
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
  }
  it.each([
    ['nothing', '  ', 'it is empty'],
    ['a word', 'hello', 'neither OpenAPI, AsyncAPI nor JSON Schema'],
    ['broken JSON', '{"openapi": "3.1.0", "x": [}', 'it is not valid JSON'],
    ['broken YAML', 'openapi: 3.1.0\n  x: [', 'it is not valid YAML'],
    ['two YAML documents', 'a: 1\n---\nb: 2', 'several YAML documents'],
    ['a key twice', 'openapi: 3.1.0\nwebhooks:\n  a: 1\n  a: 2', 'the key a twice in one place, for the second time in line 4'],
    ['Swagger 2', '{"swagger": "2.0"}', 'Swagger 2.0, which has no webhooks'],
    ['deep JSON', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'nested more than 400 levels'],
    ['deep YAML', `x: ${'['.repeat(5000)}${']'.repeat(5000)}`, 'nested more than 400 levels'],
    ['an alias bomb', bomb.join('\n'), 'aliases'],
    [
      'aliases of a long text',
      `openapi: 3.1.0\ninfo: { title: T, x: &x ${'x'.repeat(1_000_000)} }\nwebhooks: { a: { post: { requestBody: { content: { application/json: { example: [${'*x, '.repeat(900)}] } } } } } }`,
      'more than 16 million characters when its aliases are written out',
    ],
    ['an alias of itself', 'a: &a [*a]', 'nested more than 400 levels'],
  ])('%s', (_what, text, why) => {
    const { types, leftOut } = readText(text);
    expect([types, leftOut]).toEqual([[], [{ what: 'The text', why: expect.stringContaining(why) }]]);
  });

  it('leave the others alone', () => {
    const { types, leftOut } = read({ name: 'bad.json', text: '{' }, fixture('readme-webhooks-3.1.yaml'));
    expect([types.map(({ name }) => name), leftOut.map(({ what }) => what)]).toEqual([['newPet'], ['bad.json']]);
  });

  it('with keys of prototypes give those keys', () => {
    const text =
      '{"openapi":"3.1.0","info":{"title":"T"},"webhooks":{"__proto__":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["__proto__"],"properties":{"__proto__":{"const":5},"constructor":{"type":"integer"}}}}}}}}}}';
    const [type] = readText(text).types;
    expect([type?.name, type?.samples[0]?.json]).toEqual(['__proto__', expect.stringMatching(/^\{"__proto__":5,"constructor":\d+\}$/)]);
    expect(({} as Record<string, unknown>)['post']).toBeUndefined();
  });

  it('with 100,000 references are read, or refused by their limit', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`s${index}`, { $ref: `#/components/schemas/s${index + 1}` }]),
    );
    const { notes } = only(webhook({ $ref: '#/components/schemas/s0' }, { components: { schemas: chain } }));
    expect(notes.join(' ')).toMatch(/left out|refers to itself/);
    const many = Array.from({ length: 100_000 }, () => ({ $ref: '#/components/schemas/id' }));
    const wide = only(webhook({ type: 'object', anyOf: many }, { components: { schemas: { id: { type: 'object' } } } }));
    expect(wide.sample).toEqual({});
  });
});
