import { expect, test } from 'vitest';
import type { ReplayPreview, ReplaySource } from '#shared/contract/replays.ts';
import { createDryRunStore } from '../../../src/renderer/features/deliveries/replays-store.ts';

const source: ReplaySource = { kind: 'redeliver', filter: {} };
const counted = (total: number): ReplayPreview => ({
  total,
  replayable: total,
  skipped: [],
  byStatus: {},
  byEndpoint: [],
  byEventType: [],
  sample: [],
});

function createAnswers() {
  const waiting: {
    readonly resolve: (value: ReplayPreview) => void;
    readonly reject: (error: unknown) => void;
    readonly signal: AbortSignal;
  }[] = [];
  return {
    waiting,
    preview: (_: ReplaySource, signal: AbortSignal) =>
      new Promise<ReplayPreview>((resolve, reject) => waiting.push({ resolve, reject, signal })),
  };
}

test('the count of an earlier source is given up and dropped', async () => {
  const { waiting, preview } = createAnswers();
  const store = createDryRunStore(preview);
  const first = store.count(source);
  const second = store.count({ kind: 'redeliver', filter: { status: 'failed' } });
  expect(waiting[0]?.signal.aborted).toBe(true);
  waiting[1]?.resolve(counted(2));
  waiting[0]?.resolve(counted(1));
  await Promise.all([first, second]);
  expect(store.getState()).toEqual({ preview: counted(2), isCounting: false, problem: null });
});

test('a refusal takes the old count away, and the next count takes the refusal away', async () => {
  const { waiting, preview } = createAnswers();
  const store = createDryRunStore(preview);
  const refused = store.count(source);
  waiting[0]?.reject(new Error('Shop is disabled.'));
  await refused;
  expect(store.getState()).toMatchObject({ preview: null, problem: { message: 'Shop is disabled.' } });
  const again = store.count(source);
  waiting[1]?.resolve(counted(3));
  await again;
  expect(store.getState()).toMatchObject({ preview: { total: 3 }, problem: null });
});
