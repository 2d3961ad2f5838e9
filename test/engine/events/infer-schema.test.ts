import { Validator, type Schema } from '@cfworker/json-schema';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inferSchema } from '#engine/events/import/infer-schema.ts';
import { formatOf } from '#engine/events/import/text-format.ts';

it('fits every sample that it was inferred from', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 1, maxLength: 4 }), (samples) => {
      const validator = new Validator(inferSchema(samples).schema as Schema, '2020-12');
      for (const sample of samples) expect(validator.validate(sample).errors).toEqual([]);
    }),
  );
});

it.each([
  ['date-time', '2026-02-28T12:00:00Z'],
  ['date-time', '2026-02-28T12:00:00.123+05:30'],
  ['date', '2024-02-29'],
  ['uuid', '0ac17b40-bbaa-41ed-9507-6d8c82b32db4'],
  ['email', 'a.b+c@example.co'],
  ['uri', 'https://example.com:8080/a%20b?c=[1'.replace('[', '')],
  [null, '2026-02-30T12:00:00Z'],
  [null, '2026-02-28 12:00:00'],
  [null, '2025-02-29'],
  [null, 'a@b'],
  [null, 'a b@example.com'],
  [null, 'https://'],
  [null, 'http://a b'],
  [null, 'invoice.paid'],
  [null, 'urn:isbn:1'],
  [null, ''],
])('sees the format %s in %s, as the check of schemas does', (format, text) => {
  expect(formatOf([text])).toBe(format);
  if (format !== null) expect(new Validator({ type: 'string', format }).validate(text).valid).toBe(true);
});

it('says no format where only some texts have it', () => {
  expect(inferSchema([{ at: '2026-02-28' }, { at: 'soon' }, { at: null }]).schema).toMatchObject({
    properties: { at: { type: ['null', 'string'] } },
  });
  expect(formatOf(['2026-02-28', 'soon'])).toBeNull();
});

it('describes so many properties, levels and items, and says that it left some out', () => {
  const wide = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`n${index}`, index]));
  expect(inferSchema([{ wide, ok: 1 }])).toEqual({
    schema: { type: 'object', properties: { wide: { type: 'object' }, ok: { type: 'integer' } }, required: ['wide', 'ok'] },
    isWhole: false,
  });
  const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 1);
  expect(inferSchema([deep]).isWhole).toBe(false);
  expect(inferSchema([Array.from({ length: 101 }, () => 1)])).toEqual({
    schema: { type: 'array', items: { type: 'integer' } },
    isWhole: false,
  });
  expect(inferSchema([[]])).toEqual({ schema: { type: 'array' }, isWhole: true });
});
