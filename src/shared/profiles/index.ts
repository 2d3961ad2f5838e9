import type { Profile } from '../contract/profiles.ts';
import { acrity } from './acrity.ts';
import { acturity } from './acturity.ts';
import { axcelerate } from './axcelerate.ts';
import { clerk } from './clerk.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hubspot } from './hubspot.ts';
import { linear } from './linear.ts';
import { notificationDelivery } from './notification-delivery.ts';
import { organisationWebhooks } from './organisation-webhooks.ts';
import { paddle } from './paddle.ts';
import { paypal } from './paypal.ts';
import type { BuiltIn } from './profile.ts';
import { resend } from './resend.ts';
import { sendgrid } from './sendgrid.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { twilio } from './twilio.ts';
import { woocommerce } from './woocommerce.ts';
import { zoom } from './zoom.ts';

const inOrder: readonly BuiltIn[] = [
  acrity,
  axcelerate,
  organisationWebhooks,
  acturity,
  notificationDelivery,
  standardWebhooks,
  svix,
  clerk,
  resend,
  stripe,
  github,
  shopify,
  slack,
  twilio,
  paddle,
  linear,
  zoom,
  hubspot,
  gitlab,
  sendgrid,
  woocommerce,
  discord,
  paypal,
];

const byId = new Map(inOrder.map((profile) => [profile.id, profile]));

/** Their ids, for which none of them is parsed. */
export const builtInProfileIds: readonly string[] = inOrder.map(({ id }) => id);

/** The profiles that come with Hookyard, in the order in which they are listed. */
export function builtInProfiles(): readonly Profile[] {
  return inOrder.map((profile) => profile.read());
}

/** A profile that comes with Hookyard; undefined for any other. */
export function builtInProfile(id: string): Profile | undefined {
  return byId.get(id)?.read();
}
