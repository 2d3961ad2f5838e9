import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '#shared/contract/index.ts';
import { startClockedEngine, type EngineClient } from '../support/clocked-engine.ts';

/** Every procedure of the contract that changes one thing by its id or name. */
const updates = Object.entries(contract).flatMap(([area, of]) =>
  'update' in of && inputOf(of.update) instanceof z.ZodObject ? [{ area, fields: Object.keys(inputOf(of.update).shape) }] : [],
);

function inputOf(procedure: object): z.ZodObject {
  return (procedure as { readonly '~orpc': { readonly inputSchema: z.ZodObject } })['~orpc'].inputSchema;
}

interface Updated {
  readonly updatedAtMs: number;
}

/** Makes a thing of each kind, and changes it. */
const things: Readonly<
  Record<string, (client: EngineClient) => Promise<{ readonly made: Updated; readonly update: (change: object) => Promise<Updated> }>>
> = {
  endpoints: async ({ endpoints }) => {
    const made = await endpoints.create({ name: 'First', url: 'http://127.0.0.1:9/' });
    return { made, update: (change) => endpoints.update({ id: made.id, ...change }) };
  },
  eventTypes: async ({ eventTypes }) => {
    const made = await eventTypes.create({ name: 'a.b', description: 'First' });
    return {
      made,
      update: ({ name, ...change }: { readonly name?: string }) => eventTypes.update({ name: 'a.b', description: name, ...change }),
    };
  },
  policies: async ({ policies }) => {
    const made = await policies.create({ name: 'First', policy: { kind: 'none' } });
    return { made, update: (change) => policies.update({ id: made.id, ...change }) };
  },
  profiles: async ({ profiles }) => {
    const made = saved(await profiles.create({ name: 'First' }));
    return { made, update: async (change) => saved(await profiles.update({ id: made.id, ...change })) };
  },
  auths: async ({ auths }) => {
    const made = await auths.create({ name: 'First', parts: [{ kind: 'bearer', token: 'correct-horse-battery-staple' }] });
    return { made, update: (change) => auths.update({ id: made.id, ...change }) };
  },
  environments: async ({ environments }) => {
    const made = await environments.create({ name: 'First' });
    return { made, update: (change) => environments.update({ id: made.id, ...change }) };
  },
  relays: async ({ bins, relays }) => {
    const bin = await bins.create({ name: 'Bin' });
    const made = await relays.create({ name: 'First', binId: bin.id, targets: [{ url: 'http://127.0.0.1:9/' }] });
    return { made, update: (change) => relays.update({ id: made.id, ...change }) };
  },
  sources: async ({ bins, sources }) => {
    const bin = await bins.create({ name: 'Bin' });
    const made = await sources.create({ binId: bin.id, url: 'http://127.0.0.1:9/channel', name: 'First', isActive: false });
    return { made, update: (change) => sources.update({ id: made.id, ...change }) };
  },
  bins: async ({ bins }) => {
    const made = await bins.create({ name: 'First' });
    return { made, update: (change) => bins.update({ id: made.id, ...change }) };
  },
};

/** A profile that was saved has a time, unlike a built-in one. */
function saved<T extends { readonly updatedAtMs: number | null }>(profile: T): T & Updated {
  return { ...profile, updatedAtMs: profile.updatedAtMs ?? Number.NaN };
}

describe('an update', () => {
  it('of every kind takes the version that it is made for', () => {
    expect(updates.filter(({ fields }) => !fields.includes('ifUpdatedAtMs'))).toEqual([]);
    expect(updates.map(({ area }) => area).toSorted()).toEqual(Object.keys(things).toSorted());
  });

  it.each(Object.entries(things))('of %s is refused for another version, with what is otherwise by now', async (_area, make) => {
    const { client } = await startClockedEngine();
    const { made, update } = await make(client);
    // In the same millisecond.
    const second = await update({ ifUpdatedAtMs: made.updatedAtMs, name: 'Second' });
    expect(second.updatedAtMs).toBeGreaterThan(made.updatedAtMs);
    const refused = update({ ifUpdatedAtMs: made.updatedAtMs, name: 'Third' });
    await expect(refused).rejects.toMatchObject({
      code: 'CONFLICT',
      data: {
        issues: [{ path: 'ifUpdatedAtMs' }, { path: expect.stringMatching(/^(name|description)$/), message: 'It is "Second" now.' }],
      },
    });
    await update({ ifUpdatedAtMs: second.updatedAtMs, name: 'Third' });
    expect((await update({ name: 'Fourth' })).updatedAtMs).toBeGreaterThan(second.updatedAtMs);
  });
});
