import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '#shared/contract/index.ts';
import { startClockedEngine, type EngineClient } from '../support/clocked-engine.ts';

/** Every procedure of the contract with the fields of its input. */
const procedures = Object.entries(contract).flatMap(([area, of]) =>
  Object.entries(of).map(([name, procedure]) => ({
    name: `${area}.${name}`,
    fields: fieldsOf((procedure as { readonly '~orpc': { readonly inputSchema?: unknown } })['~orpc'].inputSchema),
    call: (client: EngineClient, input: object) =>
      (client as unknown as Record<string, Record<string, (input: object) => Promise<unknown>>>)[area]?.[name]?.(input),
  })),
);

function fieldsOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The thing that a list belongs to, where it belongs to one; which it is does not matter for a wrong cursor. */
const ofWhat = (fields: readonly string[]) => (fields.includes('id') ? { id: 'any' } : {});

const withFields = (...names: readonly string[]) => procedures.filter(({ fields }) => names.every((name) => fields.includes(name)));

describe('every list of the contract', () => {
  const lists = withFields('cursor', 'limit');

  it('is among these', () => {
    expect(lists.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'endpoints.list',
        'eventTypes.list',
        'policies.list',
        'deliveries.list',
        'replays.list',
        'bins.list',
        'captures.list',
      ]),
    );
  });

  const refusal = {
    code: 'INPUT_INVALID',
    data: {
      issues: [
        {
          path: 'cursor',
          message:
            'This list gave no such cursor. Give the `next` of a page of this list as it is, or no cursor to begin with the first page.',
        },
      ],
    },
  };

  it.each(lists)('$name refuses a cursor that it did not give, and names the field', async ({ fields, call }) => {
    const { client } = await startClockedEngine();
    for (const cursor of ['nonsense', '1', 'NOT ONE', 'other.1', 'bins.', 'deliveries.NO', 'captures', 'bin_01', 'invoice.paid'])
      await expect(call(client, { cursor, ...ofWhat(fields) })).rejects.toMatchObject(refusal);
  });

  it.each(lists)('$name refuses a cursor in another spelling than it gives', async ({ name, fields, call }) => {
    const { client } = await startClockedEngine();
    const list = name.slice(0, name.indexOf('.')).replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    // The cursors of event types are names, in which letters and digits may stand in any order.
    const ends = ['', ' 1', '1 ', '1.', '..', '%31', ...(list === 'event-types' ? [] : ['0', '01', '0x10', '1E3', 'A', '-1', '+1', '1.0'])];
    for (const end of ends) await expect(call(client, { cursor: `${list}.${end}`, ...ofWhat(fields) })).rejects.toMatchObject(refusal);
  });

  it.each(withFields('fromMs', 'toMs'))('$name refuses an end before its beginning', async ({ call }) => {
    const { client } = await startClockedEngine();
    await expect(call(client, { fromMs: 2, toMs: 1 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'toMs', message: expect.stringContaining('before fromMs') as string }] },
    });
  });
});
