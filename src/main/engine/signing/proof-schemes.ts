import type { CodeSchemeId } from '#shared/contract/scheme-facts.ts';
import { adyenPayments } from './adyen-payments.ts';
import { box } from './box.ts';
import { coinbaseCdp } from './coinbase-cdp.ts';
import { contentful } from './contentful.ts';
import { linear } from './linear.ts';
import { mailgun } from './mailgun.ts';
import { mandrill } from './mandrill.ts';
import { rfc9421 } from './message-signature/rfc9421.ts';
import { paypal } from './paypal.ts';
import { plaid } from './plaid.ts';
import { discord, sendgrid, standardWebhooksV1a, telnyx } from './public-key-schemes.ts';
import type { Scheme } from './scheme.ts';
import { twilioForm, twilioJson } from './twilio.ts';
import { adyenHeader, hubspotV1, hubspotV2, hubspotV3, square } from './url-mac-schemes.ts';

/** Schemes with key pairs, and those that sign more than headers and body. */
export const proofSchemes: Readonly<Record<CodeSchemeId, Scheme>> = {
  'standard-webhooks-v1a': standardWebhooksV1a,
  discord,
  sendgrid,
  plaid,
  paypal,
  rfc9421,
  'hubspot-v1': hubspotV1,
  'hubspot-v2': hubspotV2,
  'hubspot-v3': hubspotV3,
  linear,
  mailgun,
  mandrill,
  telnyx,
  box,
  contentful,
  'coinbase-cdp': coinbaseCdp,
  square,
  'twilio-form': twilioForm,
  'twilio-json': twilioJson,
  'adyen-payments': adyenPayments,
  'adyen-header': adyenHeader,
};
