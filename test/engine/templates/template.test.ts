import { describe, expect, it } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import { bodyAttemptScope, firstAttempt } from '#engine/templates/attempt-scope.ts';
import { envelopeOf, renderBody } from '#engine/templates/render-body.ts';
import { compileTemplate, renderTemplate, unreadTemplate, type TemplateScope } from '#engine/templates/template.ts';

const scope: TemplateScope = {
  ...bodyAttemptScope(firstAttempt, 1_767_225_600_000),
  type: 'invoice.paid',
  id: 'msg_1',
  timestamp: '2026-01-01T00:00:00.000Z',
  timestampUnix: 1_767_225_600,
  timestampMs: 1_767_225_600_000,
  data: { amount: 5, name: 'Zoë "Z" ☃ 𝄞', list: [1, 2, 3], nothing: null, big: 'x'.repeat(1_000_000) },
  endpoint: { id: 'ep_1', name: 'Own' },
};

const render = (source: string) => Buffer.from(renderTemplate(compileTemplate(source), scope)).toString('utf8');

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a template', () => {
  it.each([
    [
      '{{ type }}|{{ id }}|{{ timestamp }}|{{ timestampUnix }}|{{ endpoint.name }}',
      'invoice.paid|msg_1|2026-01-01T00:00:00.000Z|1767225600|Own',
    ],
    ['{"n": {{ data.name | json }}}', '{"n": "Zoë \\"Z\\" ☃ 𝄞"}'],
    ['{{ data.list | json }} {{ data.list.size }} {{ data.list[1] }}', '[1,2,3] 3 2'],
    ['{{ data.nothing | json }}', 'null'],
    ['{{ data.missing | default: "none" }}', 'none'],
    ['{% if data.missing %}yes{% else %}no{% endif %}', 'no'],
    ['{% for n in data.list %}{{ n }}{% unless forloop.last %},{% endunless %}{% endfor %}', '1,2,3'],
    ['{% raw %}{{ not this }}{% endraw %}', '{{ not this }}'],
    ['a\r\nb\tc', 'a\r\nb\tc'],
    ['', ''],
  ])('%j renders %j', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each<[string, string, number, number, RegExp]>([
    ['a misspelt field', '{\n  "a": {{ data.amuont }}\n}', 2, 11, /undefined variable: data\.amuont/],
    ['a misspelt variable', '{{ dta }}', 1, 4, /undefined variable: dta/],
    ['a part of the event under the name of the event', '{{ event.type }}', 1, 4, /named without "event\.": write type/],
    ['data under another name', '{{ payload.id }}', 1, 4, /called data: write data/],
    ['a misspelt filter', 'a\n\n {{ type | jsn }}', 3, 2, /undefined filter: jsn/],
    ['a misspelt tag', 'a\n  {% fro x in y %}', 2, 3, /tag "fro" not found/],
    ['an output that is not closed', '{\n  "a": {{ data.amount \n}', 2, 8, /not closed/],
    ['a tag that is not closed', 'x {% if type %}\ny', 1, 3, /not closed/],
    ['a field after lines that end in CRLF', 'a\r\nb\r\nc {{ nope }}', 3, 6, /undefined variable: nope/],
    ['a prototype', '{{ data.constructor.prototype }}', 1, 4, /undefined variable: data\.constructor/],
    ['a prototype by its other name', '{{ data.__proto__.x }}', 1, 4, /undefined variable: data\.__proto__/],
    ['a method', '{{ data.list.constructor }}', 1, 4, /undefined variable/],
    ['include', 'x\n{% include "/etc/passwd" %}', 2, 1, /include, render and layout cannot be used/],
    ['render', '{% render "a" %}', 1, 1, /include, render and layout cannot be used/],
    ['layout', '{% layout "a" %}', 1, 1, /include, render and layout cannot be used/],
  ])('with %s is refused at its place', (_, source, line, column, reason) => {
    const refusal = refusalOf(() => render(source));
    expect(refusal).toMatchObject({ code: 'TEMPLATE_INVALID', data: { source: 'template', line, column, rendered: null } });
    expect(refusal.message).toMatch(reason);
    expect(refusal.message).toMatch(/^The template is wrong at line \d+, column \d+: .*\.$/s);
  });

  it.each<[string, string]>([
    ['brackets', `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`],
    ['tags', `${'{% if true %}'.repeat(4_900)}x${'{% endif %}'.repeat(4_900)}`],
  ])('whose %s are nested without end is told so', (_, source) => {
    expect(refusalOf(() => render(source)).message).toMatch(/nested too deeply\. Nest them less deeply\.$/);
  });

  it.each<[string, string, RegExp]>([
    ['a long loop', '{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}', /too long to render/],
    ['a huge range', '{% for a in (1..1000000000) %}x{% endfor %}', /too much text or too long lists/],
    ['a text that doubles', '{% assign x = data.big %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}', /too much text/],
    [
      'a captured text that doubles',
      '{% capture x %}{{ data.big }}{% endcapture %}{% for i in (1..40) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}',
      /too much text/,
    ],
    ['output without end', '{% for i in (1..1000000) %}{{ data.big }}{% endfor %}', /too much text|too long to render|characters/],
    ['a wide date', "{{ 'now' | date: '%1000000000Y' }}", /too much text/],
    ['a table without end', '{% tablerow i in (1..100000000) %}{% endtablerow %}', /too much text|too long/],
  ])('with %s ends', (_, source, reason) => {
    const refusal = refusalOf(() => render(source));
    expect(refusal.message).toMatch(reason);
  });

  it('that was not read yet is read when it is rendered, so that one which no longer compiles does no harm before', () => {
    expect(Buffer.from(renderTemplate(unreadTemplate('{{ type }}'), scope)).toString()).toBe('invoice.paid');
    const broken = unreadTemplate('{% nope %}');
    expect(broken.source).toBe('{% nope %}');
    expect(refusalOf(() => renderTemplate(broken, scope))).toMatchObject({ code: 'TEMPLATE_INVALID', data: { line: 1, column: 1 } });
  });
});

describe('a template with very many tags', () => {
  it('is refused with their number before it is read', () => {
    expect(refusalOf(() => compileTemplate('{{ 1 }}'.repeat(140_000))).message).toContain(
      'it has 140000 tags and outputs, and at most 10000 are read',
    );
  });

  it('is refused where they stand in a liquid tag', () => {
    expect(refusalOf(() => compileTemplate(`{% liquid\n${'echo 1\n'.repeat(100_000)}%}`)).message).toContain('at most 10000 are read');
  });
});

describe('the body of an event', () => {
  it('is the envelope of Standard Webhooks without a template', () => {
    const body = envelopeOf({ ...scope, dataJson: '{"a":1}' });
    expect(Buffer.from(body).toString()).toBe('{"type":"invoice.paid","timestamp":"2026-01-01T00:00:00.000Z","data":{"a":1}}');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/cloudevents+json', 'APPLICATION/JSON'])(
    'must be JSON for %s',
    (contentType) => {
      const refusal = refusalOf(() => renderBody(compileTemplate('{\n  "a": {{ data.name }}\n}'), contentType, scope));
      expect(refusal).toMatchObject({
        code: 'TEMPLATE_INVALID',
        data: { source: 'json', line: 2, column: 8, rendered: '{\n  "a": Zoë "Z" ☃ 𝄞\n}' },
      });
      expect(refusal.message).toContain('invalid JSON at line 2, column 8');
    },
  );

  it.each(['text/plain', 'application/xml', 'application/jsonp'])('may be anything for %s', (contentType) => {
    expect(Buffer.from(renderBody(compileTemplate('<a>{{ type }}'), contentType, scope)).toString()).toBe('<a>invoice.paid');
  });
});
