import { afterAll, describe, expect, it } from 'vitest';
import { schemeIds } from '#shared/contract/signing.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { createBackground } from '#engine/background/background.ts';
import { noVariables } from '#engine/templates/variables.ts';
import { firstAttempt } from '#engine/templates/attempt-scope.ts';
import { buildRequest } from '#engine/request/build-request.ts';
import { createBuilder } from '#engine/request/builder.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';

const background = createBackground({ threadCode: backgroundThread });
const { build } = createBuilder(background);
afterAll(background.close);

const small = { type: 'a.b', data: { n: 'é' }, notificationItems: [{ NotificationRequestItem: { pspReference: '1' } }] };
const smallBody = Buffer.from(JSON.stringify(small));
const largeBody = Buffer.from(JSON.stringify({ ...small, more: 'x'.repeat(200_000) }));

function requestOf(schemeId: (typeof schemeIds)[number], body: Uint8Array) {
  const signing = parseOptions(schemeId, schemeId === 'paypal' ? { scheme: schemeId, webhookId: 'wh_1' } : undefined);
  const secret = schemeOf(schemeId).makeSecret(new Uint8Array(32).fill(7), signing);
  const target = {
    method: 'POST',
    url: 'https://a.example/hook?x=1',
    contentType: 'application/json',
    headers: { 'X-Own': '1' },
    retryHeaders: {},
    secretHeaders: { 'X-Key': 'k' },
    metaHeaders: { deliveryId: 'X-Delivery', attempt: null, eventType: null },
    signing,
    variables: noVariables,
  } as const;
  const message = {
    id: 'msg_1',
    body,
    nowMs: 1_790_000_000_000,
    secrets: [secret],
    deliveryId: 'dlv_1',
    ...firstAttempt,
    eventType: 'a.b',
  };
  return { target, message };
}

describe('the request of an attempt', () => {
  it.each(schemeIds)('signed by %s is built in a thread where its body is large, and is the same', async (schemeId) => {
    const { target, message } = requestOf(schemeId, largeBody);
    const building = build(target, message);
    expect(building).toBeInstanceOf(Promise);
    const [built, here] = [await building, buildRequest(target, message)];
    // Some keys sign the same bytes in another way each time.
    const namesOf = ({ request }: typeof here) => request.headers.map(([name]) => name);
    expect(namesOf(built)).toEqual(namesOf(here));
    expect(built.request.url).toBe(here.request.url);
    expect(Buffer.from(here.request.body).equals(built.request.body)).toBe(true);
    expect(built.signed?.signed.parts).toEqual(here.signed?.signed.parts);
    expect(Buffer.from(here.signed?.signed.bytes ?? []).equals(built.signed?.signed.bytes ?? new Uint8Array(1))).toBe(true);
    expect(built.fingerprints).toEqual(here.fingerprints);
    // What it was made of is still there for the next attempt.
    expect(Buffer.from(message.body).equals(largeBody)).toBe(true);
  });

  it('is built at once where its body is small, or where nothing signs it', () => {
    const { target, message } = requestOf('github-sha256', smallBody);
    expect(build(target, message)).toEqual(buildRequest(target, message));
    expect(build({ ...target, signing: null }, { ...message, body: largeBody })).not.toBeInstanceOf(Promise);
  });

  it('is refused with the reason of its scheme, whichever thread it is in', async () => {
    const { target, message } = requestOf('adyen-payments', Buffer.from('x'.repeat(200_000)));
    const reason = reasonOf(() => buildRequest(target, message));
    expect(reason).toBeTruthy();
    await expect(build(target, message)).rejects.toMatchObject({ code: 'INPUT_INVALID', message: reason });
  });
});

function reasonOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
