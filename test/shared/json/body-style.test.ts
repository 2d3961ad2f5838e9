import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyStyleNames, StyledTooLong, writeStyled, type BodyStyle } from '#shared/json/body-style.ts';
import { compactJson } from '#shared/json/exact.ts';
import { exactJsonText } from '../../support/exact-json.ts';

const text = String.raw`{ "b": "é/<a>&😀 \u001f\n", "a": {}, "list": [[], {}, [1.10]], "n": 9007199254740993, "b": null }`;

it('indents what a value would not say the same as what it would, and no brackets within a string', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom('pretty2', 'ruby-pretty'), (json, style) => {
      const plain = `{"at":10,"of":[${json},"\u2028 []","x {}",[],{}]}`;
      // A number that a value would not keep has it written value by value.
      const exact = plain.replace('10', '1.0');
      expect(writeStyled(plain, style).replace('"at": 10', '"at": 1.0')).toBe(writeStyled(exact, style));
    }),
    { numRuns: 100 },
  );
});

const written: Readonly<Record<BodyStyle, string>> = {
  compact: String.raw`{"b":"é/<a>&😀 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}`,
  pretty2: String.raw`{
  "b": "é/<a>&😀 \u001f\n",
  "a": {},
  "list": [
    [],
    {},
    [
      1.10
    ]
  ],
  "n": 9007199254740993,
  "b": null
}`,
  'ruby-pretty': String.raw`{
  "b": "é/<a>&😀 \u001f\n",
  "a": {
  },
  "list": [
    [

    ],
    {
    },
    [
      1.10
    ]
  ],
  "n": 9007199254740993,
  "b": null
}`,
  'escaped-slashes': String.raw`{"b":"é\/<a>&😀 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}`,
  'rails-html-escape': String.raw`{"b":"é\/\u003ca\u003e\u0026😀 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}`,
  'escaped-unicode': String.raw`{"b":"\u00e9/<a>&\ud83d\ude00 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}`,
  php: String.raw`{"b":"\u00e9\/<a>&\ud83d\ude00 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}`,
  'sorted-keys': String.raw`{"a":{},"b":"é/<a>&😀 \u001f\n","b":null,"list":[[],{},[1.10]],"n":9007199254740993}`,
  'array-crlf': String.raw`{"b":"é/<a>&😀 \u001f\n","a":{},"list":[[],{},[1.10]],"n":9007199254740993,"b":null}` + '\r\n',
};

describe('JSON in the style of a provider', () => {
  it.each(bodyStyleNames)('is written as %s', (style) => {
    expect(writeStyled(text, style)).toBe(written[style]);
  });

  it.each([
    ['{}', '{\n}'],
    ['[]', '[\n\n]'],
    [
      '{"data":{"object":{"metadata":{},"lines":[]}}}',
      '{\n  "data": {\n    "object": {\n      "metadata": {\n      },\n      "lines": [\n\n      ]\n    }\n  }\n}',
    ],
  ])('gives empty objects and lists lines of their own as old Ruby did: %s', (from, to) => {
    expect(writeStyled(from, 'ruby-pretty')).toBe(to);
  });

  it('joins the elements of a list by CRLF, and ends it with one', () => {
    expect(writeStyled('[{"a": 1.0}, {"b": [1, 2]}]', 'array-crlf')).toBe('[{"a":1.0},\r\n{"b":[1,2]}]\r\n');
    expect(writeStyled('[]', 'array-crlf')).toBe('[]\r\n');
  });

  it('says the same in every style, to the digit', () => {
    fc.assert(
      fc.property(exactJsonText, fc.constantFrom(...bodyStyleNames), (json, style) => {
        const styled = writeStyled(json, style);
        expect(JSON.parse(styled)).toEqual(JSON.parse(json));
        // The order of names aside, not a token is another.
        if (style !== 'sorted-keys') expect(compactJson(styled)).toBe(json);
        expect(writeStyled(styled, style)).toBe(styled);
      }),
    );
  });

  it('ends where it would be too long, as deep levels make it', () => {
    const deep = `${'['.repeat(500)}${'1,'.repeat(10_000)}1${']'.repeat(500)}`;
    expect(() => writeStyled(deep, 'pretty2', 1_000_000)).toThrow(StyledTooLong);
  });
});
