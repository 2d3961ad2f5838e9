import { expect, test } from 'vitest';
import type { EventType } from '#shared/contract/events.ts';
import { eventDraftOf, newEvent, readEvent, type SampleDraft } from '../../../src/renderer/features/events/event-draft.ts';
import { listenersOf, listenersText } from '../../../src/renderer/features/events/events-store.ts';

const eventType: EventType = {
  name: 'invoice.paid',
  title: '',
  description: 'Paid.',
  group: '',
  sample: { id: 'in_1' },
  samples: [{ name: 'default', data: { id: 'in_1' } }],
  dataCheck: 'warn',
  source: null,
  schema: { type: 'object' },
  createdAtMs: 1,
  updatedAtMs: 1,
};

test('an event type comes out of its form as it went in', () => {
  expect(readEvent(eventDraftOf(eventType))).toEqual({
    value: {
      title: '',
      group: '',
      description: 'Paid.',
      samples: [{ name: 'default', data: { id: 'in_1' } }],
      schema: { type: 'object' },
      dataCheck: 'warn',
    },
  });
});

test('a sample keeps its digits', () => {
  const read = readEvent({ ...newEvent, samples: [{ name: 'a', data: '{"price": 1.10}' }] });
  expect('value' in read ? read.value.samples : []).toEqual([{ name: 'a', dataText: '{"price":1.10}' }]);
});

test('JSON that does not parse is placed at its line and column, and samples are told apart by name', () => {
  const issueOf = (samples: readonly SampleDraft[]) => {
    const read = readEvent({ ...newEvent, samples });
    return 'issues' in read ? read.issues.samples : '';
  };
  expect(issueOf([{ name: 'paid', data: '{\n  "id": \n}' }])).toMatch(/^paid: Line 3, column 1: /);
  expect(issueOf([{ name: ' ', data: '{}' }])).toBe('Give the sample a name.');
  expect(
    issueOf([
      { name: 'a', data: '' },
      { name: 'a', data: '' },
    ]),
  ).toContain('two samples called a');
});

test('a schema has to be an object, and may be left out', () => {
  expect(readEvent({ ...newEvent, schema: '[]' })).toEqual({
    issues: { schema: 'A JSON Schema is an object, such as {"type": "object"}.' },
  });
  const read = readEvent({ ...newEvent, samples: [{ name: 'a', data: '' }], schema: ' ' });
  expect(read).toMatchObject({ value: { samples: [{ name: 'a', data: {} }], schema: null } });
});

test('endpoints listen by name, by pattern or to all', () => {
  const known = (id: string, events: string[]) => ({ id, name: id, url: 'http://127.0.0.1/', events, isActive: true, verifyTls: true });
  const all = [known('a', ['invoice.paid']), known('b', ['invoice.*']), known('c', ['*']), known('d', ['order.*'])];
  expect(listenersOf(all, 'invoice.paid').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('an endpoint that is switched off is counted apart from those that get an event', () => {
  const known = (isActive: boolean) => ({ id: 'a', name: 'a', url: 'http://127.0.0.1/', events: ['*'], isActive, verifyTls: true });
  expect(listenersText([])).toBe('no endpoint');
  expect(listenersText([known(true), known(true)])).toBe('2 endpoints');
  expect(listenersText([known(true), known(false)])).toBe('1 endpoint, 1 disabled');
  expect(listenersText([known(false)])).toBe('no endpoint, 1 disabled');
});
