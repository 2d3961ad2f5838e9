import { expect, test } from 'vitest';
import type { Client } from '../../../src/renderer/base/client.ts';
import { createCaptureStores } from '../../../src/renderer/features/captures/captures-store.ts';

/** A client of one capture that went on nowhere when it was opened; the test answers each further question about that by itself. */
function createAnswers() {
  const waiting: { readonly answer: (...ids: string[]) => void; readonly fail: () => void }[] = [];
  let isOpened = false;
  const list = () => {
    if (!isOpened) return Promise.resolve({ items: [] });
    return new Promise((resolve, reject) =>
      waiting.push({
        answer: (...ids) => resolve({ items: ids.map((id) => ({ id })) }),
        fail: () => reject(new Error('away')),
      }),
    );
  };
  const client = {
    captures: { get: () => Promise.resolve({ id: 'cap_1' }) },
    deliveries: { list },
    relays: { ofCapture: () => Promise.resolve({ items: [] }) },
  } as unknown as Client;
  const stores = createCaptureStores(client);
  return {
    waiting,
    stores,
    open: async () => {
      await stores.detail.open('cap_1');
      isOpened = true;
    },
    shown: () => stores.detail.getState().item?.replays.map(({ id }) => id),
  };
}

test('asked many times while an answer is awaited, where a capture went on to is read once more', async () => {
  const { waiting, stores, open, shown } = createAnswers();
  await open();
  const reads = [stores.readGoneOn(), stores.readGoneOn(), stores.readGoneOn()];
  expect(waiting).toHaveLength(1);
  waiting[0]?.answer('dlv_1');
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.answer('dlv_2', 'dlv_1');
  await Promise.all(reads);
  expect(waiting).toHaveLength(2);
  expect(shown()).toEqual(['dlv_2', 'dlv_1']);
});

test('what was known of where a capture went on to stays when it cannot be read again', async () => {
  const { waiting, stores, open, shown } = createAnswers();
  await open();
  const first = stores.readGoneOn();
  waiting[0]?.answer('dlv_1');
  await first;
  const second = stores.readGoneOn();
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.fail();
  await second;
  expect(shown()).toEqual(['dlv_1']);
  expect(stores.detail.getState().problem).toMatchObject({ message: expect.stringContaining('away') });
});
