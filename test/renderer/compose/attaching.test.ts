import { expect, test } from 'vitest';
import type { Client } from '../../../src/renderer/base/client.ts';
import type { AttachedChoice } from '../../../src/renderer/features/compose/attached-body.ts';
import { createAttaching } from '../../../src/renderer/features/compose/attaching.ts';
import type { ComposeState } from '../../../src/renderer/features/compose/compose-state.ts';
import { oneOffKey } from '../../../src/renderer/features/compose/draft.ts';

const fileOf = (text: string): AttachedChoice => ({ kind: 'file', file: new File([text], 'body.txt') });
const base64Of = (text: string) => Buffer.from(text).toString('base64');

/** A form for any URL, and a client whose answers about the limit the test gives one by one. */
function createForm() {
  let state = { target: oneOffKey, endpoints: [], unlisted: [], attached: null } as unknown as ComposeState;
  const waiting: (() => void)[] = [];
  const getSettings = () => new Promise((resolve) => waiting.push(() => resolve({ bodyLimitBytes: 1000 })));
  const client = { system: { getSettings } } as unknown as Client;
  const set = (change: Partial<ComposeState>) => (state = { ...state, ...change });
  const seen = { reads: 0 };
  return {
    ...createAttaching(client, { get: () => state, set }, () => (seen.reads += 1)),
    waiting,
    set,
    seen,
    attached: () => state.attached,
  };
}

test('of files that are chosen quickly, the last ones are attached, whichever are read first', async () => {
  const form = createForm();
  const [first, last] = [form.attach(fileOf('first')), form.attach(fileOf('last'))];
  form.waiting[1]?.();
  await last;
  form.waiting[0]?.();
  await first;
  expect(form.attached()?.body?.base64).toBe(base64Of('last'));
  expect(form.seen.reads).toBe(1);
});

test('files that are forgotten while they are read are not attached', async () => {
  const form = createForm();
  const reading = form.attach(fileOf('first'));
  await form.attach(null);
  form.waiting[0]?.();
  await reading;
  expect(form.attached()).toBeNull();
});

test('files that are still being read do not come into what is opened meanwhile', async () => {
  const form = createForm();
  const reading = form.attach(fileOf('first'));
  // As when a capture is opened to be sent again.
  form.set({ attached: null });
  form.waiting[0]?.();
  await reading;
  expect(form.attached()).toBeNull();
  expect(form.seen.reads).toBe(0);
});
