import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import type { CleanUp, Stored } from '#shared/contract/retention.ts';
import type { Client } from '../../../src/renderer/base/client.ts';
import {
  countOrNone,
  daysText,
  parseCount,
  parseDays,
  parseSizeLimit,
  sizeOrNone,
} from '../../../src/renderer/features/settings/limit-text.ts';
import { createRetentionStore } from '../../../src/renderer/features/settings/retention-store.ts';
import { cleanUpText, deletedConsequence, deletedText, wouldGoText } from '../../../src/renderer/features/settings/retention-text.ts';

const stored: Stored = {
  messages: { rows: 3, oldestAtMs: 1 },
  deliveries: { rows: 4, oldestAtMs: 1 },
  attempts: { rows: 5, oldestAtMs: 1 },
  captures: { rows: 0, oldestAtMs: null },
  deletedCaptures: 0,
  captureBytes: 0,
  fileBytes: 4096,
  freeBytes: 0,
  wouldGo: { messages: 1, deliveries: 2, captures: 0 },
  clockNotice: null,
  heldBack: 0,
};
const running: CleanUp = {
  status: 'running',
  phase: 'removing',
  removed: { messages: 1, deliveries: 2, attempts: 3, captures: 0, bodies: 0 },
  returnedBytes: 0,
  problem: null,
  trigger: 'manual',
  startedAtMs: 1,
  endedAtMs: null,
};

describe('a limit as it is typed', () => {
  it('is read in the words it is shown in, and refused otherwise', () => {
    for (const days of [1, 90, null]) expect(parseDays(daysText(days))).toBe(days);
    for (const count of [0, 12_400, null]) expect(parseCount(countOrNone(count))).toBe(count);
    for (const bytes of [2 ** 20, 3 * 2 ** 30, null]) expect(parseSizeLimit(sizeOrNone(bytes))).toBe(bytes);
    expect([parseDays('soon'), parseCount('-1'), parseSizeLimit('large')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the sentences of a clean-up', () => {
  it('name what would be removed and what stays, and leave out zeros', () => {
    expect(wouldGoText(stored)).toBe('Beyond the limits: 1 message, 2 deliveries.');
    expect(wouldGoText({ ...stored, wouldGo: { messages: 0, deliveries: 0, captures: 0 }, heldBack: 2 })).toBe(
      'Beyond the limits: nothing. 2 older messages stay, because they are still needed.',
    );
  });

  it('tell what was deleted apart from what is stored, and what its removal takes', () => {
    expect(deletedText(stored)).toBeNull();
    expect(deletedText({ ...stored, deletedCaptures: 2 })).toBe(
      '2 more captures were deleted within the last 10 minutes: they can still be restored, and take up space.',
    );
    expect(deletedConsequence({ ...stored, deletedCaptures: 1 })).toBe(
      '1 deleted capture will be removed for good and can no longer be restored. So will 1 message, 2 deliveries beyond the limits.',
    );
  });

  it('say how far it is, how it ended, and why it failed', () => {
    expect(cleanUpText(running)).toBe('Removing; so far 1 message, 2 deliveries, 3 attempts removed, 0 B returned to the disk.');
    expect(cleanUpText({ ...running, status: 'cancelled', phase: null })).toMatch(/^Cancelled: 1 message/);
    expect(cleanUpText({ ...running, status: 'failed', phase: null, problem: 'The disk is full.' })).toMatch(
      /^The disk is full\. Until then: /,
    );
  });
});

describe('the store of the retention', () => {
  const clientWith = (calls: Partial<Record<keyof Client['retention'], (...input: readonly unknown[]) => Promise<unknown>>>) =>
    ({ retention: calls }) as unknown as Client;

  it('asks what is stored again once the clean-up has ended, and not before', async () => {
    let now: CleanUp = running;
    let asked = 0;
    const store = createRetentionStore(
      clientWith({
        stored: async () => {
          asked += 1;
          return stored;
        },
        lastCleanUp: async () => ({ cleanUp: now }),
      }),
    );
    await store.follow();
    expect([asked, store.getState().cleanUp?.status]).toEqual([0, 'running']);
    now = { ...running, status: 'completed', phase: null };
    await store.follow();
    expect([asked, store.getState().cleanUp?.status, store.getState().stored]).toEqual([1, 'completed', stored]);
  });

  it('takes what was deleted along only where that is asked for', async () => {
    const asked: unknown[] = [];
    const store = createRetentionStore(
      clientWith({
        cleanUp: async (...input: readonly unknown[]) => {
          asked.push(...input);
          return running;
        },
      }),
    );
    await store.start();
    await store.start(true);
    expect(asked).toEqual([
      { confirm: true, withDeleted: false },
      { confirm: true, withDeleted: true },
    ]);
  });

  it('keeps what it knows when the engine refuses', async () => {
    const store = createRetentionStore(
      clientWith({
        stored: async () => stored,
        lastCleanUp: async () => ({ cleanUp: running }),
        cancel: () => Promise.reject(new ORPCError('CONFLICT', { message: 'No clean-up is under way.' })),
      }),
    );
    await store.load();
    await store.cancel();
    expect(store.getState()).toMatchObject({ stored, cleanUp: running, problem: { message: 'No clean-up is under way.' } });
  });
});
