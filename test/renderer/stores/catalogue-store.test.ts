import { expect, test } from 'vitest';
import { createCatalogueStore } from '../../../src/renderer/stores/catalogue-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

test('every name is known, however many there are', async () => {
  const { client } = await startClockedEngine();
  for (let number = 0; number < 201; number += 1) {
    await client.eventTypes.create({ name: `event.n${number}` });
    await client.policies.create({ name: `Policy ${number}`, policy: { kind: 'none' } });
    await client.endpoints.create({ name: `Endpoint ${number}`, url: 'http://127.0.0.1:9/' });
  }
  const store = createCatalogueStore(client, { on: () => () => undefined, stop: () => undefined });
  await store.want();
  const { endpoints, eventTypes, policies } = store.getState();
  expect([endpoints.length, eventTypes.length, policies.length]).toEqual([201, 201, 201]);
  expect(policies.some(({ name }) => name === 'Policy 0')).toBe(true);
});
