import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Validator } from '@cfworker/json-schema';
import { combinations } from '../../../src/main/engine/checks/variants/combine.ts';
import { smallestSet } from '../../../src/main/engine/checks/variants/shrink.ts';
import { seededRandom } from '#shared/seeded-random.ts';
import { areApart } from '../../../src/main/engine/events/variants/edge.ts';
import { combineVariantsTask, makeVariantsTask, type MadeVariants } from '../../../src/main/engine/events/variants/variants-task.ts';

function made(schema: object, data: unknown, singles = 200): MadeVariants {
  const dataJson = typeof data === 'string' ? data : JSON.stringify(data);
  const found = makeVariantsTask.run({ schemaJson: JSON.stringify(schema), dataJson, singles }, () => undefined);
  return found.kind === 'made' ? found : expect.unreachable(found.reason);
}

/** The edges as `path: what is there`. */
function edgesOf(schema: object, data: unknown): readonly string[] {
  return made(schema, data).singles.map(({ edge }) => `${edge.path.join('.')}: ${edge.value.words}`);
}

const shape = (properties: object, more: object = {}) => ({ type: 'object', properties, additionalProperties: false, ...more });

describe('variants of data by its schema', () => {
  it('go to the edges of each type', () => {
    const of = (part: object, value: unknown) => edgesOf(shape({ a: part }, { required: ['a'] }), { a: value });
    expect(of({ type: 'integer', minimum: -5, maximum: 100 }, 7)).toEqual(['a: is 0', 'a: is -5', 'a: is 100']);
    expect(of({ type: 'integer', exclusiveMinimum: 0, multipleOf: 5, maximum: 50 }, 10)).toEqual(['a: is 5', 'a: is 50']);
    expect(of({ type: 'integer', format: 'int32' }, 7)).toEqual(['a: is 0', 'a: is -2147483648', 'a: is 2147483647']);
    expect(of({ type: 'integer' }, 7)).toEqual(['a: is 9223372036854775807', 'a: is 0', 'a: is -1']);
    expect(of({ type: 'string', maxLength: 5 }, 'Ada')).toEqual(['a: has emoji ("🦆 👩‍👧")', 'a: is empty', 'a: has 5 characters']);
    const ducks = made(shape({ a: { type: 'string', minLength: 3, maxLength: 30 } }, { required: ['a'] }), { a: '🦆🦆🦆🦆🦆' });
    expect(ducks.singles.find(({ edge }) => edge.kind === 'shortest')?.edge.value.words).toBe('is "🦆🦆🦆"');
    const longest = ducks.singles.find(({ edge }) => edge.kind === 'longest')?.edge;
    for (const { source, words } of [longest?.value, ...(longest?.smaller ?? [])].map((each) => each ?? expect.unreachable()))
      expect(words).toBe(`has ${Array.from(JSON.parse(source ?? '""') as string).length} characters`);
    expect(longest).toMatchObject({ value: { words: 'has 30 characters' }, smaller: [{ words: 'has 17 characters' }] });
    expect(of({ type: 'string', format: 'uuid' }, '6f1c2a52-7c3e-4d52-9f1c-2a527c3e4d52')).toEqual([
      'a: is "00000000-0000-0000-0000-000000000000"',
      'a: is "01890A5D-AC96-774B-BCCE-B302099A8057"',
    ]);
    expect(of({ type: 'array', items: { type: 'boolean' }, maxItems: 4 }, [true])).toEqual([
      'a.0: is false',
      'a: is empty',
      'a: has 4 items',
    ]);
    expect(of({ enum: ['x', 'y', null] }, 'x')).toEqual(['a: is null', 'a: is "y"']);
    expect(of({ anyOf: [{ type: 'null' }, { type: 'string', const: 'k' }, { type: 'boolean' }] }, 'k')).toEqual([
      'a: is null',
      'a: is true',
    ]);
    expect(of({ type: ['integer', 'boolean'], maximum: 1, minimum: 0 }, true)).toEqual(['a: is false', 'a: is 1']);
  });

  it('reach what the data does not have, and things within themselves', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: shape({ name: { const: 'n' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } }) },
    };
    expect(edgesOf(tree, { name: 'n' })).toEqual(
      expect.arrayContaining(['name: is missing', 'children: is empty', 'children.0: is nested 5 levels deep']),
    );
    const absent = shape({ customer: shape({ email: { type: ['string', 'null'], format: 'email' } }) });
    const { singles } = made(absent, {});
    expect(singles.find(({ edge }) => edge.path.length === 2 && edge.kind === 'null')?.dataJson).toBe('{"customer":{"email":null}}');
    expect(singles.find(({ edge }) => edge.kind === 'added')).toBeUndefined();
    const map = made({ type: 'object', additionalProperties: { type: 'integer' } }, { a: 1 });
    expect(map.singles.find(({ edge }) => edge.kind === 'added')?.dataJson).toMatch(/^\{"a":1,"added_by_a_later_version":\d+\}$/);
  });

  it('keep all digits and names of the data, and all fit the schema', () => {
    const schema = {
      type: 'object',
      required: ['id', 'kind'],
      properties: {
        id: { type: 'integer', minimum: 1, maximum: 9_007_199_254_740_993_000 },
        kind: { enum: ['a', 'b'] },
        extra: { type: 'string' },
        other: { type: ['string', 'null'] },
      },
      if: { properties: { kind: { const: 'b' } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ['extra'] },
      dependentRequired: { other: ['extra'] },
    };
    const data = '{"2":1.10,"id":9007199254740993,"kind":"a","1":0}';
    const found = made(schema, data);
    const validator = new Validator(schema as ConstructorParameters<typeof Validator>[0]);
    for (const { dataJson, edge } of found.singles) {
      expect(validator.validate(JSON.parse(dataJson)).valid).toBe(true);
      expect(dataJson.startsWith('{"2":1.10,"id":')).toBe(true);
      if (edge.path[0] !== 'id') expect(dataJson).toContain('"id":9007199254740993');
    }
    expect(found.notes).toEqual([expect.stringContaining('would break another rule of the schema')]);
    const sets = combinations(
      found.singles.map(({ edge }) => edge),
      found.rest,
      30,
      seededRandom(5),
    );
    expect(sets.length).toBeGreaterThan(5);
    for (const set of sets) for (const one of set) expect(set.every((other) => other === one || areApart(one.path, other.path))).toBe(true);
    const order = { schemaJson: JSON.stringify(schema), baseJson: found.baseJson, sets };
    for (const each of combineVariantsTask.run({ ...order, isPartial: true }, () => undefined))
      expect(validator.validate(JSON.parse(each?.dataJson ?? 'null')).valid).toBe(true);
  });

  it('end for schemas whose parts lead to each other without an end, or allow very much', () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`field_${index}`, { type: ['string', 'null'] }]));
    const wide = made(shape({ ...many, inner: shape(many) }), {}, 40);
    expect([wide.singles.length, wide.singles.length + wide.rest.length]).toEqual([40, expect.toSatisfy((all: number) => all >= 1400)]);
    const $ref = '#/$defs/a';
    const circular = {
      $ref,
      $defs: {
        a: { anyOf: [{ $ref: '#/$defs/b' }, { type: 'string' }, { allOf: [{ $ref: '#/$defs/b' }] }] },
        b: { anyOf: [{ $ref }, { $ref }] },
      },
    };
    const order = { schemaJson: JSON.stringify(circular), dataJson: '"x"', singles: 10 };
    expect(makeVariantsTask.run(order, () => undefined)).toMatchObject({ kind: 'none', reason: expect.stringContaining('without an end') });
  });

  it('are none where a reference leads to a part that is no schema', () => {
    const odd = shape({ a: { $ref: '#/odd' } }, { odd: { type: 'object', required: 7 } });
    const order = { schemaJson: JSON.stringify(odd), dataJson: '{}' };
    expect(makeVariantsTask.run({ ...order, singles: 10 }, () => undefined)).toEqual({
      kind: 'none',
      reason: expect.stringMatching(/^The schema cannot be used \(.+\)\.$/),
    });
    const edge = { group: 'optional', kind: 'present', path: ['a'], value: { source: '{}', words: 'is there' } } as const;
    const sets = [[{ ...edge, smaller: [], isStated: true, parents: [], usual: null }]];
    const asked = { schemaJson: order.schemaJson, baseJson: '{}', sets };
    for (const isPartial of [true, false]) expect(combineVariantsTask.run({ ...asked, isPartial }, () => undefined)).toEqual([null]);
  });

  it('are shrunk to exactly what breaks', async () => {
    const some = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(some, fc.nat(), async (items, pick) => {
        const guilty = items.filter((item, index) => index === pick % items.length || (item + pick) % 5 === 0);
        let asked = 0;
        const { items: left, isSmallest } = await smallestSet(items, (subset) => {
          asked += 1;
          return Promise.resolve(guilty.every((item) => subset.includes(item)));
        });
        expect(left).toEqual(guilty);
        expect(isSmallest).toBe(true);
        expect(asked).toBeLessThan(items.length * items.length + 3 * items.length + 1);
      }),
    );
  });
});
