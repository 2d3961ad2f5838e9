import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify as verifyAsGithub } from '@octokit/webhooks-methods';
import { Paddle } from '@paddle/paddle-node-sdk';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { verifyKey } from 'discord-interactions';
import { Resend } from 'resend';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { systemClock } from '../../../src/main/engine/base/clock.ts';
import { openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { acceptsAsSlack } from '../../support/slack-library.ts';

interface Received {
  /** The secret, or the public key where the scheme has a pair. */
  readonly key: string;
  readonly text: string;
  readonly header: (name: string) => string;
}

const svixHeaders = ({ header }: Received) => ({
  'svix-id': header('svix-id'),
  'svix-timestamp': header('svix-timestamp'),
  'svix-signature': header('svix-signature'),
});
const paddle = new Paddle('none');
const resend = new Resend('re_none');

/** What the official library of a profile makes of a whole request: the type of the event that it read, or true. It throws for a wrong one. */
const libraries: Readonly<Record<string, (received: Received) => unknown>> = {
  'standard-webhooks': ({ key, text, header }) =>
    typeOf(
      new StandardWebhook(key).verify(text, {
        'webhook-id': header('webhook-id'),
        'webhook-timestamp': header('webhook-timestamp'),
        'webhook-signature': header('webhook-signature'),
      }),
    ),
  svix: acceptsAsSvix,
  clerk: acceptsAsSvix,
  resend: ({ key, text, header }) =>
    typeOf(
      resend.webhooks.verify({
        payload: text,
        headers: { id: header('svix-id'), timestamp: header('svix-timestamp'), signature: header('svix-signature') },
        webhookSecret: key,
      }),
    ),
  stripe: ({ key, text, header }) => Stripe.webhooks.constructEvent(text, header('stripe-signature'), key).type,
  github: ({ key, text, header }) => verifyAsGithub(key, text, header('x-hub-signature-256')),
  slack: ({ key, text, header }) => acceptsAsSlack(text, key, header),
  paddle: async ({ key, text, header }) => (await paddle.webhooks.unmarshal(text, key, header('paddle-signature'))).eventType,
  discord: ({ key, text, header }) => verifyKey(text, header('x-signature-ed25519'), header('x-signature-timestamp'), key),
  sendgrid: ({ key, text, header }) => {
    const webhook = new EventWebhook();
    const signature = header('x-twilio-email-event-webhook-signature');
    return webhook.verifySignature(webhook.convertPublicKeyToECDSA(key), text, signature, header('x-twilio-email-event-webhook-timestamp'));
  },
};

/** It throws for a wrong request, and returns nothing for a right one. */
function acceptsAsSvix(received: Received): boolean {
  new SvixWebhook(received.key).verify(received.text, svixHeaders(received));
  return true;
}

function typeOf(event: unknown): unknown {
  return (event as { readonly type?: unknown }).type;
}

describe('the official library of a provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  let engine: ClockedEngine;
  beforeAll(async () => {
    // The libraries hold the time of the signature against their own clock.
    engine = await openClockedEngine({ dataDir: folder, clock: systemClock as never });
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(libraries))('accepts the whole request of each sample, edited ones too, and no other body: %s', async (id) => {
    const accepts = libraries[id] ?? (() => false);
    const eventTypes = builtInProfiles().find((profile) => profile.id === id)?.eventTypes ?? [];
    expect(eventTypes.length).toBeGreaterThanOrEqual(5);
    const made = await engine.client.endpoints.create({ profile: id, url: 'https://127.0.0.1:9/hook' });
    const key = made.publicKey ?? made.secret ?? '';
    for (const { name: type, samples } of eventTypes) {
      for (const data of [...samples.map((sample) => sample.data), edited(samples[0]?.data)]) {
        const { headers, bodyText } = await engine.client.preview.render({ endpointId: made.id, event: { type, data } });
        const header = (name: string) => headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? '';
        const text = bodyText ?? '';
        expect([true, type], type).toContain(await accepts({ key, text, header }));
        const other = async () => accepts({ key, text: text.replace(/\}(\]?)\s*$/, ',"x":1}$1'), header });
        expect(await other().catch(() => false), type).toBe(false);
      }
    }
  });
});

/** The data as somebody may have changed it. */
function edited(data: unknown): never {
  return { ...(data as object), edited: 'Zoë “&<>/” 🎉' } as never;
}
