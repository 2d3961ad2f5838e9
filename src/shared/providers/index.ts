import { acrity } from './acrity.ts';
import { acturity } from './acturity.ts';
import { adyen } from './adyen.ts';
import { airtable } from './airtable.ts';
import { asana } from './asana.ts';
import { axcelerate } from './axcelerate.ts';
import { bitbucket } from './bitbucket.ts';
import { box } from './box.ts';
import { buildkite } from './buildkite.ts';
import { calendly } from './calendly.ts';
import { checkoutCom } from './checkout-com.ts';
import { circleci } from './circleci.ts';
import { clerk } from './clerk.ts';
import { coinbase } from './coinbase.ts';
import { contentful } from './contentful.ts';
import { convoy } from './convoy.ts';
import { discord } from './discord.ts';
import { docuseal } from './docuseal.ts';
import { docusign } from './docusign.ts';
import { dropbox } from './dropbox.ts';
import { elevenlabs } from './elevenlabs.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { gocardless } from './gocardless.ts';
import { greenhouse } from './greenhouse.ts';
import { heroku } from './heroku.ts';
import { hook0 } from './hook0.ts';
import { hookdeck } from './hookdeck.ts';
import { hubspot } from './hubspot.ts';
import { intercom } from './intercom.ts';
import { lemonsqueezy } from './lemonsqueezy.ts';
import { line } from './line.ts';
import { linear } from './linear.ts';
import { mailgun } from './mailgun.ts';
import { mandrill } from './mandrill.ts';
import { meta } from './meta.ts';
import { microsoftTeams } from './microsoft-teams.ts';
import { mux } from './mux.ts';
import { netlify } from './netlify.ts';
import { notion } from './notion.ts';
import { outpost } from './outpost.ts';
import { paddle } from './paddle.ts';
import { pagerduty } from './pagerduty.ts';
import { paymongo } from './paymongo.ts';
import { paypal } from './paypal.ts';
import { paystack } from './paystack.ts';
import { persona } from './persona.ts';
import { plaid } from './plaid.ts';
import { quickbooks } from './quickbooks.ts';
import { razorpay } from './razorpay.ts';
import { resend } from './resend.ts';
import { rfc9421 } from './rfc9421.ts';
import { rootly } from './rootly.ts';
import { sendgrid } from './sendgrid.ts';
import { sentry } from './sentry.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { square } from './square.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { telegram } from './telegram.ts';
import { telnyx } from './telnyx.ts';
import { terraform } from './terraform.ts';
import { tiktok } from './tiktok.ts';
import { trello } from './trello.ts';
import { twilio } from './twilio.ts';
import { twitch } from './twitch.ts';
import { typeform } from './typeform.ts';
import { vercel } from './vercel.ts';
import { webex } from './webex.ts';
import { webflow } from './webflow.ts';
import { websub } from './websub.ts';
import { woocommerce } from './woocommerce.ts';
import { workos } from './workos.ts';
import { x } from './x.ts';
import { xero } from './xero.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

/** Every provider and standard, the best known first: schemes are offered, and looked for in requests, in this order. */
export const providers = {
  'standard-webhooks': standardWebhooks,
  stripe,
  github,
  slack,
  shopify,
  svix,
  clerk,
  resend,
  gitlab,
  'microsoft-teams': microsoftTeams,
  notion,
  airtable,
  trello,
  docusign,
  quickbooks,
  xero,
  twilio,
  telnyx,
  sendgrid,
  mailgun,
  mandrill,
  discord,
  telegram,
  x,
  tiktok,
  webex,
  zoom,
  line,
  meta,
  paypal,
  adyen,
  square,
  paddle,
  lemonsqueezy,
  razorpay,
  paystack,
  plaid,
  coinbase,
  gocardless,
  'checkout-com': checkoutCom,
  paymongo,
  woocommerce,
  hubspot,
  intercom,
  zendesk,
  linear,
  greenhouse,
  asana,
  bitbucket,
  sentry,
  pagerduty,
  rootly,
  buildkite,
  circleci,
  terraform,
  heroku,
  vercel,
  netlify,
  webflow,
  contentful,
  box,
  dropbox,
  typeform,
  calendly,
  twitch,
  mux,
  elevenlabs,
  workos,
  persona,
  docuseal,
  websub,
  rfc9421,
  hookdeck,
  convoy,
  hook0,
  outpost,
  axcelerate,
  acturity,
  acrity,
} as const;
