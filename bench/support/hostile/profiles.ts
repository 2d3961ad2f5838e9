import { callRest, rest, run, type HostileAct } from './act.ts';
import { exactNumbers } from './catalogue.ts';
import type { BenchHost } from '../host.ts';

const eventType = (index: number, data: unknown = {}) => ({ name: `e.n${index}`, title: 'One', samples: [{ name: 'A', data }] });

const fileOf = (name: string, more: object) => ({ hookyardProfile: 1, profile: { name, ...more } });

function importAct(name: string, make: (name: string) => unknown): HostileAct {
  return {
    name: `a file ${name}, imported`,
    group: 'profiles',
    act: (host, round) => rest(host, 'POST', '/profiles/import', make(`${name.slice(0, 80)} ${round}`)),
  };
}

const withSamplesOf = (name: string, characters: number) =>
  fileOf(name, {
    eventTypes: Array.from({ length: 500 }, (_, index) => eventType(index, { text: run('x', characters) })),
  });

/** One that stays within every limit and is as large as it can be. */
const largest = (name: string) => withSamplesOf(name, 3900);

/** As many values as a call may have. */
const mostValues = (name: string) =>
  fileOf(name, {
    eventTypes: Array.from({ length: 500 }, (_, index) =>
      eventType(
        index,
        Array.from({ length: 190 }, () => 1),
      ),
    ),
  });

async function importLargest(host: BenchHost, name: string, file: unknown): Promise<string> {
  const { text } = await callRest(host, 'POST', '/profiles/import', file);
  const { id } = JSON.parse(text) as { readonly id?: string };
  if (id === undefined) throw new Error(`The profile ${name} was refused: ${text.slice(0, 200)}`);
  return id;
}

/** Files of profiles that are made to keep their reader busy, and large ones read again. */
export const profileActs: readonly HostileAct[] = [
  importAct('of 100,000 event types', (name) =>
    fileOf(name, { eventTypes: Array.from({ length: 100_000 }, (_, index) => eventType(index)) }),
  ),
  importAct('of 20,000 event types', (name) =>
    fileOf(name, { eventTypes: Array.from({ length: 20_000 }, (_, index) => eventType(index)) }),
  ),
  importAct('nested 100,000 levels deep', (name) =>
    JSON.stringify(fileOf(name, { eventTypes: [eventType(0, '?')] })).replace('"?"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  ),
  importAct('nested 450 levels deep, 100 times', (name) =>
    JSON.stringify(fileOf(name, { eventTypes: Array.from({ length: 100 }, (_, index) => eventType(index, '?')) })).replaceAll(
      '"?"',
      `${'['.repeat(450)}${']'.repeat(450)}`,
    ),
  ),
  importAct('with names of prototypes', (name) =>
    JSON.stringify(fileOf(name, {})).replace('"profile":{', '"profile":{"__proto__":{"isBuiltIn":true},"constructor":{"prototype":1},'),
  ),
  importAct('of 90,000 unknown fields', (name) =>
    fileOf(name, Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, 1]))),
  ),
  importAct('with 90,000 headers', (name) =>
    fileOf(name, { unsignedHeaders: Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`X-H-${index}`, 'a'])) }),
  ),
  importAct('of 15 MB in 500 samples', (name) => withSamplesOf(name, 30_000)),
  importAct('of 2 MB in 500 samples', largest),
  importAct('of 95,000 values', mostValues),
  importAct('with a sample of 3,000,000 numbers that stay text', (name) =>
    JSON.stringify(fileOf(name, { eventTypes: [eventType(0, '?')] })).replace('"?"', exactNumbers(15_000_000)),
  ),
  ...(
    [
      ['2 MB in 500 samples', largest],
      ['95,000 values', mostValues],
    ] as const
  ).map(([name, make]): HostileAct => {
    let id = '';
    return {
      name: `one of ${name}, exported, copied and listed`,
      group: 'profiles',
      prepare: async (host) => {
        id = await importLargest(host, name, make(`Read again, ${name}`));
      },
      act: async (host, round) => {
        const exported = await rest(host, 'GET', `/profiles/${id}/export`);
        const copied = await rest(host, 'POST', '/profiles', { copyOf: id, name: `Copy of ${name} ${round}` });
        return `${exported}, ${copied}, ${await rest(host, 'GET', '/profiles')}`;
      },
    };
  }),
];
