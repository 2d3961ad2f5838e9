import { previewedOf } from '../../../src/renderer/features/endpoints/draft-preview.ts';
import { firstView } from '../../../src/renderer/features/compose/preview-view.ts';
import { describe, expect, test } from 'vitest';
import {
  changedFields,
  draftOf,
  inputOf,
  newDraft,
  trialOf,
  patchOf,
  withProfile,
  withRetry,
  type EndpointDraft,
} from '../../../src/renderer/features/endpoints/endpoint-draft.ts';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { endpointInput, type Endpoint } from '../../../src/shared/contract/endpoints.ts';

const { secretHeaders: _secretHeaders, ...defaults } = endpointInput.parse({ name: 'Billing', url: 'http://127.0.0.1:3000/x' });
const endpoint: Endpoint = {
  ...defaults,
  id: 'ep_1',
  changedFromProfile: [],
  changedInProfile: [],
  headers: { 'X-Tenant': 'acme' },
  secretHeaderNames: ['Authorization', 'X-Key'],
  secretFingerprints: ['0a1b2c3d'],
  publicKeys: [],
  creator: 'alice (window)',
  health: 'healthy',
  healthSinceMs: null,
  healthMessage: 'Its newest attempt was accepted.',
  failuresInARow: 0,
  recent: { attempts: 0, failed: 0 },
  disabledReason: null,
  disablesSoon: [],
  circuit: null,
  rateLimitedUntilMs: null,
  lastDelivery: null,
  recentAttempts: [],
  pendingDeliveries: 0,
  createdAtMs: 1,
  updatedAtMs: 1,
};
const base = draftOf(endpoint);
const patchFor = (change: Partial<EndpointDraft>) => patchOf({ ...base, ...change }, base);

describe('the draft of a new endpoint that is filled in from a profile', () => {
  const profileOf = (id: string) => {
    const profile = builtInProfiles().find((each) => each.id === id);
    if (profile === undefined) throw new Error(`There is no profile ${id}.`);
    return profile;
  };

  test('has its fields, name and event types, and keeps the URL', () => {
    const filled = withProfile({ ...newDraft(), url: 'http://127.0.0.1:4000/' }, profileOf('stripe'));
    expect(filled).toMatchObject({ profile: 'stripe', name: 'Stripe', url: 'http://127.0.0.1:4000/', bodyStyle: 'ruby-pretty' });
    expect(filled.events).toContain('checkout.session.completed');
    const { fields } = profileOf('stripe');
    expect(inputOf(filled)).toMatchObject({ value: { profile: 'stripe', signing: fields.signing, headers: fields.headers } });
  });

  test('keeps a name that was typed, and has one event type where the system has', () => {
    expect(withProfile({ ...newDraft(), name: 'Mine' }, profileOf('axcelerate'))).toMatchObject({
      name: 'Mine',
      events: ['contact.updated'],
    });
  });

  test('leaves nothing of the profile that was chosen before', () => {
    const direct = withProfile(newDraft(), profileOf('github'));
    const later = withProfile({ ...withProfile(newDraft(), profileOf('stripe')), name: '' }, profileOf('github'));
    expect(later).toEqual(direct);
  });
});

describe('the draft of an endpoint', () => {
  test('without changes there is nothing to save', () => {
    expect(changedFields(draftOf(endpoint), base)).toEqual([]);
    expect(patchFor({})).toEqual({ value: {} });
  });

  test('redirects are refused until the draft says how many to follow', () => {
    expect(base.redirects).toBe('refuse');
    expect(patchFor({ redirects: { follow: 3 } })).toEqual({ value: { redirects: { follow: 3 } } });
    expect(changedFields({ ...base, redirects: { follow: 3 } }, base)).toEqual(['redirects']);
    expect(inputOf({ ...base, redirects: { follow: 3 } })).toMatchObject({ value: { redirects: { follow: 3 } } });
  });

  test('only what changed is sent', () => {
    const change = { url: 'http://127.0.0.1:4000/y', timeout: '2 s', retry: { ...base.retry, choice: 'quick' } };
    expect(patchFor(change)).toEqual({ value: { url: 'http://127.0.0.1:4000/y', timeoutMs: 2000, retryPolicy: 'quick' } });
    expect(changedFields({ ...base, ...change }, base).toSorted()).toEqual(['retry', 'timeout', 'url']);
  });

  test('rules and limits are read from text, an empty one is none, and only those that changed are sent', () => {
    const limits = { ...base.limits, afterFailures: '20', rateCount: '5', ratePer: '1 m', breakAfter: '3', maxPause: '1 h' };
    expect(patchFor({ limits })).toEqual({
      value: {
        autoDisable: { onExhaustion: false, afterFailures: 20, afterFailingMs: null },
        rateLimit: { count: 5, perMs: 60_000 },
        circuitBreaker: { failures: 3, pauseMs: 30_000, maxPauseMs: 3_600_000 },
      },
    });
    expect(patchFor({ limits: { ...base.limits, isOrdered: true } })).toEqual({ value: { isOrdered: true } });
    expect(changedFields({ ...base, limits }, base)).toEqual(['limits']);
    expect(patchFor({ limits: { ...base.limits, maxConcurrency: 'two', afterFailing: 'soon' } })).toEqual({
      issues: {
        maxConcurrency: 'Write a whole number, or leave it empty.',
        'autoDisable.afterFailingMs': 'Write a length of time, such as 30 s or 5 d.',
      },
    });
  });

  test('a preset that goes with disabling at exhaustion turns that on when it is chosen, and no other does', () => {
    const chosen = (choice: string) => withRetry(base, { ...base.retry, choice }).limits.onExhaustion;
    expect([chosen('stepped-five'), chosen('svix'), chosen('schedule')]).toEqual([true, false, false]);
    const kept = { ...base, retry: { ...base.retry, choice: 'stepped-five' } };
    expect(withRetry(kept, kept.retry).limits.onExhaustion).toBe(false);
  });

  test('headers of delivery and attempt are none where their name is empty', () => {
    const metaHeaders = { ...base.metaHeaders, attempt: ' X-Attempt ' };
    expect(patchFor({ metaHeaders })).toEqual({ value: { metaHeaders: { deliveryId: null, attempt: 'X-Attempt', eventType: null } } });
  });

  test('secret headers are kept, replaced, added and removed by name, and stored values are never sent', () => {
    const secretHeaders = [
      { name: 'Authorization', value: '', isStored: true },
      { name: 'X-New', value: 'fresh', isStored: false },
    ];
    expect(patchFor({ secretHeaders })).toEqual({ value: { secretHeaders: { 'X-Key': null, 'X-New': 'fresh' } } });
  });

  test('a header that is there twice, whatever its case, is refused before anything is lost', () => {
    const headers = [
      { name: 'X-Tenant', value: 'a' },
      { name: 'x-tenant ', value: 'b' },
    ];
    expect(patchFor({ headers })).toEqual({ issues: { headers: 'x-tenant is here twice; keep only one.' } });
  });

  test('errors in a timeout and delays are at their fields', () => {
    expect(patchFor({ timeout: 'soon', retry: { ...base.retry, choice: 'schedule', delays: '5 s, later' } })).toEqual({
      issues: {
        timeoutMs: 'Write the timeout as a length of time, such as 15 s.',
        retryPolicy: '"later" is not a length of time; write delays such as 5 s, 5 m, 2 h.',
      },
    });
  });

  test('a new endpoint with only a name, a URL and all events is what the contract makes of those', () => {
    const read = inputOf({ ...newDraft(), events: ['*'], name: 'Billing', url: 'http://127.0.0.1:3000/x' });
    expect('value' in read ? endpointInput.parse(read.value) : read.issues).toEqual(
      endpointInput.parse({ name: 'Billing', url: 'http://127.0.0.1:3000/x' }),
    );
  });

  test('a secret is not sent along where nothing is signed', () => {
    const read = inputOf({ ...newDraft(), name: 'Billing', url: 'http://127.0.0.1:3000/x', secret: 'whsec_x', signing: null });
    expect('value' in read && Object.hasOwn(read.value, 'secret')).toBe(false);
  });
});

describe('a new draft', () => {
  test('listens to nothing until events are chosen, and is tried without a name and events', () => {
    const draft = { ...newDraft(), url: 'http://127.0.0.1:3000/x' };
    expect(inputOf(draft)).toMatchObject({ value: { name: '', events: [] } });
    expect(trialOf(draft)).toMatchObject({ value: { name: 'New endpoint', events: ['*'], url: 'http://127.0.0.1:3000/x' } });
    expect(trialOf({ ...draft, timeout: 'soon' })).toMatchObject({ issues: { timeoutMs: expect.stringContaining('length of time') } });
  });

  test('is previewed once it has a URL', () => {
    const event = { type: 'invoice.paid', data: { total: 1 } };
    expect(previewedOf(newDraft(), event, firstView)).toEqual({
      problem: { where: 'request', message: 'Type a URL to see the request.', issues: [] },
    });
    expect(previewedOf({ ...newDraft(), url: 'http://127.0.0.1:3000/x' }, event, firstView)).toMatchObject({
      input: { event, draft: { url: 'http://127.0.0.1:3000/x' } },
    });
  });
});
