import { describe, expect, it } from 'vitest';
import { completionAt, withName } from '../../../src/renderer/ui/name-completion.ts';

const names = ['vars.host', 'vars.token', 'environment', 'deliveryId'];

/** The options at the caret, which the text has as `|`. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = completionAt(text, caret, names);
  return { text, found, options: found?.options ?? null };
}

describe('the completion of names in a field', () => {
  it.each([
    ['https://{{|', names],
    ['https://{{ va|', ['vars.host', 'vars.token']],
    ['https://{{ token|', ['vars.token']],
    ['{{ HOST| }}/x', ['vars.host']],
    ['{{- en|', ['environment', 'vars.token']],
  ])('offers what fits: %s', (marked, options) => {
    expect(at(marked).options).toEqual(options);
  });

  it.each(['https://|', 'a {|', '{{ vars.host }}|/x', '{{ nothing|', '{{ id | hex: 1|', '{{ vars.host |}}'])(
    'offers nothing where no name is being written: %s',
    (marked) => {
      const caret = marked.lastIndexOf('|');
      expect(completionAt(marked.slice(0, caret) + marked.slice(caret + 1), caret, ['vars.host'])).toBeNull();
    },
  );

  it.each([
    ['https://{{ va|', 'vars.host', 'https://{{ vars.host }}'],
    ['{{ho| }}/hooks', 'vars.host', '{{ vars.host }}/hooks'],
    ['{{ vars.to|ken }}?a=1', 'vars.token', '{{ vars.token }}?a=1'],
    ['a {{| b', 'environment', 'a {{ environment }} b'],
  ])('puts a chosen name in the place of what was typed, with the caret behind it: %s', (marked, name, expected) => {
    const { text, found } = at(marked);
    if (found === null) throw new Error('Nothing is offered.');
    const chosen = withName(text, found, name);
    expect(chosen.text).toBe(expected);
    expect(chosen.text.slice(0, chosen.caret).endsWith(`{{ ${name} }}`)).toBe(true);
  });
});
