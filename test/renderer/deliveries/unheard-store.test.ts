import { expect, test } from 'vitest';
import type { UndeliveredMessage } from '#shared/contract/messages.ts';
import type { Client } from '../../../src/renderer/base/client.ts';
import { byReason, createUnheardStore } from '../../../src/renderer/features/deliveries/unheard-store.ts';

const message: UndeliveredMessage = { id: 'msg_1', type: 'a.b', createdAtMs: 0, why: 'There is no endpoint.', endpoints: [] };

/** A client whose answers the test gives one by one. */
function createAnswers() {
  const waiting: { readonly answer: (total: number) => void; readonly fail: () => void }[] = [];
  const withoutDelivery = () =>
    new Promise((resolve, reject) =>
      waiting.push({ answer: (total) => resolve({ items: [message], total }), fail: () => reject(new Error('away')) }),
    );
  return { waiting, client: { messages: { withoutDelivery } } as unknown as Pick<Client, 'messages'> };
}

test('asked many times while an answer is awaited, it asks once more', async () => {
  const { client, waiting } = createAnswers();
  const store = createUnheardStore(client);
  const reads = [store.read(), store.read(), store.read()];
  expect(waiting).toHaveLength(1);
  waiting[0]?.answer(1);
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.answer(2);
  await Promise.all(reads);
  expect([waiting.length, store.getState().total]).toEqual([2, 2]);
});

test('what is known stays when it cannot be asked for, and it can be asked for again', async () => {
  const { client, waiting } = createAnswers();
  const store = createUnheardStore(client);
  const first = store.read();
  waiting[0]?.answer(1);
  await first;
  const second = store.read();
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.fail();
  await second;
  expect(store.getState().total).toBe(1);
  const third = store.read();
  await expect.poll(() => waiting.length).toBe(3);
  waiting[2]?.answer(0);
  await third;
  expect(store.getState().total).toBe(0);
});

test('messages with one reason stand together under it', () => {
  const of = (id: string, why: string): UndeliveredMessage => ({ ...message, id, why });
  const groups = byReason([of('3', 'One.'), of('2', 'Two.'), of('1', 'One.')]);
  expect(groups.map((group) => group.map(({ id }) => id))).toEqual([['3', '1'], ['2']]);
});
