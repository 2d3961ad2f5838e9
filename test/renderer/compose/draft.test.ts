import { describe, expect, it } from 'vitest';
import { emptyDraft, isBelow, parseDraft } from '../../../src/renderer/features/compose/draft.ts';
import { requestHead, requestTarget } from '../../../src/renderer/features/compose/request-text.ts';

describe('a kept draft', () => {
  it('is read back as it was written', () => {
    const draft = {
      eventType: 'a.b',
      data: { 'a.b': '{}' },
      samples: { 'a.b': 'profile:unpaid' },
      isBatch: true,
      template: { text: null },
      body: { text: 'AA==', encoding: 'base64' },
      head: null,
      oneOff: null,
    };
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it.each([
    null,
    '',
    'not json',
    '[]',
    '{"eventType": 1, "data": {"a": 2}, "template": {"text": 3}, "body": {"text": "x", "encoding": "rot13"}}',
  ])('is empty for stored %j', (text) => {
    expect(parseDraft(text)).toEqual(emptyDraft);
  });
});

it.each([
  ['http://127.0.0.1:1/bin', true],
  ['http://127.0.0.1:1/bin/x', true],
  ['http://127.0.0.1:1/bin?x', true],
  ['http://127.0.0.1:1/bin2', false],
])('knows whether %s belongs to the bin', (url, expected) => {
  expect(isBelow(url, 'http://127.0.0.1:1/bin')).toBe(expected);
});

describe('the request as text', () => {
  it.each([
    ['http://a.test', '/'],
    ['http://a.test/x?y=1#z', '/x?y=1'],
    ['http://a.test?y', '/?y'],
  ])('sends the target of %s', (url, target) => {
    expect(requestTarget(url)).toBe(target);
  });

  it('ends the headers with an empty line', () => {
    expect(requestHead({ method: 'POST', url: 'http://a.test/x', headers: [['A', '1']] })).toBe('POST /x HTTP/1.1\r\nA: 1\r\n\r\n');
  });
});
