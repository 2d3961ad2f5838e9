import type { Profile } from '../contract/profiles.ts';
import { acrity } from './acrity.ts';
import { acturity } from './acturity.ts';
import { axcelerate } from './axcelerate.ts';
import { notificationDelivery } from './notification-delivery.ts';
import { organisationWebhooks } from './organisation-webhooks.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';

/** The profiles that come with Hookyard, in the order in which they are listed. */
export const builtInProfiles: readonly Profile[] = [
  acrity,
  axcelerate,
  organisationWebhooks,
  acturity,
  notificationDelivery,
  standardWebhooks,
  stripe,
];
