import type { SchemeId } from '../contract/signing.ts';

/** Where a request carries the text that a handshake is about, and the form that it must have. */
export type TokenPlace =
  | { readonly in: 'query' | 'header'; readonly name: string; readonly form: RegExp }
  /** A path in its JSON, of names and places. */
  | { readonly in: 'json'; readonly path: readonly (string | number)[]; readonly form: RegExp };

/**
 * How a receiver answers what a system asks an address. Texts of an answer may have `{token}`, `{tokenJson}` (with its quotation marks),
 * `{hmacHex}` and `{hmacBase64}` (HMAC-SHA256 of the token under the bin's secret).
 */
export interface HandshakeAnswer {
  /** The same as on the sending side, where that has it. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** What somebody who asks learns from the answer. */
  readonly givesAway: string;
  /** A bin that answers the handshakes of its scheme answers this one for these. */
  readonly schemes: readonly SchemeId[];
  /** Everything that is given has to hold. */
  readonly asks: {
    readonly methods: readonly string[];
    /** Parameters of the query, each with the values that it may have; null for any. */
    readonly query?: Readonly<Record<string, readonly string[] | null>>;
    readonly headers?: Readonly<Record<string, string | null>>;
    /** Values at the top of its JSON. */
    readonly json?: Readonly<Record<string, string | number>>;
    /** The exact form of its body. */
    readonly body?: RegExp;
  };
  /** Null where nothing is sent back. */
  readonly token: TokenPlace | null;
  /** Whether the request has to have a valid signature by the bin's scheme. */
  readonly isSigned: boolean;
  /** Whether `hub.verify_token` is compared with the bin's, where it has one. */
  readonly hasVerifyToken?: boolean;
  readonly answer: {
    readonly status: number;
    readonly contentType: string | null;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** What is said with the text in the capture, where its owner has to do something with it. */
  readonly remark?: string;
  /** Whether it is the usual answer to every event, given where no rule answers, rather than a handshake before them. */
  readonly isUsual?: boolean;
}

/** Text that a code is made of, which is sent back as it is. */
const opaque = /^[A-Za-z0-9+/=_.-]{1,512}$/;
/**
 * Text that is signed for anybody: X sends a UUID in Base64 without padding. No JSON is made of it, whose literals are shorter and whose numbers
 * have no letter but e; and as a form it is the name of one field that has no value.
 */
const signedForAnybody = /^(?=.*[A-DF-Za-df-z])[A-Za-z0-9+/_-]{16,128}$/;
/** One line of visible text. */
const line = /^[\x20-\x7e]{1,2048}$/;
const text = 'text/plain; charset=utf-8';
const json = 'application/json';
const echoed = 'Nothing: the sender gets back what it sent.';

/** Every handshake that a bin can answer. */
export const handshakeAnswers: readonly HandshakeAnswer[] = [
  {
    id: 'url-verification',
    title: 'URL verification (Slack)',
    summary: 'Sends back the challenge of a url_verification, as plain text.',
    givesAway: echoed,
    schemes: ['slack'],
    asks: { methods: ['POST'], json: { type: 'url_verification' } },
    token: { in: 'json', path: ['challenge'], form: line },
    isSigned: false,
    answer: { status: 200, contentType: text, body: '{token}' },
  },
  {
    id: 'endpoint-url-validation',
    title: 'Endpoint URL validation (Zoom)',
    summary: 'Answers an endpoint.url_validation whose signature is valid with the token and its HMAC under the secret.',
    givesAway:
      'The HMAC of the token, which is as good as a signature over that text. Only a request that is signed with the same secret gets it, and only for letters, digits, - and _: what Zoom signs begins with "v0:", so no event can be forged with it.',
    schemes: ['zoom'],
    asks: { methods: ['POST'], json: { event: 'endpoint.url_validation' } },
    token: { in: 'json', path: ['payload', 'plainToken'], form: /^[A-Za-z0-9_-]{1,128}$/ },
    isSigned: true,
    answer: { status: 200, contentType: json, body: '{"plainToken":{tokenJson},"encryptedToken":"{hmacHex}"}' },
  },
  {
    id: 'crc',
    title: 'Challenge-response check (X)',
    summary: 'Answers crc_token with its HMAC under the consumer secret.',
    givesAway:
      'Anybody may ask, and gets the HMAC of the token: for X that is a signature over a body of that text. The token has to have 16 to 128 characters of Base64 without =, at least one of them a letter other than e: no JSON is made of that, so no event of X can be forged with it. A body of exactly such text verifies all the same, and a bin that refuses what does not verify refuses it. A short secret can be guessed from the answer.',
    schemes: ['x'],
    asks: { methods: ['GET'], query: { crc_token: null } },
    token: { in: 'query', name: 'crc_token', form: signedForAnybody },
    isSigned: false,
    answer: { status: 200, contentType: json, body: '{"response_token":"sha256={hmacBase64}"}' },
  },
  {
    id: 'hub-challenge',
    title: 'hub.challenge (Meta, WebSub)',
    summary: 'Sends back hub.challenge. With a verify token, only where hub.verify_token is the same.',
    givesAway: 'Whether a verify token is right. Without one, nothing.',
    schemes: ['meta', 'websub'],
    asks: { methods: ['GET'], query: { 'hub.mode': ['subscribe', 'unsubscribe'], 'hub.challenge': null } },
    token: { in: 'query', name: 'hub.challenge', form: line },
    isSigned: false,
    hasVerifyToken: true,
    answer: { status: 200, contentType: text, body: '{token}' },
  },
  {
    id: 'query-challenge',
    title: 'challenge in the query (Dropbox)',
    summary: 'Sends back the challenge as plain text.',
    givesAway: echoed,
    schemes: ['dropbox'],
    asks: { methods: ['GET'], query: { challenge: null } },
    token: { in: 'query', name: 'challenge', form: line },
    isSigned: false,
    answer: { status: 200, contentType: text, body: '{token}' },
  },
  {
    id: 'validation-token',
    title: 'validationToken (Microsoft Graph)',
    summary: 'Sends back the validationToken, decoded, as plain text.',
    givesAway: echoed,
    schemes: [],
    asks: { methods: ['POST', 'GET'], query: { validationToken: null } },
    token: { in: 'query', name: 'validationToken', form: line },
    isSigned: false,
    answer: { status: 200, contentType: text, body: '{token}' },
  },
  {
    id: 'subscription-validation',
    title: 'Subscription validation (Azure Event Grid)',
    summary: 'Sends back the validationCode.',
    givesAway: echoed,
    schemes: [],
    asks: { methods: ['POST'], headers: { 'aeg-event-type': 'SubscriptionValidation' } },
    token: { in: 'json', path: [0, 'data', 'validationCode'], form: opaque },
    isSigned: false,
    answer: { status: 200, contentType: json, body: '{"validationResponse":{tokenJson}}' },
  },
  {
    id: 'hook-secret',
    title: 'X-Hook-Secret (Asana)',
    summary: 'Sends the header back. What it holds is the secret of what follows: save it as the secret of the bin.',
    givesAway: `${echoed} It does not become the secret of the bin by itself, since anybody can send it.`,
    schemes: ['asana'],
    asks: { methods: ['POST'], headers: { 'x-hook-secret': null } },
    token: { in: 'header', name: 'x-hook-secret', form: /^[\x21-\x7e]{1,512}$/ },
    isSigned: false,
    answer: { status: 200, contentType: null, headers: { 'X-Hook-Secret': '{token}' }, body: '' },
  },
  {
    id: 'webhook-request-origin',
    title: 'OPTIONS (CloudEvents)',
    summary: 'Allows the origin that asks, at any rate. A WebHook-Request-Callback is not called.',
    givesAway: echoed,
    schemes: [],
    asks: { methods: ['OPTIONS'], headers: { 'webhook-request-origin': null } },
    token: { in: 'header', name: 'webhook-request-origin', form: /^[A-Za-z0-9.:*-]{1,253}$/ },
    isSigned: false,
    answer: {
      status: 200,
      contentType: null,
      headers: { 'WebHook-Allowed-Origin': '{token}', 'WebHook-Allowed-Rate': '*', Allow: 'POST' },
      body: '',
    },
  },
  {
    id: 'webhook-callback-verification',
    title: 'Callback verification (Twitch)',
    summary: 'Sends back the challenge of a request whose signature is valid, as plain text.',
    givesAway: 'Nothing: the sender gets back what it signed with the same secret.',
    schemes: ['twitch'],
    asks: { methods: ['POST'], headers: { 'twitch-eventsub-message-type': 'webhook_callback_verification' } },
    token: { in: 'json', path: ['challenge'], form: line },
    isSigned: true,
    answer: { status: 200, contentType: 'text/plain', body: '{token}' },
  },
  {
    id: 'sns-subscription-confirmation',
    title: 'Subscription confirmation (Amazon SNS)',
    summary: 'Answers 200 and shows the SubscribeURL. Hookyard never opens it: you do, if the topic is yours.',
    givesAway: 'Nothing. Opening the URL would make a request that a stranger chose, so that is left to you.',
    schemes: [],
    asks: { methods: ['POST'], headers: { 'x-amz-sns-message-type': 'SubscriptionConfirmation' } },
    token: { in: 'json', path: ['SubscribeURL'], form: /^https:\/\/sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[\x21-\x7e]{0,2000}$/ },
    isSigned: false,
    answer: { status: 200, contentType: null, body: '' },
    remark: 'Hookyard opens nothing. If the topic is yours, confirm it by opening',
  },
  {
    id: 'ping',
    title: 'Ping (Discord)',
    summary: 'Answers the ping of webhook events with 204 where its signature is valid.',
    givesAway: 'Nothing.',
    schemes: ['discord'],
    asks: { methods: ['POST'], json: { type: 0, version: 1 } },
    token: null,
    isSigned: true,
    answer: { status: 204, contentType: json, body: '' },
  },
  {
    id: 'interaction-ping',
    title: 'Ping of interactions (Discord)',
    summary: 'Answers {"type":1} where its signature is valid.',
    givesAway: 'Nothing.',
    schemes: ['discord'],
    asks: { methods: ['POST'], json: { type: 1 } },
    token: null,
    isSigned: true,
    answer: { status: 200, contentType: json, body: '{"type":1}' },
  },
  {
    id: 'webhook-id-ping',
    title: 'Ping (WooCommerce)',
    summary: 'Answers the form with webhook_id with exactly 200.',
    givesAway: 'Nothing.',
    schemes: ['woocommerce'],
    asks: { methods: ['POST'], body: /^webhook_id=\d{1,20}$/ },
    token: null,
    isSigned: false,
    answer: { status: 200, contentType: null, body: '' },
  },
  {
    id: 'head',
    title: 'HEAD (Intercom, Trello)',
    summary: 'Answers HEAD with 200.',
    givesAway: 'Nothing.',
    schemes: ['intercom', 'trello'],
    asks: { methods: ['HEAD'] },
    token: null,
    isSigned: false,
    answer: { status: 200, contentType: null, body: '' },
  },
  {
    id: 'paypal-answer',
    title: 'Plain answer (PayPal)',
    summary: 'Answers every event that no rule answers with 200 and nothing else.',
    givesAway: 'Nothing.',
    schemes: ['paypal'],
    asks: { methods: ['POST'] },
    token: null,
    isSigned: false,
    answer: { status: 200, contentType: null, body: '' },
    isUsual: true,
  },
  {
    id: 'adyen-answer',
    title: '[accepted] (Adyen)',
    summary: 'Answers every event that no rule answers with [accepted].',
    givesAway: 'Nothing.',
    schemes: ['adyen-payments', 'adyen-header'],
    asks: { methods: ['POST'] },
    token: null,
    isSigned: false,
    answer: { status: 200, contentType: text, body: '[accepted]' },
    isUsual: true,
  },
];

/** Whether a handshake is answered with an HMAC under the secret of the bin. */
export function signsToken({ answer: { body, headers } }: HandshakeAnswer): boolean {
  return [body, ...Object.values(headers ?? {})].some((part) => part.includes('{hmac'));
}

/** The handshakes of a scheme, in the order in which they are looked at. */
export function handshakesOfScheme(scheme: string | null): readonly HandshakeAnswer[] {
  return handshakeAnswers.filter(({ schemes }) => (schemes as readonly string[]).includes(scheme ?? ''));
}
