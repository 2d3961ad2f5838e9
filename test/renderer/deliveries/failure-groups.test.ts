import { expect, it } from 'vitest';
import type { LoggedFailureGroup } from '#shared/contract/failure-groups.ts';
import { inPlace } from '../../../src/renderer/features/deliveries/failure-groups-store.ts';

function group(key: string, count: number): LoggedFailureGroup {
  return {
    key,
    count,
    exhausted: 0,
    endpointId: 'ep_1',
    endpointName: 'Shop',
    outcomeCode: 'http_status',
    status: 500,
    phase: null,
    reason: null,
    answer: key,
    message: '',
    exampleId: `dlv_${key}`,
    firstAtMs: 1,
    lastAtMs: 2,
  };
}

it('keeps a group in its place after a replay in which nothing of it failed', () => {
  const before = [group('nulls', 3), group('limit', 1), group('away', 1)];
  const seen = new Map(before.map((each) => [each.key, each]));
  const after = [group('away', 1), group('limit', 1), group('new', 2), { ...group('nulls', 3), count: 0 }];
  expect(inPlace(after, seen).map(({ key }) => key)).toEqual(['nulls', 'new', 'limit', 'away']);
});
