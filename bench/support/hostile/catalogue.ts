import { callRest, rest, run, type HostileAct } from './act.ts';
import { largeText, manyNames } from './data.ts';
import type { BenchHost } from '../host.ts';

/** Data that has to stay text: values of JavaScript would round each of its numbers. */
export const exactNumbers = (bytes: number) => `[${run('1.10,', bytes)}1.10]`;

const largeSamples = 20;

async function addLarge(host: BenchHost): Promise<void> {
  for (let number = 0; number < largeSamples; number += 1)
    await callRest(host, 'POST', '/event-types', { name: `large.n${number}`, sample: largeText() });
}

/** The catalogue with large samples and schemas, and the preview with data that stays text. */
export const catalogueActs: readonly HostileAct[] = [
  {
    name: 'one with a sample of 15 MB, saved',
    group: 'events',
    act: (host, round) => rest(host, 'POST', '/event-types', { name: `text.n${round}`, sample: largeText() }),
  },
  {
    name: 'one with a sample of 500,000 names, saved and read',
    group: 'events',
    act: async (host, round) => {
      await rest(host, 'POST', '/event-types', { name: `names.n${round}`, sample: manyNames() });
      return rest(host, 'GET', `/event-types/names.n${round}`);
    },
  },
  {
    name: 'one with a sample of 3,000,000 numbers that stay text, saved and read',
    group: 'events',
    act: async (host, round) => {
      await rest(host, 'POST', '/event-types', `{"name":"exact.n${round}","sample":${exactNumbers(15_000_000)}}`);
      return rest(host, 'GET', `/event-types/exact.n${round}`);
    },
  },
  {
    name: 'one with a schema of 30,000 properties, saved and used',
    group: 'events',
    act: async (host, round) => {
      const properties = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, { type: 'string' }]));
      const saved = await rest(host, 'POST', '/event-types', {
        name: `schema.n${round}`,
        sample: {},
        schema: { type: 'object', properties },
      });
      return `${saved}, then ${await rest(host, 'POST', '/messages', { type: `schema.n${round}`, data: { k1: 1 } })}`;
    },
  },
  {
    name: 'one with a text of 15 MB as its sample, changed',
    group: 'events',
    prepare: async (host) => void (await callRest(host, 'POST', '/event-types', { name: 'changed.sample', sample: largeText() })),
    act: (host, round) => rest(host, 'PATCH', '/event-types/changed.sample', { description: `round ${round}` }),
  },
  {
    name: `a page with ${largeSamples} samples of 15 MB`,
    group: 'events',
    prepare: addLarge,
    act: (host) => rest(host, 'GET', '/event-types?limit=200&q=large.n'),
  },
  { name: 'the list without samples', group: 'events', act: (host) => rest(host, 'GET', '/event-type-summaries?limit=200') },
  ...(['compact', 'pretty2', 'php', 'sorted-keys'] as const).map((bodyStyle): HostileAct => ({
    name: `3,000,000 numbers that stay text, in the style ${bodyStyle}`,
    group: 'templates',
    act: (host) =>
      rest(
        host,
        'POST',
        '/preview',
        `{"draft":{"url":"http://127.0.0.1:9/","bodyStyle":"${bodyStyle}"},"event":{"type":"a.b","data":${exactNumbers(15_000_000)}}}`,
      ),
  })),
  {
    name: '3,000,000 numbers that stay text, read by a template',
    group: 'templates',
    act: (host) =>
      rest(
        host,
        'POST',
        '/preview',
        `{"draft":{"url":"http://127.0.0.1:9/","template":"{{ data[7] | json }}"},"event":{"type":"a.b","data":${exactNumbers(15_000_000)}}}`,
      ),
  },
  {
    name: 'data of 15 MB as text',
    group: 'templates',
    act: (host) =>
      rest(host, 'POST', '/preview', {
        draft: { url: 'http://127.0.0.1:9/' },
        event: { type: 'a.b', dataText: exactNumbers(15_000_000) },
      }),
  },
  {
    name: 'data of 120 kB that stays text, which is read at once',
    group: 'templates',
    act: (host) =>
      rest(
        host,
        'POST',
        '/preview',
        `{"draft":{"url":"http://127.0.0.1:9/","bodyStyle":"php"},"event":{"type":"a.b","data":${exactNumbers(120_000)}}}`,
      ),
  },
];
