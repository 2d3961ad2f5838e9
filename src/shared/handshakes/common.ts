import { handshake, type Handshake } from '../contract/handshakes.ts';
import type { z } from 'zod';

/** Handshakes of systems, by id; each file of a profile takes its own from here. */
export const handshakes = {
  'url-verification': {
    id: 'url-verification',
    title: 'URL verification (Slack)',
    summary: 'When the address is saved. The receiver answers with the challenge, as text, as a form or as JSON.',
    eventType: 'url_verification',
    request: { method: 'POST', body: '{"token":"XXYYZZ","challenge":"{{ challenge }}","type":"url_verification"}' },
    expect: {
      statuses: '2xx',
      withinMs: 3000,
      bodies: [
        { kind: 'json', value: '{"challenge":"{{ challenge }}"}' },
        { kind: 'text', value: '{{ challenge }}' },
        { kind: 'text', value: 'challenge={{ challenge }}' },
      ],
    },
  },
  'endpoint-url-validation': {
    id: 'endpoint-url-validation',
    title: 'Endpoint URL validation (Zoom)',
    summary: 'When the address is saved, and every 72 hours. The receiver answers with the token, and with its HMAC under the secret.',
    eventType: 'endpoint.url_validation',
    request: {
      method: 'POST',
      body: '{"payload":{"plainToken":"{{ challenge }}"},"event_ts":{{ timestampMs }},"event":"endpoint.url_validation"}',
    },
    expect: {
      statuses: '200,204',
      withinMs: 3000,
      bodies: [{ kind: 'json', value: '{"plainToken":"{{ challenge }}","encryptedToken":"{{ challengeHmacHex }}"}' }],
    },
  },
  ping: {
    id: 'ping',
    title: 'Ping (Discord)',
    summary: 'When the address is saved. The receiver checks the signature and answers 204 without a body.',
    eventType: 'PING',
    request: { method: 'POST', body: '{"version":1,"application_id":"1019370614521200640","type":0}' },
    expect: { statuses: '204', withinMs: 3000, bodies: [{ kind: 'text', value: '' }] },
  },
  'wrong-signature': {
    id: 'wrong-signature',
    title: 'Wrong signature (Discord)',
    summary: 'When the address is saved, and at random later. The request is signed with another key, and the receiver must answer 401.',
    eventType: 'PING',
    request: { method: 'POST', body: '{"version":1,"application_id":"1019370614521200640","type":0}', signed: 'otherKey' },
    expect: { statuses: '401', withinMs: 3000 },
  },
  'github-ping': {
    id: 'github-ping',
    title: 'Ping (GitHub)',
    summary: 'When the webhook is created. Any 2xx will do.',
    eventType: 'ping',
    request: {
      method: 'POST',
      body: '{"zen":"Keep it logically awesome.","hook_id":292430182,"hook":{"type":"Repository","id":292430182,"name":"web","active":true,"events":["push"],"config":{"content_type":"json","insecure_ssl":"0","secret":"********"}}}',
    },
    expect: { statuses: '2xx', withinMs: 10_000 },
  },
  'webhook-id-ping': {
    id: 'webhook-id-ping',
    title: 'Ping (WooCommerce)',
    summary: 'When the webhook is activated: a form with its id, without a signature. The receiver answers exactly 200.',
    eventType: 'ping',
    request: {
      method: 'POST',
      hasOwnHeaders: false,
      contentType: 'application/x-www-form-urlencoded',
      body: 'webhook_id=7',
      signed: 'none',
    },
    expect: { statuses: '200', withinMs: 60_000 },
  },
  'hub-challenge': {
    id: 'hub-challenge',
    title: 'hub.challenge (Meta, WebSub)',
    summary: 'When the address is saved. The receiver compares hub.verify_token and answers with hub.challenge.',
    request: {
      method: 'GET',
      query: [
        ['hub.mode', 'subscribe'],
        ['hub.challenge', '{{ challengeNumber }}'],
        ['hub.verify_token', '{{ verifyToken }}'],
      ],
      signed: 'none',
    },
    expect: { statuses: '2xx', withinMs: 10_000, bodies: [{ kind: 'text', value: '{{ challengeNumber }}' }] },
  },
  'query-challenge': {
    id: 'query-challenge',
    title: 'challenge in the query (Dropbox)',
    summary: 'When the address is saved. The receiver answers with the challenge as plain text.',
    request: { method: 'GET', query: [['challenge', '{{ challenge }}']], signed: 'none' },
    expect: { statuses: '200', withinMs: 10_000, contentType: 'text/plain', bodies: [{ kind: 'text', value: '{{ challenge }}' }] },
  },
  'validation-token': {
    id: 'validation-token',
    title: 'validationToken (Microsoft Graph)',
    summary: 'When a subscription is made. The receiver answers within 10 seconds with the token, decoded, as plain text.',
    request: {
      method: 'POST',
      query: [['validationToken', 'Validation: Testing client application reachability {{ challenge }}']],
      contentType: 'text/plain; charset=utf-8',
      signed: 'none',
    },
    expect: {
      statuses: '200',
      withinMs: 10_000,
      contentType: 'text/plain',
      bodies: [{ kind: 'text', value: 'Validation: Testing client application reachability {{ challenge }}' }],
    },
  },
  'hook-secret': {
    id: 'hook-secret',
    title: 'X-Hook-Secret (Asana)',
    summary: 'While the webhook is being created. The receiver answers with the same header.',
    request: { method: 'POST', headers: { 'X-Hook-Secret': '{{ challenge }}' }, body: '{}', signed: 'none' },
    expect: { statuses: '200,204', withinMs: 10_000, headers: [{ name: 'X-Hook-Secret', oneOf: ['{{ challenge }}'] }] },
  },
  'webhook-request-origin': {
    id: 'webhook-request-origin',
    title: 'OPTIONS (CloudEvents)',
    summary: 'Before the first event. The receiver names the origin, or *, in WebHook-Allowed-Origin.',
    request: {
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'events.example.com', 'WebHook-Request-Rate': '120' },
      signed: 'none',
    },
    expect: {
      statuses: '2xx',
      withinMs: 30_000,
      headers: [{ name: 'WebHook-Allowed-Origin', oneOf: ['events.example.com', '*'] }],
    },
  },
  'subscription-validation': {
    id: 'subscription-validation',
    title: 'Subscription validation (Azure Event Grid)',
    summary: 'When the subscription is made. The receiver answers with the code within 30 seconds.',
    request: {
      method: 'POST',
      headers: { 'aeg-event-type': 'SubscriptionValidation' },
      contentType: 'application/json; charset=utf-8',
      body: '[{"id":"{{ challenge | uuid }}","topic":"/subscriptions/example","subject":"","data":{"validationCode":"{{ challenge | uuid }}"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","eventTime":"{{ timestamp }}","metadataVersion":"1","dataVersion":"2"}]',
      signed: 'none',
    },
    expect: { statuses: '200', withinMs: 30_000, bodies: [{ kind: 'json', value: '{"validationResponse":"{{ challenge | uuid }}"}' }] },
  },
} as const satisfies Readonly<Record<string, z.input<typeof handshake>>>;

/** Those of systems without a profile, which any endpoint can perform. */
export const commonHandshakes: readonly Handshake[] = (
  ['hub-challenge', 'query-challenge', 'validation-token', 'hook-secret', 'webhook-request-origin', 'subscription-validation'] as const
).map((id) => handshake.parse(handshakes[id]));
