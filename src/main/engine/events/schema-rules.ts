/* oxlint-disable unicorn/no-thenable -- "then" is a keyword of JSON Schema. */
import type { Schema } from '@cfworker/json-schema';

const schema = { $ref: '#' };
const schemas = { type: 'array', minItems: 1, items: schema };
const namedSchemas = { type: 'object', additionalProperties: schema };
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
const typeName = { enum: ['string', 'number', 'integer', 'object', 'array', 'boolean', 'null'] };
const schemaOr = (other: object) => ({ type: ['object', 'boolean', 'array'], if: { type: 'array' }, then: other, else: schema });

/** The meta-schema for all drafts together: the keywords of each, in every form that one of the drafts allows. */
export const schemaRules: Schema = {
  type: ['object', 'boolean'],
  properties: {
    $id: text,
    $schema: text,
    $ref: text,
    $anchor: text,
    $defs: namedSchemas,
    definitions: namedSchemas,
    type: { type: ['string', 'array'], if: { type: 'string' }, then: typeName, else: { items: typeName } },
    enum: { type: 'array' },
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: schema,
    if: schema,
    then: schema,
    else: schema,
    format: text,
    required: texts,
    properties: namedSchemas,
    patternProperties: { type: 'object', propertyNames: { format: 'regex' }, additionalProperties: schema },
    additionalProperties: schema,
    unevaluatedProperties: schema,
    propertyNames: schema,
    minProperties: count,
    maxProperties: count,
    dependentRequired: { type: 'object', additionalProperties: texts },
    dependentSchemas: namedSchemas,
    dependencies: { type: 'object', additionalProperties: schemaOr(texts) },
    prefixItems: schemas,
    items: schemaOr({ items: schema }),
    additionalItems: schema,
    unevaluatedItems: schema,
    contains: schema,
    minContains: count,
    maxContains: count,
    minItems: count,
    maxItems: count,
    uniqueItems: { type: 'boolean' },
    minimum: number,
    maximum: number,
    exclusiveMinimum: { type: ['number', 'boolean'] },
    exclusiveMaximum: { type: ['number', 'boolean'] },
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    minLength: count,
    maxLength: count,
    pattern: { type: 'string', format: 'regex' },
  },
} as Schema;
