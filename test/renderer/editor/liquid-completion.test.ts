import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { hoverAt, liquidPlaceAt, proposalsAt, scopeAt } from '../../../src/renderer/editor/liquid-completion.ts';
import { liquidFilters, liquidTags } from '../../../src/renderer/editor/liquid-words.ts';

const scope = {
  type: 'invoice.paid',
  id: 'msg_1',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: {
    amount: 1200,
    customer: { email: 'a@example.com', 'first name': 'Ada' },
    items: [
      { sku: 'A-1', paid: true },
      { sku: 'B-2', paid: false },
    ],
    note: null,
  },
};

/** The template without its `|^|` mark, and the offset the mark stood at. */
function cursor(marked: string): readonly [template: string, offset: number] {
  const offset = marked.indexOf('|^|');
  return [marked.replace('|^|', ''), offset];
}

const labels = (marked: string) => proposalsAt(...cursor(marked), scope).map((proposal) => proposal.label);

describe('completion in a template', () => {
  it('proposes the names of the event at the start of an output', () => {
    expect(labels('{"a": {{ |^|')).toEqual(['type', 'id', 'timestamp', 'data']);
  });

  it('proposes the real keys of the sample after a dot, with their types and values', () => {
    const proposals = proposalsAt(...cursor('{"a": "{{ data.|^| }}"}'), scope);
    expect(proposals.map(({ label, detail, sample }) => [label, detail, sample])).toEqual([
      ['amount', 'number', '1200'],
      ['customer', 'object with 2 keys', '{"email":"a@example.com","first name":"Ada"}'],
      ['items', 'array of 2', '[{"sku":"A-1","paid":true},{"sku":"B-2","paid":false}]'],
      ['note', 'null', 'null'],
    ]);
  });

  it('replaces only what is written of the name', () => {
    const [template, offset] = cursor('{{ data.customer.em|^| }}');
    const proposal = proposalsAt(template, offset, scope)[0];
    expect(template.slice(proposal?.from, offset)).toBe('em');
  });

  it('replaces the dot with brackets for a key that is not a word', () => {
    const [template, offset] = cursor('{{ data.customer.|^| }}');
    const proposal = proposalsAt(template, offset, scope).find((entry) => entry.label === 'first name');
    expect(template.slice(0, proposal?.from) + proposal?.insertText).toBe('{{ data.customer["first name"]');
  });

  it('knows the items of a for and the value of an assign before it', () => {
    expect(labels('{% for line in data.items %}{{ line.|^|')).toEqual(['sku', 'paid']);
    expect(labels('{% assign who = data.customer %}{{ who.|^|')).toEqual(['email', 'first name']);
    expect(scopeAt('{% for line in data.items %}', 0, scope)).not.toHaveProperty('line');
  });

  it('proposes filters after a bar and tags at the start of a tag', () => {
    expect(labels('{{ data.amount | |^|')).toContain('divided_by');
    expect(labels('{% |^|')).toContain('for');
  });

  it('proposes nothing in plain JSON, in a string literal and behind a closed output', () => {
    expect(labels('{"data.|^|": 1}')).toEqual([]);
    expect(labels('{{ data.note | default: "data.|^|" }}')).toEqual([]);
    expect(labels('{{ data.amount }} data.|^|')).toEqual([]);
  });

  it('offers first, last and size of an array', () => {
    expect(labels('{{ data.items.|^|')).toEqual(['size', 'first', 'last']);
    expect(labels('{{ data.items[0].|^|')).toEqual(['sku', 'paid']);
  });

  it('names only filters and tags that LiquidJS has', () => {
    const liquid = new Liquid();
    const closing = /^(end\w+|else|elsif|when)$/;
    expect(liquidFilters.map((word) => word.name).filter((name) => !(name in liquid.filters))).toEqual([]);
    expect(liquidTags.map((word) => word.name).filter((name) => !closing.test(name) && !(name in liquid.tags))).toEqual([]);
  });

  it.each([...liquidFilters, ...liquidTags.filter((word) => word.example.includes('…'))])(
    'gives $name an example that renders',
    async (word) => {
      const rendered = await new Liquid({ strictFilters: true }).parseAndRender(word.example, {
        ...scope,
        data: { ...scope.data, tags: ['a'], rate: 1.5 },
      });
      expect(typeof rendered).toBe('string');
    },
  );
});

describe('place in a template', () => {
  it.each([
    ['{{ a }}|^|', 'text'],
    ['{%- |^|', 'tagName'],
    ['{% if data.|^|', 'path'],
    ['{{ a | default: |^|', 'path'],
    ['{"a": {"b": {{ x |^|', 'path'],
    ["{{ 'it|^|", 'string'],
  ])('reads %j as %s', (marked, kind) => {
    expect(liquidPlaceAt(...cursor(marked)).kind).toBe(kind);
  });
});

describe('hover in a template', () => {
  it('shows the sample value of the whole path up to the word under the pointer', () => {
    const [template, offset] = cursor('{"to": "{{ data.cust|^|omer.email }}"}');
    expect(hoverAt(template, offset, scope)).toMatchObject({ title: 'data.customer', detail: 'object with 2 keys' });
    const [second, end] = cursor('{"to": "{{ data.customer.em|^|ail }}"}');
    const hover = hoverAt(second, end, scope);
    expect(hover).toMatchObject({ title: 'data.customer.email', sample: '"a@example.com"' });
    expect(second.slice(hover?.from, hover?.to)).toBe('data.customer.email');
  });

  it('says when the sample event has no such key', () => {
    expect(hoverAt(...cursor('{{ data.am|^|ont }}'), scope)).toMatchObject({ title: 'data.amont', detail: 'not in the sample event' });
  });

  it('explains a filter and stays silent on text', () => {
    expect(hoverAt(...cursor('{{ data | js|^|on }}'), scope)).toMatchObject({ title: 'json' });
    expect(hoverAt(...cursor('{"da|^|ta": 1}'), scope)).toBeNull();
  });
});
