import { createHash, createHmac } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { HeaderField } from '#shared/contract/common.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import type { SolverSecret } from '#engine/verifying/solver/secret/secret-variants.ts';

/** A request that was signed right and then damaged in a known way. */
export interface DamagedSample {
  readonly name: string;
  /** Ids of the causes that must come first, in any order. */
  readonly causes: readonly string[];
  readonly problem: SolverProblem;
}

/** The time at which every sample was signed. */
export const signedAtMs = 1_760_000_000_000;

const whsec = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const text = 'It-is-a-Secret-to-Everybody';
const hexKey = '8f742231b10e8888abcd99aabbccdd85a5f0e1d2c3b4a5968778695a4b3c2d1e';
const url = 'https://hooks.example.com/in/orders?tenant=7';

const order = {
  id: 'ord_1',
  note: 'Zoë pays 5 € at a/b',
  amount: 10,
  lines: [
    { sku: 'B', count: 2 },
    { sku: 'A', count: 1 },
  ],
  paid: true,
};
const plain = { id: 'evt_1', type: 'invoice.paid', data: { amount: 1200, currency: 'aud' } };
const minified = JSON.stringify(order);
const plainText = JSON.stringify(plain);

interface Received {
  readonly headers: readonly HeaderField[];
  readonly body: string | Uint8Array;
  readonly secrets: readonly (string | SolverSecret)[];
  readonly url: string | null;
  readonly method: string | null;
  readonly scheme: string;
  readonly options: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly scheme: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly body?: string | Uint8Array;
  readonly url?: string;
  readonly nowMs?: number;
  /** The receiver verifies with the public key of the secret. */
  readonly isKeyPair?: boolean;
}

const secretOf: Readonly<Record<string, string>> = {
  'standard-webhooks': whsec,
  svix: whsec,
  'gitlab-signing': whsec,
  'adyen-header': hexKey,
};

/** Signs, then lays the damage over what was sent. */
function sample(
  name: string,
  causes: string | readonly string[],
  sent: Sent,
  damage: (sent: Received) => Partial<Received>,
): DamagedSample {
  const options = parseOptions(sent.scheme, sent.options);
  const scheme = schemeOf(options.scheme);
  const secret = sent.isKeyPair === true ? scheme.makeSecret(Buffer.alloc(32, 7), options) : (sent.secret ?? secretOf[sent.scheme] ?? text);
  const body = bytesOf(sent.body ?? plainText);
  const signed = scheme.sign({
    options,
    secrets: [secret],
    id: 'msg_2x7',
    nowMs: sent.nowMs ?? signedAtMs,
    method: 'POST',
    url: sent.url ?? url,
    body,
  });
  const whole: Received = {
    headers: [['content-type', 'application/json'], ...signed.headers],
    body: signed.body ?? body,
    secrets: [sent.isKeyPair === true ? (scheme.publicKeyOf?.(secret, options) ?? secret) : secret],
    url: signed.url ?? sent.url ?? url,
    method: 'POST',
    scheme: sent.scheme,
    options: sent.options ?? {},
  };
  const received = { ...whole, ...damage(whole) };
  return { name: `${sent.scheme}: ${name}`, causes: typeof causes === 'string' ? [causes] : causes, problem: problemOf(received) };
}

function problemOf(received: Received): SolverProblem {
  return {
    options: received.scheme === 'auto' ? null : parseOptions(received.scheme, received.options),
    request: { method: received.method, url: received.url, headers: received.headers, body: bytesOf(received.body) },
    secrets: placed(received.secrets.map((secret) => (typeof secret === 'string' ? given(secret) : secret))),
    nowMs: signedAtMs,
  };
}

/** Secrets that are given, each with its place among them. */
function placed(secrets: readonly SolverSecret[]): readonly SolverSecret[] {
  const all = secrets.filter(({ source }) => source.kind === 'given');
  return secrets.map((secret) =>
    secret.source.kind === 'given' ? { ...secret, source: { kind: 'given', index: all.indexOf(secret) } } : secret,
  );
}

/** A secret as the receiver has it. */
export function given(secret: string): SolverSecret {
  return { text: secret, label: 'the secret given', origin: 'given', isPrevious: false, source: { kind: 'given', index: 0 } };
}

function other(secret: string, isPrevious = false): SolverSecret {
  return {
    text: secret,
    label: 'the endpoint Billing',
    origin: 'other',
    isPrevious,
    source: { kind: 'owner', id: 'ep_1', isExpired: false },
  };
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/** Changes one header's value. */
function withHeader(headers: readonly HeaderField[], name: string, change: (value: string) => string): readonly HeaderField[] {
  if (!headers.some(([each]) => each.toLowerCase() === name)) throw new Error(`The sample has no header ${name}.`);
  return headers.map(([each, value]): HeaderField => [each, each.toLowerCase() === name ? change(value) : value]);
}

const std = 'standard-webhooks';
const github = 'github-sha256';
const pretty = JSON.stringify(order, null, 2);
const spaced = minified.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll('},{', '}, {');

const bodyText = (body: Received['body']) => Buffer.from(bytesOf(body)).toString('utf8');
const changedBody = (change: (body: string) => string) => (received: Received) => ({ body: change(bodyText(received.body)) });

const bodies: readonly DamagedSample[] = [
  sample('pretty-printed by 2', 'body-minified', { scheme: std, body: minified }, () => ({ body: pretty })),
  sample('pretty-printed by 4', 'body-minified', { scheme: 'stripe', body: minified }, () => ({ body: JSON.stringify(order, null, 4) })),
  sample('minified a body indented by 2', 'body-indent-2', { scheme: 'stripe', body: pretty }, () => ({ body: minified })),
  sample('minified a body indented by 4', 'body-indent-4', { scheme: github, body: JSON.stringify(order, null, 4) }, () => ({
    body: minified,
  })),
  sample('minified a body indented by tabs', 'body-indent-tab', { scheme: 'shopify', body: JSON.stringify(order, null, '\t') }, () => ({
    body: minified,
  })),
  sample("minified what Python's separators spaced", 'body-spaced', { scheme: 'slack', body: spaced }, () => ({ body: minified })),
  sample('keys no longer sorted', 'body-keys-sorted', { scheme: github, body: '{"a":1,"b":{"c":2,"d":3}}' }, () => ({
    body: '{"b":{"d":3,"c":2},"a":1}',
  })),
  sample('slashes unescaped', 'body-slashes-escaped', { scheme: 'lemonsqueezy', body: '{"url":"https:\\/\\/a.b\\/c"}' }, () => ({
    body: '{"url":"https://a.b/c"}',
  })),
  sample('slashes escaped', 'body-slashes-plain', { scheme: std, body: '{"url":"https://a.b/c"}' }, () => ({
    body: '{"url":"https:\\/\\/a.b\\/c"}',
  })),
  sample('unicode escapes decoded', 'body-unicode-escaped', { scheme: 'meta', body: '{"name":"Zo\\u00eb \\ud83d\\ude00"}' }, () => ({
    body: '{"name":"Zoë 😀"}',
  })),
  sample('letters escaped', 'body-unicode-plain', { scheme: github, body: '{"name":"Zoë"}' }, () => ({ body: '{"name":"Zo\\u00eb"}' })),
  sample('1.0 became 1', 'body-numbers-one-decimal', { scheme: std, body: '{"amount":1.0,"b":2.0}' }, () => ({
    body: '{"amount":1,"b":2}',
  })),
  sample('1.0 became 1 under one key', 'body-numbers-one-decimal', { scheme: std, body: '{"price":12.0,"count":3}' }, () => ({
    body: '{"price":12,"count":3}',
  })),
  sample('1.50 became 1.5', 'body-numbers-two-decimals', { scheme: 'paddle', body: '{"amount":1.50}' }, () => ({ body: '{"amount":1.5}' })),
  sample('1 became 1.0', 'body-numbers-short', { scheme: 'stripe', body: '{"amount":1,"b":"x"}' }, () => ({
    body: '{"amount":1.0,"b":"x"}',
  })),
  sample('html escapes decoded', 'body-html-escaped', { scheme: github, body: '{"a":"\\u003cb\\u003e \\u0026"}' }, () => ({
    body: '{"a":"<b> &"}',
  })),
  sample(
    'last newline lost',
    'body-newline-added',
    { scheme: std, body: `${plainText}\n` },
    changedBody((body) => body.trimEnd()),
  ),
  sample(
    'last CRLF lost',
    'body-crlf-added',
    { scheme: 'typeform', body: `${plainText}\r\n` },
    changedBody((body) => body.trimEnd()),
  ),
  sample(
    'newline added',
    'body-newline-removed',
    { scheme: 'shopify' },
    changedBody((body) => `${body}\n`),
  ),
  sample(
    'white space around it',
    'body-trimmed',
    { scheme: github },
    changedBody((body) => `  ${body}\n\n`),
  ),
  sample(
    'LF became CRLF',
    'body-lf',
    { scheme: 'stripe', body: 'a=1\nb=2\nc=3' },
    changedBody((body) => body.replaceAll('\n', '\r\n')),
  ),
  sample(
    'CRLF became LF',
    'body-crlf',
    { scheme: 'slack', body: 'one\r\ntwo\r\n' },
    changedBody((body) => body.replaceAll('\r\n', '\n')),
  ),
  sample(
    'byte order mark added',
    'body-bom-removed',
    { scheme: std },
    changedBody((body) => `\ufeff${body}`),
  ),
  sample(
    'byte order mark lost',
    'body-bom-added',
    { scheme: github, body: `\ufeff${plainText}` },
    changedBody((body) => body.replace('\ufeff', '')),
  ),
  sample('curly quotes', 'body-chat-quotes', { scheme: 'stripe', body: '{"a":"b"}' }, () => ({ body: '{“a”:“b”}' })),
  sample('no-break spaces', 'body-chat-spaces', { scheme: std, body: '{"a": "b c"}' }, () => ({ body: '{"a":\u00a0"b\u00a0c"}' })),
  sample('quotes and no-break spaces', 'body-chat-characters', { scheme: std, body: '{"a": "b c"}' }, () => ({
    body: '{“a”:\u00a0“b\u00a0c”}',
  })),
  sample('UTF-8 read as Latin-1', 'body-mojibake-repaired', { scheme: 'shopify', body: '{"name":"Zoë"}' }, ({ body }) => ({
    body: Buffer.from(bytesOf(body)).toString('latin1'),
  })),
  sample('UTF-8 read as Windows-1252', 'body-mojibake-repaired', { scheme: github, body: '{"price":"5 €"}' }, () => ({
    body: '{"price":"5 â‚¬"}',
  })),
  sample('UTF-8 became Latin-1', 'body-to-utf-8', { scheme: std, body: '{"name":"Zoë"}' }, ({ body }) => ({
    body: Buffer.from(bodyText(body), 'latin1'),
  })),
  sample('Latin-1 became UTF-8', 'body-to-latin-1', { scheme: std, body: Buffer.from('{"name":"Zoë"}', 'latin1') }, () => ({
    body: '{"name":"Zoë"}',
  })),
  sample('signed as mojibake', 'body-mojibake-signed', { scheme: 'stripe', body: '{"name":"ZoÃ«"}' }, () => ({ body: '{"name":"Zoë"}' })),
  sample('still compressed', 'body-gunzipped', { scheme: github }, ({ body }) => ({ body: gzipSync(bytesOf(body)) })),
  sample('form taken apart', 'body-form-wrapped', { scheme: github, body: `payload=${encodeURIComponent('{"a":"b/c"}')}` }, () => ({
    body: '{"a":"b/c"}',
  })),
  sample('form wrapped around it', 'body-form-unwrapped', { scheme: github }, ({ body }) => ({
    body: `payload=${encodeURIComponent(bodyText(body))}`,
  })),
  sample('percent-decoded', 'body-form-encoded', { scheme: 'slack', body: 'text=hello+there&url=https%3A%2F%2Fa.b' }, () => ({
    body: 'text=hello there&url=https://a.b',
  })),
  sample('percent-encoded', 'body-percent-decoded', { scheme: std, body: '{"a":1}' }, () => ({ body: '%7B%22a%22%3A1%7D' })),
  sample('+ became %20', 'body-percent-to-plus', { scheme: 'slack', body: 'text=hello+there&user=U1' }, () => ({
    body: 'text=hello%20there&user=U1',
  })),
  sample('base64 of a gateway', 'body-base64-decoded', { scheme: 'stripe' }, ({ body }) => ({
    body: Buffer.from(bytesOf(body)).toString('base64'),
  })),
  sample(
    'copied out of a log',
    'body-backslashes-removed',
    { scheme: std },
    changedBody((body) => body.replaceAll('"', '\\"')),
  ),
  sample(
    'signed when cut at 1,024 bytes',
    'body-cut',
    { scheme: std, body: 'x'.repeat(1024) },
    changedBody((body) => `${body}${'y'.repeat(300)}`),
  ),
  sample('cut at Content-Length', 'body-cut-at-content-length', { scheme: github }, ({ headers, body }) => ({
    headers: [...headers, ['Content-Length', String(bytesOf(body).byteLength)]],
    body: `${bodyText(body)}xyz`,
  })),
  sample('signed after it was consumed', 'body-lost-empty', { scheme: std, body: '' }, () => ({ body: plainText })),
  sample('written as JSON.stringify does', 'body-as-javascript', { scheme: github, body: '{"a":"x/y","b":1}' }, () => ({
    body: '{ "a": "x\\/y", "b": 1.0 }',
  })),
  sample('escaped as PHP does', 'body-as-php', { scheme: 'woocommerce', body: '{"a":"x\\/\\u00eb"}' }, () => ({ body: '{ "a": "x/ë" }' })),
];

const keys: readonly DamagedSample[] = [
  sample('space after the secret', 'secret-trimmed', { scheme: 'stripe' }, () => ({ secrets: [`${text} `] })),
  sample('newline after the secret', 'secret-trimmed', { scheme: std }, () => ({ secrets: [`${whsec}\n`] })),
  sample('secret in quotes', 'secret-unquoted', { scheme: github }, () => ({ secrets: [`"${text}"`] })),
  sample('secret with the name of its setting', 'secret-name-removed', { scheme: 'slack' }, () => ({
    secrets: [`SLACK_SIGNING_SECRET=${text}`],
  })),
  sample('secret not decoded', 'secret-as-text', { scheme: 'custom', options: { secretEncoding: 'utf8' }, secret: hexKey }, () => ({
    options: { secretEncoding: 'hex' },
  })),
  sample(
    'secret to be decoded from hex',
    'secret-as-hex',
    { scheme: 'custom', options: { secretEncoding: 'hex' }, secret: hexKey },
    () => ({ options: {} }),
  ),
  sample(
    'secret to be decoded from base64',
    'secret-as-base64',
    { scheme: 'custom', options: { secretEncoding: 'base64' }, secret: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=' },
    () => ({ options: {} }),
  ),
  sample('whsec_ is part of the key', 'secret-as-text', { scheme: 'custom', options: stripeLike('t1'), secret: whsec }, () => ({
    scheme: std,
    options: {},
    headers: asStandard('t1', whsec),
  })),
  sample('secret without its prefix', 'secret-prefix-added', { scheme: 'stripe', secret: whsec }, () => ({ secrets: [whsec.slice(6)] })),
  sample(
    'secret of another endpoint',
    'secret-of-another',
    { scheme: std, secret: `whsec_${Buffer.alloc(24, 5).toString('base64')}` },
    ({ secrets }) => ({ secrets: [whsec, other(secrets[0] as string)] }),
  ),
  sample('secret from before the rotation', 'secret-previous', { scheme: github }, () => ({
    secrets: ['a-newer-secret', other(text, true)],
  })),
  sample('secret not set', 'secret-empty', { scheme: 'custom', options: {}, secret: 'x' }, ({ headers }) => ({
    headers: withMac(headers, 'x-signature', '', plainText),
    secrets: [text],
  })),
];

const strings: readonly DamagedSample[] = [
  sample('timestamp left out', 'string-without-timestamp', custom('{id}.{body}'), asked('{id}.{timestamp}.{body}')),
  sample('id left out', 'string-without-id', custom('{timestamp}.{body}'), asked('{id}.{timestamp}.{body}')),
  sample('body alone', 'string-body-only', custom('{body}'), asked('{id}.{timestamp}.{body}')),
  sample('another separator', 'string-separator', custom('{id}:{timestamp}:{body}'), asked('{id}.{timestamp}.{body}')),
  sample('no separator', 'string-separator', custom('{timestamp}{body}'), asked('{timestamp}.{body}')),
  sample('another order', 'string-order', custom('{timestamp}.{id}.{body}'), asked('{id}.{timestamp}.{body}')),
  sample('timestamp signed beside the body', 'string-other-content', custom('{timestamp}.{body}'), asked('{body}')),
  sample('milliseconds signed', 'string-timestamp-ms', custom('{timestamp}.{body}', { timestampUnit: 'ms' }), (received) => ({
    ...asked('{timestamp}.{body}')(received),
    headers: withHeader(received.headers, 'x-time', () => String(signedAtMs / 1000)),
  })),
  sample(
    'milliseconds signed that the header does not tell',
    'string-timestamp-exact-ms',
    { ...custom('{timestamp}.{body}', { timestampUnit: 'ms' }), nowMs: signedAtMs + 347 },
    (received) => ({
      ...asked('{timestamp}.{body}')(received),
      headers: withHeader(received.headers, 'x-time', () => String(signedAtMs / 1000)),
    }),
  ),
  sample('query lost', 'string-url-no-query', { scheme: 'square', url: 'https://a.example/hook' }, () => ({
    url: 'https://a.example/hook?utm=1',
  })),
  sample('http behind a proxy', 'string-url-https', { scheme: 'square' }, () => ({ url: url.replace('https', 'http') })),
  sample('port of a proxy', 'string-url-no-port', { scheme: 'square' }, () => ({ url: url.replace('.com', '.com:8443') })),
  sample('trailing slash', 'string-url-slash-removed', { scheme: 'hubspot-v3', url: 'https://a.example/hook' }, () => ({
    url: 'https://a.example/hook/',
  })),
  sample(
    'trailing slash lost',
    'string-url-slash-added',
    { scheme: 'twilio-form', url: 'https://a.example/hook/', body: 'Body=Hi&From=%2B61' },
    () => ({ url: 'https://a.example/hook' }),
  ),
  sample('host of a proxy', 'string-url-host', { scheme: 'square' }, ({ headers }) => ({
    url: url.replace('hooks.example.com', 'internal'),
    headers: [...headers, ['X-Forwarded-Host', 'hooks.example.com']],
  })),
];

const encodings: readonly DamagedSample[] = [
  sample('signature without its prefix', 'signature-prefix', { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', (value) => value.slice(7)),
  })),
  sample('signature without its version', 'signature-prefix', { scheme: std }, ({ headers }) => ({
    headers: withHeader(headers, 'webhook-signature', (value) => value.slice(3)),
  })),
  sample('base64 instead of hex', 'signature-is-base64', { scheme: 'stripe' }, ({ headers }) => ({
    headers: withHeader(headers, 'stripe-signature', (value) =>
      value.replace(/[0-9a-f]{64}/, (hex) => Buffer.from(hex, 'hex').toString('base64')),
    ),
  })),
  sample('hex instead of base64', 'signature-is-hex', { scheme: 'shopify' }, ({ headers }) => ({
    headers: withHeader(headers, 'x-shopify-hmac-sha256', (value) => Buffer.from(value, 'base64').toString('hex')),
  })),
  sample('base64url instead of base64', 'signature-is-base64url', { scheme: 'shopify', body: urlUnsafeBody() }, ({ headers }) => ({
    headers: withHeader(headers, 'x-shopify-hmac-sha256', (value) => `${Buffer.from(value, 'base64').toString('base64url')}=`),
  })),
  sample('padding lost', 'signature-padding', { scheme: 'shopify' }, ({ headers }) => ({
    headers: withHeader(headers, 'x-shopify-hmac-sha256', (value) => value.replace('=', '')),
  })),
  sample('end of the signature lost', 'signature-cut', { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', (value) => value.slice(0, -9)),
  })),
  sample('start of the signature lost', ['signature-cut', 'signature-prefix'], { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', (value) => value.slice(12)),
  })),
  sample('another header', 'signature-in-other-header', { scheme: 'custom', options: { header: 'X-My-Signature' } }, () => ({
    options: { header: 'X-Signature' },
  })),
];

const algorithms: readonly DamagedSample[] = [
  sample('SHA-1', 'algorithm-hmac-sha1', custom('{body}', { algorithm: 'sha1' }), asked('{body}')),
  sample('SHA-384', 'algorithm-hmac-sha384', custom('{body}', { algorithm: 'sha384' }), asked('{body}')),
  sample('SHA-512', 'algorithm-hmac-sha512', custom('{body}', { algorithm: 'sha512' }), asked('{body}')),
  sample('SHA-256 instead of SHA-512', 'algorithm-hmac-sha256', custom('{body}'), (received) => ({
    options: { ...received.options, algorithm: 'sha512' },
  })),
];

const schemes: readonly DamagedSample[] = [
  sample('taken for Stripe', `scheme-${std}`, { scheme: std }, () => ({ scheme: 'stripe' })),
  sample('taken for GitHub', 'scheme-slack', { scheme: 'slack' }, () => ({ scheme: github })),
  sample('taken for Standard Webhooks', 'scheme-svix', { scheme: 'svix' }, () => ({ scheme: std })),
];

const pairs: readonly DamagedSample[] = [
  sample(
    'accents composed and CRLF at the end lost',
    ['body-crlf-added', 'body-decomposed'],
    { scheme: github, body: `${minified.normalize('NFD')}\r\n` },
    () => ({ body: minified }),
  ),
  sample('another order, and the secret in quotes', ['secret-unquoted', 'string-order'], custom('{timestamp}.{id}.{body}'), (received) => ({
    ...asked('{id}.{timestamp}.{body}')(received),
    secrets: [`"${text}"`],
  })),
  sample(
    'another order and newline lost',
    ['body-newline-added', 'string-order'],
    { ...custom('{timestamp}.{id}.{body}'), body: `${plainText}\n` },
    (received) => ({ ...asked('{id}.{timestamp}.{body}')(received), body: plainText }),
  ),
  sample('minified and newline lost', ['body-indent-2', 'body-newline-added'], { scheme: std, body: `${pretty}\n` }, () => ({
    body: minified,
  })),
  sample(
    'pretty-printed and slashes unescaped',
    ['body-minified', 'body-slashes-escaped'],
    { scheme: github, body: '{"u":"a\\/b","n":"ë"}' },
    () => ({ body: '{\n  "u": "a/b",\n  "n": "ë"\n}' }),
  ),
  sample(
    'byte order mark and CRLF',
    ['body-bom-removed', 'body-lf'],
    { scheme: 'stripe', body: 'a\nb\nc' },
    changedBody((body) => `\ufeff${body.replaceAll('\n', '\r\n')}`),
  ),
  sample(
    'pretty-printed with 1.0 lost',
    ['body-minified', 'body-numbers-one-decimal'],
    { scheme: std, body: '{"amount":1.0,"b":"c"}' },
    () => ({ body: '{\n  "amount": 1,\n  "b": "c"\n}' }),
  ),
  sample('mojibake and pretty-printed', ['body-mojibake-repaired', 'body-minified'], { scheme: 'shopify', body: '{"name":"Zoë"}' }, () => ({
    body: '{\n  "name": "ZoÃ«"\n}',
  })),
  sample('compressed and newline lost', ['body-gunzipped', 'body-newline-added'], { scheme: github, body: `${plainText}\n` }, () => ({
    body: gzipSync(plainText),
  })),
  sample('curly quotes and pretty-printed', ['body-chat-quotes', 'body-minified'], { scheme: std, body: '{"a":"b"}' }, () => ({
    body: '{\n  “a”: “b”\n}',
  })),
  sample('secret with a space, body pretty-printed', ['secret-trimmed', 'body-minified'], { scheme: 'stripe', body: minified }, () => ({
    secrets: [`${text} `],
    body: pretty,
  })),
  sample(
    'secret of another endpoint, newline lost',
    ['secret-of-another', 'body-newline-added'],
    { scheme: github, body: `${plainText}\n` },
    () => ({ secrets: ['wrong', other(text)], body: plainText }),
  ),
  sample(
    'pretty-printed, signature without its prefix',
    ['body-minified', 'signature-prefix'],
    { scheme: github, body: minified },
    ({ headers }) => ({ body: pretty, headers: withHeader(headers, 'x-hub-signature-256', (value) => value.slice(7)) }),
  ),
  sample(
    'pretty-printed, end of the signature lost',
    ['body-minified', 'signature-cut'],
    { scheme: std, body: minified },
    ({ headers }) => ({ body: pretty, headers: withHeader(headers, 'webhook-signature', (value) => value.slice(0, -8)) }),
  ),
  sample(
    'timestamp left out, pretty-printed',
    ['string-without-timestamp', 'body-minified'],
    { ...custom('{id}.{body}'), body: minified },
    (received) => ({ ...asked('{id}.{timestamp}.{body}')(received), body: pretty }),
  ),
  sample(
    'another separator and body minified',
    ['string-separator', 'body-indent-2'],
    { ...custom('{timestamp}:{body}'), body: pretty },
    (received) => ({ ...asked('{timestamp}.{body}')(received), body: minified }),
  ),
  sample(
    'milliseconds and another separator',
    ['string-timestamp-ms', 'string-separator'],
    custom('{timestamp}:{body}', { timestampUnit: 'ms' }),
    (received) => ({
      ...asked('{timestamp}.{body}')(received),
      headers: withHeader(received.headers, 'x-time', () => String(signedAtMs / 1000)),
    }),
  ),
  sample(
    'SHA-512 and pretty-printed',
    ['algorithm-hmac-sha512', 'body-minified'],
    { ...custom('{body}', { algorithm: 'sha512' }), body: minified },
    (received) => ({ ...asked('{body}')(received), body: pretty }),
  ),
  sample(
    'SHA-1 and the secret decoded',
    ['algorithm-hmac-sha1', 'secret-as-hex'],
    { ...custom('{body}', { algorithm: 'sha1', secretEncoding: 'hex' }), secret: hexKey },
    asked('{body}'),
  ),
  sample('another scheme and pretty-printed', ['scheme-slack', 'body-minified'], { scheme: 'slack', body: minified }, () => ({
    scheme: github,
    body: pretty,
  })),
  sample(
    'http behind a proxy, newline lost',
    ['string-url-https', 'body-newline-added'],
    { scheme: 'square', body: `${plainText}\n` },
    () => ({ url: url.replace('https', 'http'), body: plainText }),
  ),
  sample(
    'URL without its port and with a slash',
    ['string-url-no-port', 'secret-trimmed'],
    { scheme: 'square', url: 'https://a.example/hook' },
    () => ({ url: 'https://a.example:8443/hook', secrets: [` ${text}`] }),
  ),
];

const auto: readonly DamagedSample[] = [
  sample('scheme found, body pretty-printed', 'body-minified', { scheme: 'stripe', body: minified }, () => ({
    scheme: 'auto',
    body: pretty,
  })),
  sample('scheme found, secret in quotes', 'secret-unquoted', { scheme: 'paddle' }, () => ({ scheme: 'auto', secrets: [`'${text}'`] })),
];

const verdicts: readonly DamagedSample[] = [
  sample('pretty-printed, with a public key', 'body-minified', { scheme: 'discord', isKeyPair: true, body: minified }, () => ({
    body: pretty,
  })),
  sample('pretty-printed, hashed without HMAC', 'body-minified', { scheme: 'hubspot-v2', body: minified }, () => ({ body: pretty })),
  sample('secret with a space, http behind a proxy', ['secret-trimmed', 'string-url-https'], { scheme: 'hubspot-v2' }, () => ({
    secrets: [`${text} `],
    url: url.replace('https', 'http'),
  })),
  sample('pretty-printed, with a digest of the body in the URL', 'body-minified', { scheme: 'twilio-json', body: minified }, () => ({
    body: pretty,
  })),
  sample('token in quotes', 'secret-unquoted', { scheme: 'gitlab-token' }, () => ({ secrets: [`"${text}"`] })),
  sample(
    'newline lost, in a message signature',
    'body-newline-added',
    { scheme: 'rfc9421', secret: Buffer.from(text.repeat(2)).toString('base64'), body: `${plainText}\n` },
    () => ({ body: plainText }),
  ),
];

/** A request whose MAC was computed over other bytes than those sent, or with another key. */
function misSigned(
  name: string,
  causes: string | readonly string[],
  {
    signed,
    received = signed,
    key = text,
    secret = text,
  }: { signed: string | Uint8Array; received?: string | Uint8Array; key?: string | Uint8Array; secret?: string },
): DamagedSample {
  return sample(name, causes, { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', () => `sha256=${createHmac('sha256', key).update(signed).digest('hex')}`),
    body: received,
    secrets: [secret],
  }));
}

const hashedText = (encoding: 'hex' | 'base64') => createHash('sha256').update(plainText).digest(encoding);

/** Causes out of public tickets: secrets encoded once more, other signed content, printed bodies, altered signatures. */
const ticketed: readonly DamagedSample[] = [
  misSigned('keys in an order of their own', 'body-key-order', {
    signed: '{"type":"x","id":1,"data":{"b":1,"a":2}}',
    received: '{"data":{"b":1,"a":2},"id":1,"type":"x"}',
  }),
  misSigned('keys of an inner object in another order', 'body-key-order', {
    signed: '{"z":{"k":1,"c":2,"f":3},"a":1}',
    received: '{"z":{"f":3,"k":1,"c":2},"a":1}',
  }),
  misSigned('stored as jsonb', 'body-as-jsonb', { signed: '{"aa": 2, "id": 1, "zzz": "x"}', received: '{"zzz":"x","aa":2,"id":1}' }),
  misSigned('escapes of LINE lost', 'body-escapes-line', { signed: '{"t":"☕ \\uD83E\\uDD28"}', received: '{"t":"☕ \u{1F928}"}' }),
  misSigned('escapes of PHP for HTML lost', 'body-escapes-php-hex', {
    signed: '{"t":"\\u003C\\/b\\u003E \\u0026 \\u0027"}',
    received: `{"t":"</b> & '"}`,
  }),
  misSigned('letters hashed as question marks', 'body-question-marks', { signed: '{"n":"Zo?"}', received: '{"n":"Zoë"}' }),
  misSigned('letters dropped before hashing', 'body-letters-dropped', { signed: '{"n":"Zo"}', received: '{"n":"Zoë"}' }),
  misSigned('hashed as UTF-16', 'body-utf-16le', { signed: Buffer.from(plainText, 'utf16le'), received: plainText }),
  misSigned('secret HTML-escaped at the sender', 'secret-html-escaped', { signed: plainText, key: 'a&amp;b&lt;c', secret: 'a&b<c' }),
  misSigned('secret encoded as base64 once more', 'secret-base64-encoded', {
    signed: plainText,
    key: Buffer.from(text).toString('base64'),
  }),
  misSigned('secret hashed first', 'secret-sha256', { signed: plainText, key: createHash('sha256').update(text).digest() }),
  misSigned('secret as Latin-1', 'secret-latin-1', {
    signed: plainText,
    key: Buffer.from('geheimnis-ä-ö', 'latin1'),
    secret: 'geheimnis-ä-ö',
  }),
  misSigned('secret read off a picture', 'secret-lookalikes', {
    signed: plainText,
    key: '0f1a0b7c9d3e4f10ab22cc33dd44ee57',
    secret: 'Of1aOb7c9d3e4f10ab22cc33dd44ee57',
  }),
  misSigned('second of two secrets in one text', 'secret-one-of-several', { signed: plainText, secret: `another-secret|${text}` }),
  misSigned('hash of the body signed', 'body-digest-sha256-hex', { signed: hashedText('hex'), received: plainText }),
  misSigned('arguments swapped', 'algorithm-swapped-sha256', { signed: text, key: plainText, received: plainText }),
  misSigned('data alone signed', 'body-member-only', { signed: '{"b":1}', received: '{"event":"x","data":{"b":1}}' }),
  misSigned('signature member added after signing', 'body-member-left-out', {
    signed: '{"a":1,"b":2}',
    received: '{"a":1,"b":2,"signature":"x"}',
  }),
  misSigned('Python dict hashed', 'body-dump-python', {
    signed: "{'ok': True, 'n': None, 'list': [1, 'x']}",
    received: '{"ok":true,"n":null,"list":[1,"x"]}',
  }),
  misSigned('Ruby hash hashed', 'body-dump-ruby', { signed: '{"ok"=>true, "n"=>nil}', received: '{"ok":true,"n":null}' }),
  misSigned('in the event of a gateway', 'body-envelope-base64', {
    signed: plainText,
    received: JSON.stringify({ isBase64Encoded: true, body: Buffer.from(plainText).toString('base64') }),
  }),
  misSigned('chunk sizes left in it', 'body-dechunked', {
    signed: plainText,
    received: `${plainText.length.toString(16)}\r\n${plainText}\r\n0\r\n\r\n`,
  }),
  misSigned('compressed with Zstandard', 'body-zstd', { signed: plainText, received: zstdCompressSync(plainText) }),
  misSigned('form parsed to JSON', 'body-form-of-json-urlsearchparams', {
    signed: 'text=it%27s+a%2Fb&n=1',
    received: '{"text":"it\'s a/b","n":"1"}',
  }),
  misSigned('value of a form trimmed', 'body-form-value-trimmed', { signed: 'a=hi+&b=2', received: 'a=hi&b=2' }),
  misSigned("printed as Python's bytes", 'body-bytes-literal', { signed: '{"a":"Zoë"}', received: `b'{"a":"Zo\\xc3\\xab"}'` }),
  misSigned('printed as a Python dict', 'body-dump-read', {
    signed: '{"a":"x","b":null,"c":true}',
    received: "{'a': 'x', 'b': None, 'c': True}",
  }),
  misSigned('printed by Node, and signed indented', ['body-dump-read', 'body-indent-2'], {
    signed: JSON.stringify({ id: 'x', n: null }, null, 2),
    received: "{ id: 'x', n: null }",
  }),
  misSigned('in a code fence', 'body-fence-removed', { signed: plainText, received: `\`\`\`json\n${plainText}\n\`\`\`` }),
  misSigned('copied out of a page', 'body-entities-decoded', { signed: plainText, received: plainText.replaceAll('"', '&quot;') }),
  misSigned('copied out of the source of a mail', 'body-quoted-printable', {
    signed: '{"n":"Zoë","more":"text"}',
    received: '{"n":"Zo=C3=AB","more":=\r\n"text"}',
  }),
  misSigned('wrapped in the middle of words', 'body-lines-joined', {
    signed: '{"text":"one-two-three-four"}',
    received: '{"text":"one-\ntwo-three-\nfour"}',
  }),
  sample('one digit of the signature altered', 'signature-altered', { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', (value) => value.replace(/.(?=.{20}$)/, (digit) => (digit === '0' ? '1' : '0'))),
  })),
  sample('one digit of the signature lost in its middle', 'signature-altered', { scheme: 'stripe' }, ({ headers }) => ({
    headers: withHeader(headers, 'stripe-signature', (value) => value.replace(/.(?=.{20}$)/, '')),
  })),
  sample('signature in lower case', 'signature-case-lost', { scheme: 'shopify' }, ({ headers }) => ({
    headers: withHeader(headers, 'x-shopify-hmac-sha256', (value) => value.toLowerCase()),
  })),
  sample('a space after the prefix', 'signature-space', { scheme: github }, ({ headers }) => ({
    headers: withHeader(headers, 'x-hub-signature-256', (value) => value.replace('=', '= ')),
  })),
  sample(
    'prefix taken off by a proxy',
    'string-url-prefix',
    { scheme: 'square', url: 'https://hooks.example.com/api/in' },
    ({ headers }) => ({
      url: 'https://hooks.example.com/in',
      headers: [...headers, ['X-Forwarded-Prefix', '/api']],
    }),
  ),
  sample(
    'two changes of the URL',
    ['string-url-https', 'string-url-slash-added'],
    { scheme: 'square', url: 'https://hooks.example.com/in/' },
    () => ({
      url: 'http://hooks.example.com/in',
    }),
  ),
  sample('query in another order', 'string-url-query-sorted', { scheme: 'square', url: 'https://hooks.example.com/in?a=1&b=2' }, () => ({
    url: 'https://hooks.example.com/in?b=2&a=1',
  })),
];

/** Every kind of damage, alone and in pairs, over several schemes. */
export const damagedSamples: readonly DamagedSample[] = [
  ...bodies,
  ...keys,
  ...strings,
  ...encodings,
  ...algorithms,
  ...schemes,
  ...pairs,
  ...auto,
  ...verdicts,
  ...ticketed,
];

/** A custom scheme that signs a pattern. */
function custom(signedContent: string, more: Readonly<Record<string, unknown>> = {}): Sent {
  return { scheme: 'custom', options: { timestampHeader: 'X-Time', idHeader: 'X-Id', signedContent, ...more } };
}

/** The receiver expects another pattern, with the defaults of everything else. */
function asked(signedContent: string): (received: Received) => Partial<Received> {
  return () => ({ options: { timestampHeader: 'X-Time', idHeader: 'X-Id', signedContent } });
}

function stripeLike(id: string): Readonly<Record<string, unknown>> {
  return { signedContent: `${id}.{timestamp}.{body}`, timestampHeader: 'X-Time', encoding: 'base64' };
}

/** Headers of Standard Webhooks over a key that is the secret's whole text. */
function asStandard(id: string, secret: string): readonly HeaderField[] {
  const seconds = String(signedAtMs / 1000);
  const mac = createHmac('sha256', secret).update(`${id}.${seconds}.${plainText}`).digest('base64');
  return [
    ['webhook-id', id],
    ['webhook-timestamp', seconds],
    ['webhook-signature', `v1,${mac}`],
  ];
}

function withMac(headers: readonly HeaderField[], name: string, key: string, body: string): readonly HeaderField[] {
  return withHeader(headers, name, () => createHmac('sha256', key).update(body).digest('hex'));
}

/** A body whose MAC has a + or a / in base64, and so is another text in base64url. */
function urlUnsafeBody(): string {
  for (let index = 0; ; index += 1) {
    const body = JSON.stringify({ index });
    const mac = createHmac('sha256', text).update(body).digest('base64');
    if (/[+/]/.test(mac)) return body;
  }
}
