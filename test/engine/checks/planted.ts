import { createHmac } from 'node:crypto';
import { hmac, isEqual, stripeParts, type Early, type Incoming, type Receive } from './receivers.ts';

/** A receiver with one thing wrong about it. */
export interface Planted {
  /** The defect that has to be named. */
  readonly defect: string;
  readonly receive: Receive;
  readonly early?: Early;
  readonly profile?: string;
  readonly secret?: string;
  /** The scheme where there is no profile. */
  readonly scheme?: 'netlify';
  /** How long the provider waits. */
  readonly timeoutMs?: number;
  /** Cases or families that are sent beside those of all receivers; those of signatures, times and rotation when left out. */
  readonly cases?: readonly string[];
  /** Others that cannot but show too. */
  readonly also?: readonly string[];
}

/** How a receiver of Stripe's goes about verifying; each field is one habit in place of the right one. */
interface Habits {
  readonly header?: (request: Incoming) => string | undefined;
  readonly onMissing?: () => number;
  readonly onMismatch?: () => number;
  readonly signaturesIn?: (header: string) => readonly string[];
  readonly matches?: (expected: string, received: string) => boolean;
  readonly isYoung?: (ageSeconds: number) => boolean;
  readonly times?: (time: string) => readonly string[];
  readonly signedBody?: (body: Buffer) => Buffer | string;
  readonly shortcut?: (parts: { readonly header: string; readonly time: string; readonly signatures: readonly string[] }) => boolean;
  readonly before?: (request: Incoming) => number | null;
  readonly act?: (event: Record<string, unknown>, request: Incoming) => number | Promise<number>;
}

function parsed(body: Buffer): Record<string, unknown> | null {
  try {
    const value = JSON.parse(body.toString('utf8').replace(/^\ufeff/, '')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A receiver that is right but for its habits. */
export function stripeReceiver(habits: Habits = {}): Receive {
  const {
    header: headerOf = ({ headers }) => headers['stripe-signature'] as string | undefined,
    onMissing = () => 401,
    onMismatch = () => 401,
    signaturesIn = (header) => stripeParts(header).signatures,
    matches = isEqual,
    isYoung = (ageSeconds) => Math.abs(ageSeconds) <= 300,
    times = (time) => [time],
    signedBody = (body) => body,
    act = () => 200,
  } = habits;
  return async (request) => {
    if (request.method !== 'POST') return habits.before?.(request) ?? 405;
    const early = habits.before?.(request) ?? null;
    if (early !== null) return early;
    const header = headerOf(request);
    if (header === undefined) return onMissing();
    const { time } = stripeParts(header);
    const signatures = signaturesIn(header);
    if (habits.shortcut?.({ header, time, signatures }) !== true) {
      if (!/^\d+$/.test(time)) return 401;
      const body = signedBody(request.body);
      const expected = times(time).map((each) => hmac(`${each}.`, Buffer.from(body)));
      if (!expected.some((one) => signatures.some((received) => matches(one, received)))) return onMismatch();
      if (!isYoung(Date.now() / 1000 - Number(time))) return 401;
    }
    const event = parsed(request.body);
    return event === null ? 400 : await act(event, request);
  };
}

const swSecret = 'whsec_Y2hlY2sgb2YgYSByZWNlaXZlciwgMzIgYnl0ZXM=';

/** A receiver of Standard Webhooks that is right but for its habits. */
function standardReceiver(habits: {
  readonly ids?: (id: string) => readonly string[];
  readonly isYoung?: (age: number) => boolean;
  readonly times?: (time: string) => readonly string[];
}): Receive {
  const { ids = (id) => [id], isYoung = (age) => Math.abs(age) <= 300, times = (time) => [time] } = habits;
  return ({ method, headers, body }) => {
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers as Record<string, string | undefined>;
    if (method !== 'POST') return 405;
    if (time === undefined || signature === undefined || !/^\d+$/.test(time)) return 401;
    const key = Buffer.from(swSecret.slice('whsec_'.length), 'base64');
    const of = (one: string, at: string) => createHmac('sha256', key).update(`${one}.${at}.`).update(body).digest('base64');
    const expected = ids(id ?? '').flatMap((one) => times(time).map((at) => of(one, at)));
    const received = signature.split(' ').map((entry) => entry.replace(/^v1,/, ''));
    if (!expected.some((one) => received.some((each) => isEqual(one, each)))) return 401;
    if (!isYoung(Date.now() / 1000 - Number(time))) return 401;
    return parsed(body) === null ? 400 : 200;
  };
}

const netlifySecret = 'netlify-secret-of-a-receiver';

/** A receiver of Netlify's tokens that does not look at the digest of the body in them. */
const withoutDigest: Receive = ({ method, headers, body }) => {
  if (method !== 'POST') return 405;
  const [head = '', claims = '', signature = ''] = String(headers['x-webhook-signature'] ?? '').split('.');
  const expected = createHmac('sha256', netlifySecret).update(`${head}.${claims}`).digest('base64url');
  return isEqual(expected, signature) ? (parsed(body) === null ? 400 : 200) : 401;
};

const allHex = (header: string) => [...header.matchAll(/[a-z]\w*=([0-9a-f]{64})(?![0-9a-z])/g)].map(([, digits = '']) => digits);
const objectIn = (event: Record<string, unknown>) =>
  (event['data'] as { readonly object?: Record<string, unknown> } | undefined)?.object ?? {};
const depth = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Receivers, each with one defect. */
export function plantedReceivers(): Readonly<Record<string, Planted>> {
  let atWork = 0;
  let isBroken = false;
  const handled = new Set<unknown>();
  return {
    'never-verifies': { defect: 'verifies-nothing', receive: ({ body }) => (parsed(body) === null ? 400 : 200) },
    'any-signature': { defect: 'accepts-any-signature', receive: stripeReceiver({ shortcut: ({ header }) => header !== '' }) },
    'no-signature': { defect: 'accepts-missing-signature', receive: stripeReceiver({ onMissing: () => 200 }) },
    'empty-signature': { defect: 'accepts-empty-signature', receive: stripeReceiver({ shortcut: ({ header }) => header === '' }) },
    'unreadable-signature': {
      defect: 'accepts-malformed-signature',
      receive: stripeReceiver({ shortcut: ({ header, signatures }) => header !== '' && signatures.length === 0 && !header.includes('=') }),
    },
    'label-only': { defect: 'accepts-label-only', receive: stripeReceiver({ shortcut: ({ signatures }) => signatures.includes('') }) },
    prefix: {
      defect: 'compares-a-part',
      receive: stripeReceiver({ matches: (expected, received) => received.length >= 8 && expected.startsWith(received) }),
    },
    suffix: { defect: 'ignores-what-follows', receive: stripeReceiver({ matches: (expected, received) => received.startsWith(expected) }) },
    'any-label': { defect: 'accepts-any-label', receive: stripeReceiver({ signaturesIn: allHex }) },
    'no-digest': { defect: 'body-not-covered', receive: withoutDigest, scheme: 'netlify', secret: netlifySecret },
    'two-wrong': {
      defect: 'accepts-any-of-several',
      receive: stripeReceiver({ shortcut: ({ signatures }) => signatures.length > 1 && signatures.every((one) => one.length === 64) }),
    },
    'first-only': {
      defect: 'takes-no-second-signature',
      receive: stripeReceiver({ signaturesIn: (header) => stripeParts(header).signatures.slice(0, 1) }),
    },
    'last-only': {
      defect: 'takes-last-signature-only',
      receive: stripeReceiver({ signaturesIn: (header) => stripeParts(header).signatures.slice(-1) }),
    },
    'one-only': {
      defect: 'takes-one-signature-only',
      receive: stripeReceiver({
        signaturesIn: (header) => {
          const { signatures } = stripeParts(header);
          return signatures.length === 1 ? signatures : [];
        },
      }),
    },
    'exact-name': {
      defect: 'names-with-case',
      receive: stripeReceiver({
        header: ({ rawHeaders }) => {
          const at = rawHeaders.indexOf('Stripe-Signature');
          return at === -1 ? undefined : rawHeaders[at + 1];
        },
      }),
    },
    ageless: { defect: 'no-age-limit', receive: stripeReceiver({ isYoung: (age) => age > -300 }) },
    'future-proof': {
      defect: 'no-limit-ahead',
      receive: standardReceiver({ isYoung: (age) => age <= 300 }),
      profile: 'standard-webhooks',
      secret: swSecret,
    },
    'about-then': {
      defect: 'time-not-covered',
      receive: standardReceiver({ times: (time) => [-1, 0, 1].map((by) => String(Number(time) + by)) }),
      profile: 'standard-webhooks',
      secret: swSecret,
    },
    timeless: {
      defect: 'accepts-missing-time',
      receive: stripeReceiver({
        shortcut: ({ header, time, signatures }) => header.startsWith('v1=') && time === '' && signatures.length === 1,
      }),
    },
    strict: { defect: 'too-strict-with-time', receive: stripeReceiver({ isYoung: (age) => Math.abs(age) <= 60 }) },
    'any-id': {
      defect: 'id-not-covered',
      cases: ['identity'],
      receive: standardReceiver({ ids: (id) => [id, id.slice(0, -1)] }),
      profile: 'standard-webhooks',
      secret: swSecret,
    },
    reserialiser: {
      defect: 'parses-before-verifying',
      cases: ['encoding'],
      receive: stripeReceiver({ signedBody: (body) => JSON.stringify(parsed(body), null, 2) }),
    },
    'compact-writer': {
      defect: 'parses-before-verifying',
      cases: ['encoding'],
      receive: stripeReceiver({ signedBody: (body) => JSON.stringify(parsed(body)) }),
    },
    sorter: {
      defect: 'sorts-before-verifying',
      cases: ['encoding'],
      receive: stripeReceiver({
        signedBody: (body) => {
          const event = parsed(body);
          return event === null || Object.keys(event).at(-1) !== 'id'
            ? body
            : JSON.stringify(Object.fromEntries(Object.entries(event).toSorted()));
        },
      }),
    },
    trimmer: {
      defect: 'trims-body',
      cases: ['encoding'],
      receive: stripeReceiver({ signedBody: (body) => (body.at(-1) === 0x0a ? body.toString('latin1').trim() : body) }),
    },
    'latin-reader': {
      defect: 'wrong-charset',
      cases: ['encoding'],
      receive: stripeReceiver({ signedBody: (body) => body.toString('latin1') }),
    },
    'type-comparer': {
      defect: 'exact-content-type',
      cases: ['transport'],
      receive: stripeReceiver({
        before: ({ headers, method }) => (method === 'POST' && headers['content-type'] !== 'application/json; charset=utf-8' ? 415 : null),
      }),
    },
    'length-reader': {
      defect: 'needs-length',
      cases: ['transport'],
      receive: stripeReceiver({
        before: ({ headers, method }) => (method === 'POST' && headers['content-length'] === undefined ? 411 : null),
      }),
    },
    'piece-reader': {
      defect: 'reads-first-piece',
      cases: ['transport'],
      receive: stripeReceiver(),
      early: (request, response) => {
        const isPieced = request.headers.connection === 'close' && request.headers['content-length'] !== undefined;
        if (isPieced)
          request.once('data', (piece: Buffer) =>
            response.writeHead(piece.length < Number(request.headers['content-length']) ? 401 : 200).end(),
          );
        return isPieced;
      },
    },
    'header-limiter': {
      defect: 'refuses-more-headers',
      cases: ['transport'],
      receive: stripeReceiver({ before: ({ headers }) => (headers['baggage'] === undefined ? null : 431) }),
    },
    'field-limiter': {
      defect: 'refuses-unknown-fields',
      cases: ['data'],
      receive: stripeReceiver({ act: (event) => (event['added_by_a_later_version'] === undefined ? 200 : 422) }),
    },
    'type-limiter': {
      defect: 'refuses-unknown-events',
      cases: ['data'],
      receive: stripeReceiver({ act: (event) => (String(event['type']).startsWith('hookyard') ? 400 : 200) }),
    },
    thrower: {
      defect: 'fails-on-wrong-signatures',
      receive: stripeReceiver({
        onMismatch: () => {
          throw new Error('The signature is wrong.');
        },
      }),
    },
    'header-reader': {
      defect: 'fails-on-missing-header',
      receive: stripeReceiver({
        onMissing: () => {
          throw new Error('There is no header.');
        },
      }),
    },
    'length-thrower': {
      defect: 'fails-on-malformed-signature',
      receive: stripeReceiver({
        matches: (expected, received) => {
          if (expected.length !== received.length) throw new RangeError('Input buffers must have the same byte length.');
          return expected === received;
        },
      }),
    },
    'repeat-refuser': {
      defect: 'refuses-repeated-events',
      cases: ['identity', 'transport'],
      receive: stripeReceiver({
        act: ({ id }) => {
          if (handled.has(id)) return 409;
          handled.add(id);
          return 200;
        },
      }),
    },
    single: {
      defect: 'fails-at-once',
      cases: ['identity'],
      receive: stripeReceiver({
        act: async () => {
          if (atWork > 0) return 503;
          atWork += 1;
          await wait(20);
          atWork -= 1;
          return 200;
        },
      }),
    },
    late: {
      defect: 'answers-too-late',
      receive: stripeReceiver({
        act: async ({ id }) => {
          if (String(id) !== '') await wait(80);
          return 200;
        },
      }),
      timeoutMs: 50,
      cases: ['answer-time'],
    },
    breakable: {
      defect: 'broken-afterwards',
      cases: ['large-body', 'genuine-again'],
      receive: stripeReceiver({
        act: (_event, { body }) => {
          isBroken ||= body.length > 500_000;
          return isBroken ? 503 : 200;
        },
      }),
      also: ['fails-on-large-body'],
    },
    'null-reader': {
      defect: 'fails-on-null',
      cases: ['data'],
      receive: stripeReceiver({ act: (event) => (objectIn(event)['currency'] === null ? 500 : 200) }),
    },
    'field-reader': {
      defect: 'fails-on-missing-field',
      cases: ['data'],
      receive: stripeReceiver({ act: (event) => ('currency' in objectIn(event) ? 200 : 500) }),
    },
    'json-thrower': {
      defect: 'fails-on-text-body',
      cases: ['data'],
      receive: (request) => {
        const receive = stripeReceiver();
        if (request.body.toString().startsWith('this')) throw new SyntaxError('Unexpected token');
        return receive(request);
      },
    },
    'body-reader': {
      defect: 'fails-on-empty-body',
      cases: ['data'],
      receive: (request) => {
        if (request.method === 'POST' && request.body.length === 0) throw new TypeError('Cannot read properties of null');
        return stripeReceiver()(request);
      },
    },
    recursive: {
      defect: 'fails-on-deep-json',
      cases: ['data'],
      receive: stripeReceiver({ act: (event) => (depth(event) > 1000 ? 500 : 200) }),
    },
    'small-buffer': {
      defect: 'fails-on-large-body',
      cases: ['data'],
      receive: stripeReceiver({ before: ({ body }) => (body.length > 500_000 ? 500 : null) }),
    },
    'get-thrower': {
      defect: 'fails-on-get',
      cases: ['transport'],
      receive: stripeReceiver({ before: ({ method }) => (method === 'GET' ? 500 : null) }),
    },
  };
}
