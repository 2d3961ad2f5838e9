import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf, ownRepeats, parseJsonWithRepeats, repeatsWithin } from '#shared/json-repeats.ts';

describe('JSON with repeated names', () => {
  it('is what JSON.parse makes of it, and also lists every entry', () => {
    const text = '{"a": 1, "b": {"c": [true, null], "c": "x"}, "a": -0.5e1, "\\u0061": "é"}';
    const value = parseJsonWithRepeats(text);
    expect(value).toEqual(JSON.parse(text));
    expect(JSON.stringify(value)).toBe('{"a":"é","b":{"c":"x"}}');
    expect(entriesOf(value as object).map(([name]) => name)).toEqual(['a', 'b', 'a', 'a']);
    expect(ownRepeats(value as object)).toEqual(['a']);
    expect(repeatsWithin([value])).toEqual(['a', 'c']);
  });

  it('is read as JSON.parse reads it, whatever the value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonWithRepeats(text)).toEqual(JSON.parse(text));
        const twice = `{"again":${text},"again":${text}}`;
        expect(parseJsonWithRepeats(twice)).toEqual(JSON.parse(twice));
        expect(ownRepeats(parseJsonWithRepeats(twice) as object)).toEqual(['again']);
      }),
    );
  });

  it('is refused where JSON.parse refuses it, comments and trailing commas included', () => {
    for (const text of ['', '{"a":1,}', '{"a":1} // no', '{"a":1,"a":}']) expect(() => parseJsonWithRepeats(text)).toThrow(SyntaxError);
  });

  it('tells of no repeats where there are none, or in what is nested too deep to look through', () => {
    expect(ownRepeats(parseJsonWithRepeats('{"a":{"a":1},"b":[{"a":1},{"a":2}]}') as object)).toEqual([]);
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)},"a":1}`;
    expect(ownRepeats(parseJsonWithRepeats(deep) as object)).toEqual([]);
  });
});
