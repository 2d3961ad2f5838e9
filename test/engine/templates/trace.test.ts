import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAttempt, bodyAttemptScope } from '#engine/templates/attempt-scope.ts';
import { placesInStyle } from '#engine/templates/style-places.ts';
import { traceTemplate } from '#engine/templates/trace.ts';
import { bodyStyleNames, writeStyled, type BodyStyle } from '#shared/json/body-style.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const scope = {
  ...bodyAttemptScope(firstAttempt, 0),
  type: 'a.b',
  id: 'msg_1',
  timestamp: '1970-01-01T00:00:00.000Z',
  timestampUnix: 0,
  timestampMs: 0,
  endpoint: { id: 'ep_1', name: 'Receiver' },
};

function trace(lines: readonly string[], data: unknown = {}, style: BodyStyle | null = null) {
  const traced = traceTemplate({ source: lines.join('\n'), scope, dataJson: JSON.stringify(data), style });
  if (traced === null) throw new Error('Nothing was told.');
  return { text: traced.text, parts: traced.parts.map(({ line, from, to }) => [line, traced.text.slice(from, to)] as const) };
}

describe('what a line of a template made', () => {
  it('is its own text and what its outputs write', () => {
    const { text, parts } = trace(['{', '  "type": {{ type | json }},', '  "list": {{ data.list | json }}', '}'], { list: [1, 2] });
    expect(text).toBe('{\n  "type": "a.b",\n  "list": [1,2]\n}');
    expect(parts).toEqual([
      [1, '{\n'],
      [2, '  "type": "a.b",\n'],
      [3, '  "list": [1,2]\n'],
      [4, '}'],
    ]);
  });

  it('is told of the lines within a loop each time, and of a block by its lines and not by its tag', () => {
    const { parts } = trace(['[{% for each in data %}', '{{ each }}{% unless forloop.last %},{% endunless %}', '{% endfor %}]'], [1, 2]);
    expect(parts).toEqual([
      [1, '[\n'],
      [2, '1,\n'],
      [1, '\n'],
      [2, '2\n'],
      [3, ']'],
    ]);
  });

  it('leaves out what is trimmed, and tells what was captured where it is written', () => {
    const { text, parts } = trace(['{%- capture name -%}', '  x', '{%- endcapture -%}', '[', '  {{- name | json -}}', ']']);
    expect(text).toBe('["x"]');
    expect(parts).toEqual([
      [4, '['],
      [5, '"x"'],
      [6, ']'],
    ]);
  });

  it('is found in the style that the body is written in', () => {
    const lines = ['{"a": {{ data.a | json }},', '"b": [{{ data.b | json }}]}'];
    const data = { a: 'é/<', b: {} };
    expect(trace(lines, data, 'ruby-pretty')).toEqual({
      text: '{\n  "a": "é/<",\n  "b": [\n    {\n    }\n  ]\n}',
      parts: [
        [1, '{\n  "a": "é/<",\n  '],
        [2, '"b": [\n    {\n    }\n  ]\n}'],
      ],
    });
    expect(trace(lines, data, 'php').parts).toEqual([
      [1, String.raw`{"a":"\u00e9\/<",`],
      [2, '"b":[{}]}'],
    ]);
  });

  it('cannot be told where names are sorted', () => {
    expect(traceTemplate({ source: '{"b":1,"a":2}', scope, dataJson: '{}', style: 'sorted-keys' })).toBeNull();
  });

  it('cannot be told of more parts than anybody looks at', () => {
    const source = '{% for n in (1..15000) %}{{ n }}\n{% endfor %}';
    expect(traceTemplate({ source, scope, dataJson: '{}', style: null })).toBeNull();
  });

  it('is every character of the body, once and in order, in each style', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.constantFrom(null, ...bodyStyleNames.filter((name) => name !== 'sorted-keys')),
        (json, style) => {
          const dataJson = JSON.stringify(JSON.parse(json));
          const traced = traceTemplate({ source: '[\n{{ data | json }},\n{{ type | json }}\n]', scope, dataJson, style });
          const joined = (traced?.parts ?? []).map(({ from, to }) => traced?.text.slice(from, to)).join('');
          expect(joined).toBe(traced?.text);
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('finds the place of each token in another style', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (json) => {
      const compact = JSON.stringify(JSON.parse(json));
      const styled = writeStyled(compact, 'php', 1_000_000);
      const placeOf = placesInStyle(compact, styled);
      expect(placeOf?.(0)).toBe(0);
      expect(placeOf?.(compact.length)).toBe(styled.length);
      const places = Array.from({ length: compact.length + 1 }, (_, at) => placeOf?.(at) ?? -1);
      expect(places).toEqual(places.toSorted((one, other) => one - other));
    }),
    { numRuns: 60 },
  );
});

it('is told by the preview when it is asked for, and not of a body that comes out another way each time', async () => {
  const { client } = await startClockedEngine();
  const preview = (template: string | null, more: object = {}) =>
    client.preview.render({ draft: { url: 'http://127.0.0.1:9/', template }, event: { type: 'a.b' }, withOrigin: true, ...more });
  const { bodyText, origin } = await preview('{\n"type":{{ type | json }}}');
  expect(origin?.map(({ line, from, to }) => [line, bodyText?.slice(from, to)])).toEqual([
    [1, '{\n'],
    [2, '"type":"a.b"}'],
  ]);
  expect((await preview('{}', { withOrigin: false })).origin).toBeNull();
  expect((await preview(null)).origin).toBeNull();
});
