import { describe, expect, it } from 'vitest';
import type { ReplayDetail, ReplayPreview } from '#shared/contract/replays.ts';
import { consequenceOf } from '../../../src/renderer/features/deliveries/bulk-actions.tsx';
import { parseFilter } from '../../../src/renderer/base/filter-text.ts';
import { deliveryKeys } from '../../../src/renderer/features/deliveries/filter.ts';
import {
  previewSentence,
  progressParts,
  replaySentence,
  namedBy,
  replayWords,
  verdictSentence,
  sourceWords,
} from '../../../src/renderer/features/deliveries/replay-words.ts';

const preview: ReplayPreview = { total: 0, replayable: 0, skipped: [], byStatus: {}, byEndpoint: [], byEventType: [], sample: [] };
const replay: ReplayDetail = {
  id: 'rpl_1',
  source: { kind: 'redeliver', filter: {} },
  names: { ep_9: 'http://127.0.0.1:9/hooks', bin_1: 'Shop' },
  timestamp: 'now',
  ratePerSecond: 10,
  status: 'running',
  problem: null,
  total: 400,
  replayed: 100,
  skipped: [{ reason: 'endpoint_disabled', count: 20 }],
  creator: 'tester',
  createdAtMs: 0,
  updatedAtMs: 0,
  endedAtMs: null,
  byStatus: { delivered: 90, failed: 8, pending: 2 },
};

describe('the dry run in words', () => {
  it.each<[Partial<ReplayPreview>, number | null, string]>([
    [{}, 10, 'Nothing matches, so nothing would be sent.'],
    [{ total: 1, replayable: 1 }, 10, '1 delivery will be sent.'],
    [{ total: 1201, replayable: 1201 }, 10, '1,201 deliveries will be sent, over 2 m.'],
    [{ total: 1201, replayable: 1201 }, null, '1,201 deliveries will be sent.'],
    [
      { total: 5, replayable: 3, skipped: [{ reason: 'endpoint_disabled', count: 2 }] },
      10,
      '3 deliveries will be sent; 2 skipped: endpoint disabled.',
    ],
    [
      { total: 2, replayable: 0, skipped: [{ reason: 'in_flight', count: 2 }] },
      10,
      'None of these can be sent; 2 skipped: attempt under way.',
    ],
  ])('%o at %s a second', (counted, rate, sentence) => {
    expect(previewSentence({ ...preview, ...counted }, rate)).toBe(sentence);
  });
});

describe('a replay in words', () => {
  it('says how far it is and how long it still takes', () => {
    expect(replaySentence(replay)).toBe('120 of 400 deliveries scheduled, about 28 s to go.');
    expect(replaySentence({ ...replay, status: 'paused' })).toBe('Paused after 120 of 400 deliveries.');
    expect(replaySentence({ ...replay, status: 'completed' })).toBe('All 100 deliveries were scheduled; 280 no longer matched.');
    expect(replaySentence({ ...replay, status: 'cancelled' })).toBe('Cancelled after 120 of 400 deliveries; those are still sent.');
    expect(replaySentence({ ...replay, status: 'completed', total: 1, replayed: 1, skipped: [] })).toBe('1 delivery was scheduled.');
  });

  it('draws parts that add up to what was found, and nothing to come once it is over', () => {
    expect(progressParts(replay).map(({ key, count }) => [key, count])).toEqual([
      ['delivered', 90],
      ['failed', 8],
      ['pending', 2],
      ['skipped', 20],
      ['left', 280],
    ]);
    expect(progressParts({ ...replay, status: 'cancelled' }).some(({ key }) => key === 'left')).toBe(false);
  });

  it('names what it covers', () => {
    const endpoints = [{ id: 'ep_1', name: 'Shop' }];
    const words = (text: string) =>
      sourceWords(
        { kind: 'redeliver', filter: { ...parseFilter(text, deliveryKeys({ endpoints, eventTypes: [], nowMs: 0 })) } },
        namedBy(endpoints),
        true,
      );
    expect(words('')).toBe('all deliveries');
    expect(words('status:exhausted endpoint:Shop timeout')).toBe('exhausted deliveries to Shop with “timeout”');
    expect(words('test:no endpoint:Shop')).toBe('deliveries to Shop that are no tests');
    expect(words('test:yes status:failed relay:rly_1')).toBe('failed tests of relay rly_1');
    expect(words('replay:rpl_1')).toBe('deliveries of replay rpl_1');
    expect(sourceWords({ kind: 'recover', endpointId: 'ep_1', sinceMs: 0 }, namedBy(endpoints), true)).toBe(
      'what failed at Shop since 1970-01-01 00:00:00',
    );
    // What is in no list has its name from the engine.
    const source = { kind: 'captures' as const, filter: { binId: 'bin_1' }, endpointId: 'ep_9', as: 'received' as const, withAuth: false };
    expect(replayWords({ ...replay, source }, true, new Map())).toBe('captures of Shop to http://127.0.0.1:9/hooks');
    const narrowed = { ...source, filter: { binId: 'bin_1', status: '5xx' } };
    expect(replayWords({ ...replay, source: narrowed }, true, new Map())).toBe(
      'captures of Shop that match a filter to http://127.0.0.1:9/hooks',
    );
  });
});

describe('what cancelling does', () => {
  it.each([
    [{ waiting: 0, inFlight: 0 }, 'Nothing is pending any more, so nothing will be cancelled.'],
    [{ waiting: 1, inFlight: 0 }, '1 waiting delivery will be cancelled.'],
    [{ waiting: 12, inFlight: 1 }, '12 waiting deliveries will be cancelled, and 1 attempt under way will be cut off.'],
  ])('%o', (counts, sentence) => {
    expect(consequenceOf(counts)).toBe(sentence);
  });
});

describe('what came of a replay', () => {
  it('is said first once it is over and known of any', () => {
    expect(verdictSentence({ status: 'completed' }, { 'same-failure': 1, fixed: 1006 })).toBe('1,006 fixed, 1 same failure.');
    expect(verdictSentence({ status: 'completed' }, { waiting: 7 })).toBeNull();
    expect(verdictSentence({ status: 'completed' }, {})).toBeNull();
    expect(verdictSentence({ status: 'running' }, { fixed: 3 })).toBeNull();
  });

  it('is of a failure group that is called by its cause, where that is known', () => {
    const key = 'grp_0123456789abcdef';
    const grouped = { ...replay, source: { kind: 'redeliver' as const, filter: { failureGroup: key } } };
    expect(replayWords(grouped, true, new Map([[key, '503 Down']]))).toBe('deliveries that failed with “503 Down”');
    expect(replayWords(grouped, true, new Map())).toBe(`deliveries of failure group ${key}`);
  });
});
