import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import { vendorFolder } from '../../scripts/vendor-libraries.ts';

/** A request as a receiver has it, with the secret that it shares with the sender. */
export interface Received {
  readonly secret: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** What a library made of a text. */
export interface TheirRequest {
  readonly headers: readonly HeaderField[];
  readonly body?: string;
  readonly url?: string;
}

/** One library of a provider, as the suite drives it. */
export interface VendorAdapter {
  readonly library: string;
  readonly scheme: SchemeId;
  /** What the library's types take the body as; `form` and `json` are what a framework has parsed. */
  readonly takes: 'bytes' | 'text' | 'form' | 'json';
  /** Bodies that the library accepts where the signature is right. */
  readonly bodies: 'text' | 'json' | 'events' | 'objects' | 'forms' | 'payments';
  /** Which times the library refuses; null where the scheme signs none. */
  readonly refuses: readonly ('stale' | 'future')[] | null;
  /** Headers that the library demands beside the signature. */
  readonly extraHeaders?: readonly HeaderField[];
  /** Whether it accepts a request now; what it throws counts as no. */
  readonly accepts: (received: Received) => Promise<unknown>;
  /** What it makes of a text, where it can sign. */
  readonly signs?: (sent: {
    readonly text: string;
    readonly secret: string;
    readonly url: string;
    readonly atMs: number;
  }) => Promise<TheirRequest>;
}

const vendorRequire = createRequire(join(vendorFolder, 'package.json'));

/**
 * Loads a module of the libraries. `T` is the part of it that an adapter uses, written out here, so that the types can be
 * checked where the libraries are not installed. They are CommonJS but for Linear's, hence what `require` would find.
 */
export async function vendorModule<T>(specifier: string): Promise<T> {
  return (await import(/* @vite-ignore */ pathToFileURL(vendorRequire.resolve(specifier)).href)) as T;
}

/** A header's value, empty where there is none. */
export function valueOf({ headers }: Pick<Received, 'headers'>, name: string): string {
  return headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

/** Headers as Node gives them. */
export function nodeHeaders({ headers }: Pick<Received, 'headers'>): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** The fields of a form as Express gives them: a name that stands several times has a list. */
export function fieldsOf(text: string): Fields {
  const form = new URLSearchParams(text);
  // Without a prototype, so that a field may have any name.
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, never>;
  for (const name of new Set(form.keys())) {
    const [first = '', ...rest] = form.getAll(name);
    fields[name] = rest.length === 0 ? first : [first, ...rest];
  }
  return fields;
}

interface Twilio {
  readonly validateRequest: (authToken: string, signature: string, url: string, params: Fields) => boolean;
  readonly validateRequestWithBody: (authToken: string, signature: string, url: string, body: string) => boolean;
  readonly getExpectedTwilioSignature: (authToken: string, url: string, params: Fields) => string;
  readonly getExpectedBodyHash: (body: string) => string;
}
export const twilio = () => vendorModule<Twilio>('twilio/lib/webhooks/webhooks.js');

interface HubspotOptions {
  readonly clientSecret: string;
  readonly requestBody: string;
  readonly url?: string;
  readonly timestamp?: number;
}
interface Hubspot {
  readonly Signature: {
    readonly isValid: (options: HubspotOptions & Readonly<Record<'signature' | 'signatureVersion' | 'method', string>>) => boolean;
    readonly getSignature: (method: string, version: string, options: HubspotOptions) => string;
  };
}
export const hubspot = () => vendorModule<Hubspot>('@hubspot/api-client');

interface BoxManagers {
  readonly WebhooksManager: {
    readonly validateMessage: (
      body: string,
      headers: Readonly<Record<string, string>>,
      primaryKey: string,
      optionals?: { readonly secondaryKey?: string },
    ) => Promise<boolean>;
  };
}
export const box = () => vendorModule<BoxManagers>('box-node-sdk/managers/webhooks');

interface AdyenItem {
  readonly additionalData?: Readonly<Record<string, string>>;
}
interface AdyenValidator {
  readonly validateHMAC: (item: AdyenItem, key: string) => boolean;
  readonly validateHMACSignature: (key: string, signature: string, body: string) => boolean;
  readonly validateBankingHMAC: (key: string, signature: string, body: string) => boolean;
  readonly calculateHmac: (data: string | AdyenItem, key: string) => string;
}
export const adyen = async () =>
  new (await vendorModule<{ readonly hmacValidator: new () => AdyenValidator }>('@adyen/api-library')).hmacValidator();

/** The items of a payment notification. */
export function paymentItems(body: string): { NotificationRequestItem: AdyenItem & Record<string, unknown> }[] {
  return (JSON.parse(body) as { notificationItems: { NotificationRequestItem: AdyenItem & Record<string, unknown> }[] }).notificationItems;
}

interface Shopify {
  readonly webhooks: {
    readonly validate: (request: {
      readonly rawBody: string;
      readonly rawRequest: unknown;
      readonly rawResponse: unknown;
    }) => Promise<{ readonly valid: boolean; readonly reason?: string }>;
  };
}
interface ShopifyModule {
  readonly shopifyApi: (config: Readonly<Record<string, unknown>>) => Shopify;
}
export async function shopifyValidate({ secret, method, url, body, ...rest }: Received) {
  await vendorModule('@shopify/shopify-api/adapters/node');
  const { shopifyApi } = await vendorModule<ShopifyModule>('@shopify/shopify-api');
  const config = { apiKey: 'none', apiSecretKey: secret, hostName: 'example.com', apiVersion: '2026-10', isEmbeddedApp: false };
  const logger = { level: -1, log: () => undefined };
  const rawRequest = { method, url, headers: nodeHeaders(rest) };
  return await shopifyApi({ ...config, logger }).webhooks.validate({ rawBody: body.toString(), rawRequest, rawResponse: {} });
}
const shopifyAccepts = async (received: Received) => (await shopifyValidate(received)).valid;

interface ContentfulRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Contentful {
  readonly verifyRequest: (secret: string, request: ContentfulRequest) => boolean;
  readonly signRequest: (secret: string, request: ContentfulRequest, timestamp: number) => Readonly<Record<string, string>>;
}
export const contentful = () => vendorModule<Contentful>('@contentful/node-apps-toolkit');
export const pathOf = (url: string) => url.replace(/^https?:\/\/[^/]+/, '');

interface Linear {
  readonly LinearWebhookClient: new (secret: string) => { readonly verify: (body: Buffer, signature: string) => boolean };
}

interface Coinbase {
  readonly Webhook: {
    readonly verifyEventBody: (body: string, signature: string, secret: string) => unknown;
    readonly computeSignature: (body: string, secret: string) => string;
  };
}
const coinbase = async () => (await vendorModule<{ readonly default: Coinbase }>('coinbase-commerce-node')).default.Webhook;

interface Clerk {
  readonly verifyWebhook: (request: Request, options: { readonly signingSecret: string }) => Promise<unknown>;
}

interface LambdaAnswer {
  readonly statusCode: number;
}
interface Zoom {
  readonly AwsLambdaReceiver: new (options: { readonly webhooksSecretToken: string }) => {
    readonly start: () => (event: Readonly<Record<string, unknown>>, context: unknown) => Promise<LambdaAnswer>;
  };
}

interface Square {
  readonly WebhooksHelper: {
    readonly verifySignature: (
      request: Readonly<Record<'requestBody' | 'signatureHeader' | 'signatureKey' | 'notificationUrl', string>>,
    ) => Promise<boolean>;
  };
}

interface Octokit3 {
  readonly verify: (secret: string, body: string, signature: string) => Promise<boolean>;
  readonly sign: (options: { readonly secret: string; readonly algorithm: 'sha1' | 'sha256' }, body: string) => Promise<string>;
}
const octokit3 = () => vendorModule<Octokit3>('octokit-webhooks-methods-3');

function hubspotAdapter(version: 'v1' | 'v2' | 'v3'): VendorAdapter {
  const header = version === 'v3' ? 'X-HubSpot-Signature-v3' : 'X-HubSpot-Signature';
  return {
    library: '@hubspot/api-client',
    scheme: `hubspot-${version}`,
    takes: 'text',
    bodies: 'text',
    refuses: version === 'v3' ? ['stale'] : null,
    accepts: async ({ secret, body, method, url, ...rest }) =>
      (await hubspot()).Signature.isValid({
        signatureVersion: version,
        signature: valueOf(rest, header),
        clientSecret: secret,
        requestBody: body.toString(),
        method,
        url,
        timestamp: Number(valueOf(rest, 'X-HubSpot-Request-Timestamp')),
      }),
    signs: async ({ text, secret, url, atMs }) => {
      const options = { clientSecret: secret, requestBody: text, url, timestamp: atMs };
      const signature = (await hubspot()).Signature.getSignature('POST', version, options);
      const beside: HeaderField =
        version === 'v3' ? ['X-HubSpot-Request-Timestamp', String(atMs)] : ['X-HubSpot-Signature-Version', version];
      return { headers: [beside, [header, signature]] };
    },
  };
}

function shopifyAdapter(scheme: 'shopify' | 'shopify-events', prefix: string): VendorAdapter {
  const names = ['topic', 'shop-domain', 'api-version', 'webhook-id'];
  return {
    library: '@shopify/shopify-api',
    scheme,
    takes: 'text',
    bodies: 'text',
    refuses: null,
    extraHeaders: names.map((name): HeaderField => [`${prefix}shopify-${name}`, 'x']),
    accepts: shopifyAccepts,
  };
}

/** Every library that is too big for the dev dependencies, by the scheme that it verifies. */
export const vendorAdapters: readonly VendorAdapter[] = [
  {
    library: 'twilio',
    scheme: 'twilio-form',
    takes: 'form',
    bodies: 'forms',
    refuses: null,
    accepts: async ({ secret, url, body, ...rest }) =>
      (await twilio()).validateRequest(secret, valueOf(rest, 'X-Twilio-Signature'), url, fieldsOf(body.toString())),
    signs: async ({ text, secret, url }) => ({
      headers: [['X-Twilio-Signature', (await twilio()).getExpectedTwilioSignature(secret, url, fieldsOf(text))]],
    }),
  },
  {
    library: 'twilio',
    scheme: 'twilio-json',
    takes: 'text',
    bodies: 'text',
    refuses: null,
    accepts: async ({ secret, url, body, ...rest }) =>
      (await twilio()).validateRequestWithBody(secret, valueOf(rest, 'X-Twilio-Signature'), url, body.toString()),
    signs: async ({ text, secret, url: plain }) => {
      const { getExpectedBodyHash, getExpectedTwilioSignature } = await twilio();
      const url = `${plain}&bodySHA256=${getExpectedBodyHash(text)}`;
      return { headers: [['X-Twilio-Signature', getExpectedTwilioSignature(secret, url, {})]], url };
    },
  },
  {
    library: '@linear/sdk',
    scheme: 'linear',
    takes: 'bytes',
    bodies: 'objects',
    refuses: ['stale', 'future'],
    accepts: async ({ secret, body, ...rest }) => {
      const { LinearWebhookClient } = await vendorModule<Linear>('@linear/sdk/webhooks');
      return new LinearWebhookClient(secret).verify(body, valueOf(rest, 'Linear-Signature'));
    },
  },
  hubspotAdapter('v1'),
  hubspotAdapter('v2'),
  hubspotAdapter('v3'),
  {
    library: 'box-node-sdk',
    scheme: 'box',
    takes: 'text',
    bodies: 'text',
    refuses: ['stale', 'future'],
    accepts: async ({ secret, body, ...rest }) => (await box()).WebhooksManager.validateMessage(body.toString(), nodeHeaders(rest), secret),
  },
  {
    library: '@adyen/api-library',
    scheme: 'adyen-payments',
    takes: 'json',
    bodies: 'payments',
    refuses: null,
    accepts: async ({ secret, body }) => {
      const validator = await adyen();
      return paymentItems(body.toString()).every(({ NotificationRequestItem: item }) => validator.validateHMAC(item, secret));
    },
    signs: async ({ text, secret }) => {
      const validator = await adyen();
      const notificationItems = paymentItems(text).map(({ NotificationRequestItem: item }) => ({
        NotificationRequestItem: {
          ...item,
          additionalData: { ...item.additionalData, hmacSignature: validator.calculateHmac(item, secret) },
        },
      }));
      return { headers: [], body: JSON.stringify({ notificationItems }) };
    },
  },
  {
    library: '@adyen/api-library',
    scheme: 'adyen-header',
    takes: 'text',
    bodies: 'text',
    refuses: null,
    accepts: async ({ secret, body, ...rest }) =>
      (await adyen()).validateHMACSignature(secret, valueOf(rest, 'HmacSignature'), body.toString()),
    signs: async ({ text, secret }) => ({
      headers: [
        ['Protocol', 'HmacSHA256'],
        ['HmacSignature', (await adyen()).calculateHmac(text, secret)],
      ],
    }),
  },
  {
    library: 'square',
    scheme: 'square',
    takes: 'text',
    bodies: 'text',
    refuses: null,
    accepts: async ({ secret, url, body, ...rest }) =>
      (await vendorModule<Square>('square')).WebhooksHelper.verifySignature({
        requestBody: body.toString(),
        signatureHeader: valueOf(rest, 'x-square-hmacsha256-signature'),
        signatureKey: secret,
        notificationUrl: url,
      }),
  },
  {
    library: '@contentful/node-apps-toolkit',
    scheme: 'contentful',
    takes: 'text',
    bodies: 'text',
    refuses: ['stale'],
    accepts: async ({ secret, method, url, body, ...rest }) =>
      (await contentful()).verifyRequest(secret, { method, path: pathOf(url), headers: nodeHeaders(rest), body: body.toString() }),
    signs: async ({ text, secret, url, atMs }) => {
      const headers = { 'content-type': 'application/json', 'x-odd': ' spaced ' };
      const signed = (await contentful()).signRequest(secret, { method: 'POST', path: pathOf(url), headers, body: text }, atMs);
      return { headers: Object.entries({ ...headers, ...signed }) };
    },
  },
  shopifyAdapter('shopify', 'x-'),
  shopifyAdapter('shopify-events', ''),
  {
    library: 'coinbase-commerce-node',
    scheme: 'coinbase-commerce',
    takes: 'text',
    bodies: 'events',
    refuses: null,
    accepts: async ({ secret, body, ...rest }) =>
      (await coinbase()).verifyEventBody(body.toString(), valueOf(rest, 'X-CC-Webhook-Signature'), secret) !== undefined,
    signs: async ({ text, secret }) => ({ headers: [['X-CC-Webhook-Signature', (await coinbase()).computeSignature(text, secret)]] }),
  },
  {
    library: '@clerk/backend',
    scheme: 'clerk',
    takes: 'bytes',
    bodies: 'json',
    refuses: ['stale', 'future'],
    accepts: async ({ secret, url, method, headers, body }) => {
      const { verifyWebhook } = await vendorModule<Clerk>('@clerk/backend/webhooks');
      const request = new Request(url, { method, headers: headers.map(([name, value]) => [name, value]), body: new Uint8Array(body) });
      return (await verifyWebhook(request, { signingSecret: secret })) !== undefined;
    },
  },
  {
    library: '@zoom/rivet',
    scheme: 'zoom',
    takes: 'text',
    bodies: 'events',
    refuses: [],
    accepts: async ({ secret, body, ...rest }) => {
      const { AwsLambdaReceiver } = await vendorModule<Zoom>('@zoom/rivet/accounts');
      const handle = new AwsLambdaReceiver({ webhooksSecretToken: secret }).start();
      const answer = await handle({ body: body.toString(), headers: nodeHeaders(rest), isBase64Encoded: false }, {});
      return answer.statusCode === 200;
    },
  },
  {
    library: '@octokit/webhooks-methods 3',
    scheme: 'github-sha1',
    takes: 'text',
    bodies: 'text',
    refuses: null,
    accepts: async ({ secret, body, ...rest }) =>
      await (await octokit3()).verify(secret, body.toString(), valueOf(rest, 'X-Hub-Signature')),
    signs: async ({ text, secret }) => ({
      headers: [['X-Hub-Signature', await (await octokit3()).sign({ secret, algorithm: 'sha1' }, text)]],
    }),
  },
];
