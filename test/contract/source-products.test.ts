import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { NamedPolicy } from '#shared/contract/policies.ts';
import { hasAttempts, startClockedEngine } from '../support/clocked-engine.ts';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { makeCertificate } from '../support/test-certificates.ts';
import { openTestServer, testToken } from './doors.ts';

const timeScale = 3600;

/** A workspace that runs its schedules 3600 times faster, asked over REST, with a receiver over TLS that answers with these statuses. */
async function start(statuses: readonly number[], otherwise: number) {
  const receiver = await startReceiver(
    statuses.map((status) => respond({ status, body: `answer ${status}` })),
    { otherwise: respond({ status: otherwise }), tls: makeCertificate() },
  );
  onTestFinished(() => receiver.close());
  const engine = await startClockedEngine({ timeScale });
  const { url } = await openTestServer(engine.router);
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer as T;
  };
  /** The test certificate is its own authority. */
  const make = (fields: object) => ask<Endpoint>('POST', '/endpoints', { url: `${receiver.url}/hook`, verifyTls: false, ...fields });
  const send = async (type: string, endpointId: string) => {
    const { deliveries } = await ask<{ deliveries: { id: string }[] }>('POST', '/messages', { type, data: {}, endpointIds: [endpointId] });
    return deliveries[0]?.id ?? '';
  };
  /** Makes attempts, each when it is due, until there are so many; with the gaps between them in seconds of the schedule. */
  const drive = async (id: string, attempts: number) => {
    const seen: DeliveryDetail[] = [];
    for (let count = 1; count <= attempts; count += 1) {
      const delivery = await engine.deliveryWhen(id, hasAttempts(count));
      seen.push(delivery);
      if (delivery.nextAttemptAtMs !== null && count < attempts) engine.clock.advance(delivery.nextAttemptAtMs - engine.clock.now());
    }
    const last = await ask<DeliveryDetail>('GET', `/deliveries/${id}`);
    const times = last.attempts.map(({ startedAtMs }) => startedAtMs);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    return { last, gaps, statuses: seen.map(({ status }) => status) };
  };
  const endpoint = (id: string) => ask<Endpoint>('GET', `/endpoints/${id}`);
  return { ...engine, receiver, ask, make, send, drive, endpoint };
}

/** What a delay of the schedule is at the time scale. */
const scaled = (seconds: readonly number[]) => seconds.map((delay) => Math.ceil((delay * 1000) / timeScale));

describe('organisation webhooks', () => {
  it('are tried five times, then exhausted and disabled, until somebody enables them again', async () => {
    const { ask, make, send, drive, endpoint } = await start([], 500);
    const { id } = await make({ profile: 'organisation-webhooks' });
    const { last, gaps, statuses } = await drive(await send('assignment.created', id), 5);
    expect(gaps).toEqual(scaled([60, 300, 1800, 7200]));
    expect(statuses).toEqual(['failed', 'failed', 'failed', 'failed', 'exhausted']);
    expect(last).toMatchObject({ attemptCount: 5, nextAttemptAtMs: null, lastOutcome: { code: 'http_status', status: 500 } });
    expect(await endpoint(id)).toMatchObject({
      isActive: false,
      health: 'disabled',
      disabledReason: 'exhausted',
      lastDelivery: { id: last.id, status: 500 },
    });
    await expect(send('assignment.created', id)).rejects.toThrow('is disabled. Enable it first');
    expect(await ask('PATCH', `/endpoints/${id}`, { isActive: true })).toMatchObject({
      isActive: true,
      health: 'pending',
      disabledReason: null,
      failuresInARow: 0,
      lastDelivery: { id: last.id },
    });
  });

  it('cancel what waits when they are deleted, and refuse plain http', async () => {
    const { ask, make, send, endpoint, deliveryWhen } = await start([], 500);
    await expect(make({ profile: 'organisation-webhooks', url: 'http://127.0.0.1:9/' })).rejects.toThrow('https only');
    const { id } = await make({ profile: 'organisation-webhooks' });
    const deliveryId = await send('sarif.ingested', id);
    await deliveryWhen(deliveryId, hasAttempts(1));
    expect(await ask('DELETE', `/endpoints/${id}`)).toEqual({ id, cancelledDeliveries: 1 });
    expect(await ask('GET', `/deliveries/${deliveryId}`)).toMatchObject({ status: 'cancelled' });
    await expect(endpoint(id)).rejects.toThrow('NOT_FOUND');
  });
});

describe('aXcelerate', () => {
  it('repeats after 1, 2, 4 seconds and so on, at most 20 times, and goes on failing', async () => {
    const { make, send, drive, endpoint } = await start([], 503);
    const { id } = await make({ profile: 'axcelerate', events: ['contact.updated'] });
    const { last, gaps } = await drive(await send('contact.updated', id), 21);
    expect(gaps).toEqual(scaled(Array.from({ length: 20 }, (_, index) => 2 ** index)));
    expect(last).toMatchObject({ status: 'exhausted', attemptCount: 21 });
    expect(last.attempts.at(-1)).toMatchObject({ response: { status: 503 }, outcome: { code: 'http_status' } });
    expect(await endpoint(id)).toMatchObject({ isActive: true, health: 'failing', failuresInARow: 21 });
  });
});

describe('Acturity', () => {
  it('repeats by the plan, whose policy is changed for all of its endpoints at once', async () => {
    const { ask, make, send, drive, endpoint } = await start([], 500);
    const [one, other, pro] = [
      await make({ profile: 'acturity', name: 'One', plan: 'Free' }),
      await make({ profile: 'acturity', name: 'Other', plan: 'free' }),
      await make({ profile: 'acturity', name: 'Pro', plan: 'Pro' }),
    ];
    expect(other.retryPolicy).toEqual(one.retryPolicy);
    expect(one.changedFromProfile).toEqual([]);
    expect((await drive(await send('link.clicked', one.id), 3)).gaps).toEqual(scaled([60, 120]));
    expect((await drive(await send('link.clicked', pro.id), 8)).gaps).toEqual(scaled([60, 120, 240, 480, 960, 1920, 3840]));
    const { policyId } = one.retryPolicy as { policyId: string };
    const policy = await ask<NamedPolicy>('PATCH', `/policies/${policyId}`, { policy: { kind: 'schedule', delaysMs: [30_000] } });
    expect(policy).toMatchObject({ name: 'Acturity: Free' });
    expect(policy.usedBy.map(({ name }) => name).toSorted()).toEqual(['One', 'Other']);
    for (const { id } of [one, other]) {
      const { last, gaps } = await drive(await send('link.clicked', id), 2);
      expect(gaps).toEqual(scaled([30]));
      expect(last.status).toBe('exhausted');
    }
    expect(await endpoint(pro.id)).toMatchObject({ isActive: true, health: 'failing' });
    expect(await ask('PATCH', `/endpoints/${one.id}`, { plan: 'Business' })).toMatchObject({
      retryPolicy: { kind: 'named' },
      changedFromProfile: [],
    });
    await expect(make({ profile: 'acturity', plan: 'Gold' })).rejects.toThrow(
      'Acturity has no plan Gold: choose one of Free, Pro, Business.',
    );
    await expect(make({ profile: 'stripe', plan: 'Pro' })).rejects.toThrow('Stripe has no plans.');
    await expect(make({ name: 'Own', plan: 'Pro' })).rejects.toThrow('A plan is one of a profile');
  });
});

describe('notification delivery', () => {
  it('takes only 200 for delivered, and sends the same message again until then', async () => {
    const { make, send, drive, endpoint, receiver } = await start([202, 204], 200);
    const { id } = await make({ profile: 'notification-delivery', events: ['notification.sent'] });
    const { last, statuses } = await drive(await send('notification.sent', id), 3);
    expect(statuses).toEqual(['failed', 'failed', 'delivered']);
    expect(last.attempts.map(({ outcome }) => outcome?.code)).toEqual(['http_status', 'http_status', 'ok']);
    expect(new Set(receiver.requests.map((request) => request.header('webhook-id'))).size).toBe(1);
    expect(new Set(receiver.requests.map((request) => request.body.toString())).size).toBe(1);
    // Two of its three attempts failed.
    expect(await endpoint(id)).toMatchObject({ health: 'unsteady', failuresInARow: 0 });
    await expect(make({ profile: 'notification-delivery', events: ['*'] })).rejects.toThrow('exactly one event type');
  });
});

describe('Acrity', () => {
  it('keeps secret headers to itself, and its history has status, answer and payload of each attempt', async () => {
    const { ask, make, send, drive, endpoint, receiver } = await start([500], 200);
    const { id, ...made } = await make({ profile: 'acrity', signing: null, secretHeaders: { Authorization: 'Bearer open-sesame' } });
    expect(made).toMatchObject({ secretHeaderNames: ['Authorization'], verifyTls: false, secret: null });
    const { last, gaps } = await drive(await send('project.created', id), 2);
    const preview = await ask<{ attempts: { delayMs: number }[] }>('POST', '/policies/preview', { policy: made.retryPolicy, timeScale: 1 });
    expect(gaps).toEqual(scaled([(preview.attempts[1]?.delayMs ?? 0) / 1000]));
    expect(receiver.requests.map((request) => [request.header('authorization'), request.header('x-acr-signature-256')])).toEqual([
      ['Bearer open-sesame', null],
      ['Bearer open-sesame', null],
    ]);
    expect(last).toMatchObject({ status: 'delivered' });
    const [first] = last.attempts;
    expect(first).toMatchObject({ response: { status: 500 }, connection: { tls: { isAuthorized: false } } });
    expect(Buffer.from(String(first?.response?.bodyBase64), 'base64').toString()).toBe('answer 500');
    expect(JSON.stringify(last)).not.toContain('open-sesame');
    expect(await endpoint(id)).toMatchObject({ health: 'healthy' });
    expect(await ask('PATCH', `/endpoints/${id}`, { isActive: false })).toMatchObject({ health: 'disabled', disabledReason: 'byHand' });
  });
});
