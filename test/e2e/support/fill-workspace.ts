import { Webhook } from 'standardwebhooks';
import type { Bin } from '#shared/contract/bins.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { sendSample } from './send-sample.ts';
import type { Api } from './shell.ts';

/** Where to look in a workspace that was filled. */
export interface FilledWorkspace {
  readonly deliveredId: string;
  /** Failed three times and waits an hour for its next attempt. */
  readonly waitingId: string;
  readonly exhaustedId: string;
  readonly failingEndpointId: string;
  /** A named retry policy that one endpoint uses. */
  readonly policyId: string;
  /** An authentication of several parts that one endpoint uses. */
  readonly authId: string;
  /** The environment in use. */
  readonly environmentId: string;
  readonly binId: string;
  /** Sent by the sample endpoint, so that both sides of it are known. */
  readonly ownCaptureId: string;
  readonly validCaptureId: string;
  readonly invalidCaptureId: string;
  readonly binaryCaptureId: string;
  /** A signed request, to be pasted into Verify. */
  readonly signed: SignedRequest;
}

/** A request as a provider would have signed it. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
}

const secret = `whsec_${Buffer.from('a secret known to both sides').toString('base64')}`;
const receiptBody =
  '{"type":"payment.settled","data":{"payment":{"id":"pay_8123","amount":4150,"currency":"EUR"},"settledAt":"2026-03-14T09:00:00Z"}}';

/** Events that arrive at the first attempt, in the order they are sent. */
const deliveredTypes = [
  ...Array<string>(6).fill('booking.confirmed'),
  'parcel.dispatched',
  'parcel.dispatched',
  'refund.issued',
  'booking.confirmed',
];

/** Signs a body with the package of the Standard Webhooks project, as of now. */
export function signRequest(body = receiptBody): SignedRequest {
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
  const at = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return { headers, body, secret };
}

/** Makes typical data of a working day: endpoints in every health, deliveries in every status, captures with every verdict. */
export async function fillWorkspace(api: Api, captureUrl: string): Promise<FilledWorkspace> {
  await addEventTypes(api);
  const environmentId = await addEnvironments(api);
  const sample = (await api.endpoints.list({})).items[0];
  if (sample === undefined) throw new Error('The workspace has no sample endpoint to begin with.');
  const bin = await api.bins.create({ name: 'Payments callback', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  await api.streamKeys.create({ binId: bin.id, name: 'Ann, on her laptop' });
  await api.sources.create({ binId: bin.id, url: 'http://127.0.0.1:9/AbCdEfGhIj', isActive: false });
  const endpoints = await addEndpoints(api);
  for (const eventType of deliveredTypes) await sendSample(api, sample.id, eventType);
  await sendSample(api, endpoints.crm, 'booking.confirmed');
  await sendSample(api, endpoints.archive, 'invoice.paid');
  await sendSample(api, endpoints.failing, 'parcel.dispatched');
  await sendSample(api, endpoints.failing, 'refund.issued');
  const cancelled = await sendSample(api, endpoints.failing, 'parcel.dispatched');
  await settled(api);
  for (const delivery of cancelled.deliveries) await api.deliveries.cancel({ id: delivery.id });
  const own = (await api.captures.list({ q: 'sample-bin', limit: 1 })).items[0];
  const captures = await addCaptures(api, bin, captureUrl);
  return {
    deliveredId: await newest(api, sample.id, 'delivered'),
    waitingId: await newest(api, endpoints.failing, 'failed'),
    exhaustedId: await newest(api, endpoints.crm, 'exhausted'),
    failingEndpointId: endpoints.failing,
    policyId: endpoints.policy,
    authId: endpoints.auth,
    environmentId,
    binId: bin.id,
    ownCaptureId: own?.id ?? '',
    ...captures,
    signed: signRequest(),
  };
}

/** Takes away what a first start brings, so that every area is empty. */
export async function emptyWorkspace(api: Api): Promise<void> {
  for (const { id } of (await api.endpoints.list({ limit: 200 })).items) await api.endpoints.remove({ id });
  for (const { id } of (await api.bins.list({ limit: 200 })).items) await api.bins.remove({ id });
  for (const { name } of (await api.eventTypes.list({ limit: 200 })).items) await api.eventTypes.remove({ name });
}

async function addEnvironments(api: Api): Promise<string> {
  await api.environments.create({ name: 'dev', variables: [{ name: 'baseUrl', value: 'http://127.0.0.1:3000' }] });
  const staging = await api.environments.create({
    name: 'staging of the old shop',
    variables: [
      { name: 'baseUrl', value: 'https://staging.old-shop.example/webhooks/incoming' },
      { name: 'tenantOfTheAccountingDepartment', value: 'accounting-eu-central' },
      { name: 'token', value: 'a-token-of-the-old-shop', isSecret: true },
    ],
  });
  await api.system.updateSettings({ activeEnvironmentId: staging.id });
  return staging.id;
}

async function addEventTypes(api: Api): Promise<void> {
  await api.eventTypes.create({
    name: 'invoice.paid',
    description: 'A customer paid an invoice in full.',
    sample: { invoice: { id: 'in_1042', number: 'R-2026-0042', total: 213, currency: 'EUR' }, paidAt: '2026-03-14T09:00:00Z' },
    schema: { type: 'object', required: ['invoice'], properties: { invoice: { type: 'object', required: ['id', 'total'] } } },
  });
  await api.eventTypes.create({
    name: 'customer.address_changed_by_support',
    description: 'Support corrected an address.',
    sample: { customer: { id: 'cus_7' } },
  });
}

async function addEndpoints(api: Api): Promise<Readonly<Record<'failing' | 'crm' | 'archive' | 'policy' | 'auth', string>>> {
  const down = await api.bins.create({
    name: 'Warehouse, down for maintenance',
    slug: 'warehouse',
    response: { status: 503, body: 'down for maintenance' },
  });
  const slow = await api.bins.create({ name: 'Archive, slow', slug: 'archive', response: { delayMs: 2000 } });
  const failing = await api.endpoints.create({
    name: 'Warehouse stock sync',
    url: `${down.url}/stock`,
    description: 'Takes parcels and refunds into the stock of the warehouse. Ask the logistics team before changing it.',
    events: ['parcel.*', 'refund.issued'],
    headers: { 'X-Tenant': 'bicycles-north' },
    secretHeaders: { Authorization: 'Bearer only-the-engine-knows' },
    retryPolicy: { kind: 'schedule', delaysMs: [80, 400, 3_600_000, 7_200_000] },
  });
  const crm = await api.endpoints.create({
    name: 'CRM',
    url: 'http://127.0.0.1:9/hooks/bookings',
    events: ['booking.*'],
    retryPolicy: { kind: 'schedule', delaysMs: [60, 200] },
  });
  const archive = await api.endpoints.create({
    name: 'Archive',
    url: `${slow.url}/in`,
    events: ['invoice.paid'],
    timeoutMs: 120,
    retryPolicy: { kind: 'schedule', delaysMs: [100] },
  });
  await api.policies.create({
    name: 'Free: 3',
    description: 'For trial customers.',
    policy: { kind: 'schedule', delaysMs: [60_000, 600_000], retryOn: { kind: 'serverErrors' } },
  });
  const policy = await api.policies.create({
    name: 'Pro: 8',
    description: 'For customers with a contract.',
    policy: {
      kind: 'exponential',
      baseMs: 30_000,
      factor: 3,
      maxDelayMs: 43_200_000,
      maxAttempts: 8,
      jitter: { kind: 'plusMinus', ratio: 0.3 },
      totalTimeMs: 172_800_000,
    },
  });
  const auth = await api.auths.create({
    name: 'Partner API of the old shop',
    description: 'For all receivers of the accounting department.',
    parts: [
      { kind: 'signature', signing: { scheme: 'standard-webhooks' } },
      {
        kind: 'oauth2',
        tokenUrl: 'https://login.old-shop.example/oauth2/token',
        clientId: 'hookyard',
        clientSecret: 'a-client-secret-of-the-shop',
        scope: 'bookings:write',
      },
    ],
  });
  await api.auths.rotateSecret({ id: auth.id });
  const retired = {
    name: 'Accounting of the old shop',
    url: 'https://accounting.old-shop.example/webhooks/incoming/bookings',
    events: ['*'],
    isActive: false,
    authId: auth.id,
    retryPolicy: { kind: 'named' as const, policyId: policy.id },
  };
  await api.endpoints.create(retired);
  return { failing: failing.id, crm: crm.id, archive: archive.id, policy: policy.id, auth: auth.id };
}

interface NamedCaptures {
  readonly validCaptureId: string;
  readonly invalidCaptureId: string;
  readonly binaryCaptureId: string;
}

async function addCaptures(api: Api, bin: Bin, captureUrl: string): Promise<NamedCaptures> {
  const url = `${captureUrl}/${bin.slug}`;
  const json = { 'content-type': 'application/json' };
  const post = async (path: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array<ArrayBuffer>) => {
    await fetch(`${url}${path}`, { method: 'POST', headers, body });
    const capture = (await api.captures.list({ binId: bin.id, limit: 1 })).items[0];
    if (capture === undefined) throw new Error(`The bin ${bin.name} did not keep the request to ${path}.`);
    return capture.id;
  };
  const binaryCaptureId = await post(
    '/upload',
    { 'content-type': 'application/octet-stream' },
    Uint8Array.from({ length: 256 }, (_, value) => value),
  );
  await post('/form', { 'content-type': 'application/x-www-form-urlencoded' }, 'payment=pay_8123&amount=41.50&note=paid+at+the+counter');
  const signed = signRequest();
  const validCaptureId = await post('/settled', { ...json, ...signed.headers }, signed.body);
  const invalidCaptureId = await post('/settled', { ...json, ...signed.headers }, signed.body.replace('4150', '4151'));
  return { binaryCaptureId, validCaptureId, invalidCaptureId };
}

/** Waits until nothing is under way and what can end has ended. */
async function settled(api: Api): Promise<void> {
  const isAtRest = ({ isInFlight, status, nextAttemptAtMs }: DeliverySummary) =>
    !isInFlight && status !== 'pending' && (nextAttemptAtMs ?? Infinity) > Date.now() + 60_000;
  const stop = new AbortController();
  try {
    // The first event says that following has begun: what happened before it shows when asked now.
    for await (const _ of await api.system.changes(undefined, { signal: stop.signal }))
      if ((await api.deliveries.list({ limit: 200 })).items.every(isAtRest)) return;
    throw new Error('The stream of changes ended before the deliveries had settled.');
  } finally {
    stop.abort();
  }
}

async function newest(api: Api, endpointId: string, status: DeliveryStatus): Promise<string> {
  const delivery = (await api.deliveries.list({ endpointId, status, limit: 1 })).items[0];
  if (delivery === undefined) throw new Error(`No delivery of ${endpointId} is ${status}.`);
  return delivery.id;
}
