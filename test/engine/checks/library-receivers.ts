import { validateSignature } from '@line/bot-sdk';
import { verify as verifyAsGithub } from '@octokit/webhooks-methods';
import { Paddle } from '@paddle/paddle-node-sdk';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { verifyKey } from 'discord-interactions';
import Razorpay from 'razorpay';
import { Resend } from 'resend';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import XHubSignature from 'x-hub-signature';
import { parseOptions, publicKeyOf, schemeOf } from '#engine/signing/registry.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import type { Incoming, Receive } from './receivers.ts';
import { acceptsAsSlack } from '../../support/slack-library.ts';

/** A receiver as the documentation of a library shows it. */
export interface LibraryReceiver {
  readonly library: string;
  readonly scheme: SchemeId;
  /** The profile that sends to it; null for the scheme alone. */
  readonly profile: string | null;
  /** The status that the provider takes as success. */
  readonly success?: number;
  /** Verifies; what it throws, and false, counts as no. `key` is the secret, or the public half of it. */
  readonly verify: (request: Incoming, key: string, header: (name: string) => string) => unknown;
}

const stripe = new Stripe('sk_none');
const paddle = new Paddle('none');
const resend = new Resend('re_none');
const eventWebhook = new EventWebhook();
const svixHeaders = (header: (name: string) => string, prefix: string) =>
  Object.fromEntries(['id', 'timestamp', 'signature'].map((name) => [`${prefix}-${name}`, header(`${prefix}-${name}`)]));

export const libraryReceivers: readonly LibraryReceiver[] = [
  {
    library: 'stripe',
    scheme: 'stripe',
    profile: 'stripe',
    verify: ({ body }, key, header) => stripe.webhooks.constructEvent(body, header('stripe-signature'), key),
  },
  {
    library: 'standardwebhooks',
    scheme: 'standard-webhooks',
    profile: 'standard-webhooks',
    verify: ({ body }, key, header) => new StandardWebhook(key).verify(body.toString(), svixHeaders(header, 'webhook')),
  },
  {
    library: 'svix',
    scheme: 'svix',
    profile: 'svix',
    verify: ({ body }, key, header) => new SvixWebhook(key).verify(body.toString(), svixHeaders(header, 'svix')),
  },
  {
    library: 'resend',
    scheme: 'resend',
    profile: 'resend',
    verify: ({ body }, key, header) =>
      resend.webhooks.verify({
        payload: body.toString(),
        headers: { id: header('svix-id'), timestamp: header('svix-timestamp'), signature: header('svix-signature') },
        webhookSecret: key,
      }),
  },
  {
    library: '@slack/bolt',
    scheme: 'slack',
    profile: 'slack',
    verify: ({ body }, key, header) => acceptsAsSlack(body.toString(), key, header),
  },
  {
    library: '@paddle/paddle-node-sdk',
    scheme: 'paddle',
    profile: 'paddle',
    verify: ({ body }, key, header) => paddle.webhooks.isSignatureValid(body.toString(), key, header('paddle-signature')),
  },
  {
    library: '@octokit/webhooks-methods',
    scheme: 'github-sha256',
    profile: 'github',
    verify: ({ body }, key, header) => verifyAsGithub(key, body.toString(), header('x-hub-signature-256')),
  },
  {
    library: 'razorpay',
    scheme: 'razorpay',
    profile: null,
    verify: ({ body }, key, header) => Razorpay.validateWebhookSignature(body.toString(), header('x-razorpay-signature'), key),
  },
  {
    library: '@line/bot-sdk',
    scheme: 'line',
    profile: null,
    verify: ({ body }, key, header) => validateSignature(body, key, header('x-line-signature')),
  },
  {
    library: 'discord-interactions',
    scheme: 'discord',
    profile: 'discord',
    success: 204,
    verify: ({ body }, key, header) => verifyKey(body, header('x-signature-ed25519'), header('x-signature-timestamp'), key),
  },
  {
    library: '@sendgrid/eventwebhook',
    scheme: 'sendgrid',
    profile: 'sendgrid',
    verify: ({ body }, key, header) =>
      eventWebhook.verifySignature(
        eventWebhook.convertPublicKeyToECDSA(key),
        body.toString(),
        header('x-twilio-email-event-webhook-signature'),
        header('x-twilio-email-event-webhook-timestamp'),
      ),
  },
  {
    library: 'x-hub-signature',
    scheme: 'meta',
    profile: null,
    verify: ({ body }, key, header) => new XHubSignature('sha256', key).verify(header('x-hub-signature-256'), body),
  },
];

/** A secret of a scheme, and what its receiver verifies with. */
export function secretFor(scheme: SchemeId): { readonly secret: string; readonly key: string } {
  const options = parseOptions(scheme);
  const secret = schemeOf(scheme).makeSecret(new Uint8Array(32).fill(0x5a), options);
  return { secret, key: publicKeyOf(options, secret) ?? secret };
}

/** The receiver around a verification: 401 for what is not genuine, 400 for what is no JSON. */
export function receiverAround({ verify, success = 200 }: Pick<LibraryReceiver, 'verify' | 'success'>, key: string): Receive {
  return async (request) => {
    if (request.method !== 'POST') return 405;
    const header = (name: string) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : (value ?? '');
    };
    try {
      if ((await verify(request, key, header)) === false) return 401;
    } catch {
      return 401;
    }
    try {
      JSON.parse(request.body.toString());
    } catch {
      return 400;
    }
    return success;
  };
}
