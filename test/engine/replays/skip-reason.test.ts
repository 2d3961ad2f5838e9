import { describe, expect, it } from 'vitest';
import { skipReasonOf, type DeliveryFacts } from '#engine/replays/skip-reason.ts';

const active = { isActive: true, isDeleted: false };
const ended: DeliveryFacts = { status: 'exhausted', isInFlight: false, isWaiting: false };

describe('what a replay leaves alone', () => {
  it.each<[string, DeliveryFacts, { isActive: boolean; isDeleted: boolean } | undefined, string | null]>([
    ['nothing of an exhausted delivery', ended, active, null],
    ['nothing of a delivered one', { ...ended, status: 'delivered' }, active, null],
    ['nothing of a cancelled one', { ...ended, status: 'cancelled' }, active, null],
    ['nothing of one that waits for its retry', { status: 'failed', isInFlight: false, isWaiting: true }, active, null],
    ['one that waits for its first attempt', { status: 'pending', isInFlight: false, isWaiting: true }, active, 'already_pending'],
    ['one whose attempt is under way', { status: 'failed', isInFlight: true, isWaiting: false }, active, 'in_flight'],
    ['one to a disabled endpoint', ended, { isActive: false, isDeleted: false }, 'endpoint_disabled'],
    ['one to a deleted endpoint, disabled as it is too', ended, { isActive: false, isDeleted: true }, 'endpoint_deleted'],
    ['one to an endpoint that is gone without a trace', ended, undefined, 'endpoint_deleted'],
  ])('%s', (_, facts, endpoint, reason) => {
    expect(skipReasonOf(facts, endpoint)).toBe(reason);
  });
});
