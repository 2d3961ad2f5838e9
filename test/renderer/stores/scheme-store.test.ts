import { describe, expect, it } from 'vitest';
import { createSchemeStore } from '../../../src/renderer/stores/scheme-store.ts';
import { schemeIds } from '../../../src/shared/contract/signing.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

describe('the schemes in the window', () => {
  it('are those of the engine, with the two that fit most senders before the providers in the order of their titles', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const store = createSchemeStore(client);
    expect(store.getState().items).toEqual([]);
    await Promise.all([store.load(), store.load()]);
    const { items } = store.getState();
    expect(items.map(({ id }) => id).toSorted()).toEqual(schemeIds.toSorted());
    expect(items.slice(0, 2).map(({ id }) => id)).toEqual(['standard-webhooks', 'custom']);
    const titles = items.slice(2).map(({ title }) => title);
    expect(titles).toEqual(titles.toSorted((one, other) => one.localeCompare(other, 'en')));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('are asked for once more after the engine could not be reached', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    let isDown = true;
    const flaky = new Proxy(client, {
      get: (target, name) => {
        if (isDown && name === 'verifying') throw new Error('The connection was closed.');
        return Reflect.get(target, name) as unknown;
      },
    });
    const store = createSchemeStore(flaky);
    await store.load();
    expect(store.getState().items).toEqual([]);
    isDown = false;
    await store.load();
    expect(store.getState().items.length).toBe(schemeIds.length);
  });
});
