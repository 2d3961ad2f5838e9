import { describe, expect, it } from 'vitest';
import { schemeIds } from '#shared/contract/signing.ts';
import { noVariables } from '#engine/templates/variables.ts';
import { firstAttempt } from '#engine/templates/attempt-scope.ts';
import { buildRequest } from '#engine/request/build-request.ts';
import { packSignature, toEvidence, unpackSignature } from '#engine/request/signature-record.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import { writtenHeaders } from '#engine/http/wire-headers.ts';

/** Of a shape that every scheme can sign. */
const body = Buffer.from('{"type":"a.b","data":{"n":"é"},"notificationItems":[{"NotificationRequestItem":{"pspReference":"1"}}]}');

function signedBy(schemeId: (typeof schemeIds)[number]) {
  const signing = parseOptions(schemeId, schemeId === 'paypal' ? { scheme: schemeId, webhookId: 'wh_1' } : undefined);
  const secret = schemeOf(schemeId).makeSecret(new Uint8Array(32).fill(7), signing);
  const target = {
    method: 'POST',
    url: 'https://a.example/hook?x=1',
    contentType: 'application/json',
    headers: { 'X-Own': '1' },
    retryHeaders: {},
    secretHeaders: {},
    metaHeaders: { deliveryId: 'X-Delivery', attempt: null, eventType: null },
    secrets: [{ secret, expiresAtMs: null }],
    signing,
    variables: noVariables,
    urlSecrets: [],
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
  return { target, built: buildRequest(target, message) };
}

describe('the signature of an attempt', () => {
  it.each(schemeIds)('of %s comes back from the log as the preview shows it', (schemeId) => {
    const { target, built } = signedBy(schemeId);
    const sent = writtenHeaders(['host', 'a.example'], built.request);
    const kept = JSON.stringify(packSignature(target, built, sent));
    expect(unpackSignature(JSON.parse(kept), sent, built.request.body)).toEqual(toEvidence(target, built));
  });

  it('comes back whole where the headers that were sent last are without it, as after a redirect', () => {
    const { target, built } = signedBy('github-sha256');
    const kept = JSON.stringify(packSignature(target, built, [['host', 'b.example']]));
    expect(unpackSignature(JSON.parse(kept), [['host', 'b.example']], body)).toEqual(toEvidence(target, built));
  });

  it('comes back from logs that keep its parts and headers whole', () => {
    const { target, built } = signedBy('standard-webhooks');
    const evidence = toEvidence(target, built);
    const { signedBase64: _, ...rest } = evidence ?? { signedBase64: '' };
    const framing = { beforeBase64: Buffer.from('msg_1.1790000000.').toString('base64'), afterBase64: '' };
    const kept = JSON.stringify({ ...rest, framing });
    expect(unpackSignature(JSON.parse(kept), [], body)).toEqual(evidence);
    const whole = JSON.stringify({ ...rest, framing: { wholeBase64: evidence?.signedBase64 } });
    expect(unpackSignature(JSON.parse(whole), [], body)).toEqual(evidence);
  });
});
