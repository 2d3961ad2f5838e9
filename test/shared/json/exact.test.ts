import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactJson, givenOf, JsonText } from '#shared/contract/json.ts';
import {
  compactJson,
  elementSources,
  prettyExact,
  readExact,
  repeatedNames,
  sourceAt,
  withMember,
  writeExact,
} from '#shared/json/exact.ts';
import { exactJsonText } from '../../support/exact-json.ts';

describe('JSON as it is written', () => {
  it('is written again to the character, with every digit, every name and their order', () => {
    fc.assert(
      fc.property(exactJsonText, (text) => {
        expect(writeExact(readExact(text))).toBe(text);
      }),
    );
  });

  it('loses nothing but the space between its tokens when it is made compact, and is laid out as JSON.stringify does', () => {
    fc.assert(
      fc.property(exactJsonText, fc.constantFrom(' ', '\n', '\t\r\n '), (text, space) => {
        const spaced = text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => `${space}${token}${space}`);
        expect(compactJson(spaced)).toBe(text);
        expect(compactJson(prettyExact(spaced))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const usual = JSON.stringify(value);
        // What a value says all of.
        const again = JSON.stringify(JSON.parse(usual));
        expect(compactJson(JSON.stringify(value, null, 3))).toBe(usual);
        expect(prettyExact(again)).toBe(JSON.stringify(JSON.parse(again), null, 2));
      }),
    );
  });

  it('writes strings as JSON.stringify does', () => {
    expect(compactJson(String.raw`{ "\u00e9\/" : "\ud800 \u0041 \n" }`)).toBe(String.raw`{"é/":"\ud800 A \n"}`);
  });

  it('is found at a path as JSON.parse finds it', () => {
    const text = String.raw`{ "event": 1, "e\u0076ent": {"data" : 1.10, "x": [{"data": 3}], "data" :  {"a": "}\"" , "b": 2.0 } } }`;
    expect(sourceAt(text, ['event', 'data'])).toBe(String.raw`{"a": "}\"" , "b": 2.0 }`);
    expect(sourceAt(text, ['event', 'data', 'b'])).toBe('2.0');
    expect(sourceAt(text, ['event', 'none'])).toBeNull();
    expect(sourceAt('[1]', ['event'])).toBeNull();
    expect(sourceAt('{"a": [ {"b":1}, {"b": 1.10} ]}', ['a', '1', 'b'])).toBe('1.10');
    expect(sourceAt('[1, [2], 3]', ['3'])).toBeNull();
    expect(sourceAt(' 1.0 ', [])).toBe('1.0');
    fc.assert(
      fc.property(exactJsonText, exactJsonText, (first, second) => {
        expect(sourceAt(`{"x":${first},"data":${first},"data" : ${second} ,"y":[]}`, ['data'])).toBe(second);
      }),
    );
  });

  it('is taken apart as the elements of a list', () => {
    const space = fc.constantFrom('', ' ', '\n\t');
    fc.assert(
      fc.property(fc.array(exactJsonText), space, (texts, between) => {
        expect(elementSources(`${between}[${between}${texts.join(`${between},${between}`)}${between}]`)).toEqual(texts);
      }),
    );
    expect([elementSources('{"a":[1]}'), elementSources('1'), elementSources('')]).toEqual([[], [], []]);
  });

  it('reports names that an object has more than once', () => {
    const text = String.raw`{"a":1,"b":{"c":[{"d":1,"d":2}],"c":1},"\u0061":2,"e":{"a":1}}`;
    expect(repeatedNames(readExact(text), 5)).toEqual(['a', 'c', 'd']);
    expect(repeatedNames(readExact(text), 1)).toEqual(['a']);
    expect(repeatedNames(readExact('{"a":{"a":1},"b":[{"a":1},{"a":2}]}'), 5)).toEqual([]);
  });

  it('takes a member, in its place where it has one of the name', () => {
    expect(withMember('{"a":1.0,"n":2.0,"z":3,"n":4}', 'n', '7')).toBe('{"a":1.0,"n":7,"z":3}');
    expect(withMember('{"10":1,"2":1.10}', 'n', '7')).toBe('{"10":1,"2":1.10,"n":7}');
    expect(withMember('{}', 'n', '7')).toBe('{"n":7}');
  });
});

describe('JSON that a value may not say all of', () => {
  it('stays a value where it does, whatever the space', () => {
    for (const text of ['{"a":1,"b":[true,null,"x"]}', '{ "a": 1.5 }', '"\\u0041"', '3']) expect(exactJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['digits', '[9007199254740993]'],
    ['zeros at the end', '{"a":1.10}'],
    ['an exponent', '1e3'],
    ['a number out of range', '[1e400]'],
    ['the sign of zero', '[-0]'],
    ['a name twice', '{"a":1,"a":1}'],
    ['the order of names', '{"10":1,"2":1}'],
    ['a member that copies of an object take for its prototype', '{"__proto__":{"a":1},"n":1}'],
  ])('stays text for %s', (_, text) => {
    const json = exactJson(` ${text}\n`);
    expect(json).toBeInstanceOf(JsonText);
    expect((json as JsonText).text).toBe(text);
    expect(givenOf(text)).toEqual({ dataText: text });
  });

  it('writes itself with all digits as part of other JSON', () => {
    const json = new JsonText('{"id":9007199254740993,"price":1.10,"n":1}');
    expect(JSON.stringify({ data: json })).toBe('{"data":{"id":9007199254740993,"price":1.10,"n":1}}');
  });
});
