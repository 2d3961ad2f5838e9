import { handshakes } from '../handshakes/common.ts';
import { builtIn, factsFrom } from './profile.ts';

const user = {
  id: '80351110224678912',
  username: 'nelly',
  discriminator: '1337',
  global_name: 'Nelly',
  avatar: '8342729096ea3675442027381ff50dfe',
};

const entitlement = {
  id: '1019653849998299136',
  sku_id: '1019475255913222144',
  application_id: '1019370614521200640',
  user_id: '771129655544643584',
  type: 8,
  deleted: false,
  consumed: false,
  gift_code_flags: 0,
  promotion_id: null,
};

/** Webhook events of an application on Discord. */
export const discord = builtIn('discord', {
  name: 'Discord webhook events',
  summary: 'Events of an application, signed with an Ed25519 key. An endpoint answers them with 204.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: { 'User-Agent': 'Discord-Webhook/1.0 (+https://discord.com)' },
    signing: { scheme: 'discord' },
    template:
      '{"version":1,"application_id":"1019370614521200640","type":1,"event":{"type":{{ type | json }},"timestamp":"{{ timestamp | replace: "Z", "000" }}","data":{{ data | json }}}}',
    retryPolicy: { kind: 'exponential', baseMs: 5000, factor: 2, maxDelayMs: 240_000, maxAttempts: 8, totalTimeMs: 600_000 },
    successRule: '204',
    timeoutMs: 3000,
  },
  handshakes: [handshakes.ping, handshakes['wrong-signature']],
  facts: [
    ...factsFrom(
      { source: 'https://docs.discord.com/developers/events/webhook-events', asOf: '2026-08-06', certainty: 'verified' },
      {
        body: ['version, application_id, type and event are the fields of the body; the time of the event has no zone.'],
        delivery: [
          'An answer of 204 must come within three seconds; otherwise the event is repeated with exponential backoff for up to ten minutes.',
        ],
        signature: ['Discord also sends requests with a wrong signature, which must be refused with 401.'],
      },
    ),
    { about: 'request', text: 'The user agent of webhook events, and the single delays, are assumed.', certainty: 'unverified' },
  ],
  eventTypes: [
    {
      name: 'APPLICATION_AUTHORIZED',
      title: 'Somebody added the application',
      samples: [
        { name: 'user', data: { integration_type: 1, scopes: ['applications.commands'], user } },
        { name: 'server', data: { integration_type: 0, scopes: ['bot'], user, guild: { id: '41771983423143937', name: 'Makers' } } },
      ],
    },
    {
      name: 'APPLICATION_DEAUTHORIZED',
      title: 'Somebody removed the application',
      samples: [
        { name: 'default', data: { user } },
        { name: 'without avatar', data: { user: { ...user, avatar: null } } },
      ],
    },
    {
      name: 'ENTITLEMENT_CREATE',
      title: 'An entitlement was made',
      samples: [
        { name: 'default', data: entitlement },
        { name: 'purchase', data: { ...entitlement, type: 1 } },
      ],
    },
    {
      name: 'ENTITLEMENT_UPDATE',
      title: 'An entitlement changed',
      samples: [
        { name: 'consumed', data: { ...entitlement, consumed: true } },
        { name: 'promotion', data: { ...entitlement, promotion_id: '1019475255913222145' } },
      ],
    },
    {
      name: 'ENTITLEMENT_DELETE',
      title: 'An entitlement was deleted',
      samples: [
        { name: 'default', data: { ...entitlement, deleted: true } },
        { name: 'consumed', data: { ...entitlement, deleted: true, consumed: true } },
      ],
    },
  ],
});
