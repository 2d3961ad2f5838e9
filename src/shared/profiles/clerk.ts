import { builtIn } from './profile.ts';
import { svixDelivery, svixFacts } from './svix.ts';

const user = {
  id: 'user_29w83sxmDNGwOuEthce5gg56FcC',
  object: 'user',
  first_name: 'Example',
  last_name: 'Example',
  email_addresses: [
    {
      id: 'idn_29w83yL7CwVlJXylYLxcslromF1',
      object: 'email_address',
      email_address: 'example@example.org',
      linked_to: [],
      verification: { status: 'verified', strategy: 'ticket' },
    },
  ],
  primary_email_address_id: 'idn_29w83yL7CwVlJXylYLxcslromF1',
  external_accounts: [],
  image_url: 'https://img.clerk.com/xxxxxx',
  public_metadata: {},
  private_metadata: {},
  unsafe_metadata: {},
  created_at: 1_773_482_400_000,
  updated_at: 1_773_482_400_000,
};

const session = {
  id: 'sess_29w6vKYvqYzyHXPYQXVrHbHOkqZ',
  object: 'session',
  client_id: 'client_29w6vJJDvsTJTQHpDkFXpUNUUBp',
  user_id: user.id,
  status: 'active',
  created_at: 1_773_482_400_000,
};

const organization = {
  id: 'org_29w9IfBrPmcpi0IeBVaKtA7R94W',
  object: 'organization',
  name: 'Acme Inc',
  slug: 'acme-inc',
  created_by: user.id,
};

/** Webhooks of Clerk, which are sent by Svix. */
export const clerk = builtIn('clerk', {
  name: 'Clerk',
  summary: 'Changes of users, sessions and organisations, sent by Svix.',
  fields: {
    ...svixDelivery,
    signing: { scheme: 'clerk' },
    template:
      '{"data":{{ data | json }},"event_attributes":{"http_request":{"client_ip":"192.0.2.7","user_agent":"Mozilla/5.0"}},"instance_id":"ins_2FooBarBazQuxQuuxCorge","object":"event","timestamp":{{ timestampMs }},"type":{{ type | json }}}',
  },
  facts: [
    ...svixFacts,
    {
      about: 'body',
      text: 'data, event_attributes, instance_id, object, timestamp and type are the fields of the body; their order is assumed.',
      certainty: 'verified',
      source: 'https://www.npmjs.com/package/@clerk/backend',
      asOf: '2026-11-28',
    },
  ],
  eventTypes: [
    {
      name: 'user.created',
      title: 'A user was made',
      samples: [
        { name: 'default', data: user },
        { name: 'without name', data: { ...user, first_name: null, last_name: null } },
      ],
    },
    {
      name: 'user.updated',
      title: 'A user changed',
      samples: [
        { name: 'default', data: { ...user, first_name: 'Other' } },
        { name: 'metadata', data: { ...user, public_metadata: { plan: 'pro' } } },
      ],
    },
    {
      name: 'user.deleted',
      title: 'A user was deleted',
      samples: [
        { name: 'default', data: { id: user.id, object: 'user', deleted: true } },
        { name: 'other user', data: { id: 'user_29wBMCtzATuFJut8jO2VNTVekS4', object: 'user', deleted: true } },
      ],
    },
    {
      name: 'session.created',
      title: 'A session began',
      samples: [
        { name: 'default', data: session },
        { name: 'ended', data: { ...session, status: 'ended' } },
      ],
    },
    {
      name: 'organization.created',
      title: 'An organisation was made',
      samples: [
        { name: 'default', data: organization },
        { name: 'without slug', data: { ...organization, slug: null } },
      ],
    },
  ],
});
