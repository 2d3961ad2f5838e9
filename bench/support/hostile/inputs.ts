import { Buffer } from 'node:buffer';

const mib = 1_048_576;

/** What a person pastes or drops: read by the window, and by the command line's `--request`. */
export interface HostilePaste {
  readonly name: string;
  /** Inputs of one group are told in one row, by the slowest of them. */
  readonly group?: string;
  readonly make: () => Uint8Array;
}

/** What a script posts: the whole text of a request to `/api/verify`; it takes a search, too, where `isSearched`. */
export interface HostileCall {
  readonly name: string;
  readonly group?: string;
  readonly make: () => Uint8Array;
  readonly isSearched: boolean;
}

/** Characters whose long runs make careless patterns try every way to share them out. */
export const baits = [
  ' ',
  '\t',
  '"',
  "'",
  '\\',
  ',',
  ';',
  '=',
  ':',
  '.',
  '/',
  '+',
  '-',
  'a',
  '\n',
  '\r\n',
  ' \n',
  '",',
  '="',
  '\\"',
  '%',
  '{',
  '(',
];

const run = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));
const text = (value: string) => Buffer.from(value, 'utf8');
const manyHeaders = (count: number) =>
  Array.from({ length: count }, (_, index): [string, string] => [`X-Header-${index}`, `value ${index}`]);

export const hostilePastes: readonly HostilePaste[] = [
  {
    name: 'a usual request, to compare with',
    make: () => text('POST /in HTTP/1.1\r\nHost: a.example\r\nX-Hub-Signature-256: sha256=00\r\n\r\n{}'),
  },
  { name: '100 MiB of a raw request', make: () => text(`POST /in HTTP/1.1\r\nHost: a.example\r\n\r\n${run('x', 100 * mib)}`) },
  { name: '15 MiB of a raw request', make: () => text(`POST /in HTTP/1.1\r\nHost: a.example\r\n\r\n${run('x', 15 * mib)}`) },
  {
    name: '10,000 header lines',
    make: () =>
      text(
        `${manyHeaders(10_000)
          .map((header) => header.join(': '))
          .join('\r\n')}\r\n\r\n{}`,
      ),
  },
  { name: '1,000,000 header lines', make: () => text(run('a: b\r\n', 6_000_000)) },
  { name: 'one header line of 8 MiB', make: () => text(`Host: a.example\r\nStripe-Signature: ${run('v1=ab,', 8 * mib)}\r\n\r\n{}`) },
  { name: 'JSON nested 1,000,000 deep', make: () => text('['.repeat(1_000_000) + ']'.repeat(1_000_000)) },
  { name: 'JSON nested 1,000,000 deep, in objects', make: () => text('{"a":'.repeat(1_000_000)) },
  { name: '15 MiB of bytes that are not UTF-8', make: () => Buffer.alloc(15 * mib, Buffer.from([0xff, 0xc3, 0x28, 0x00])) },
  {
    name: 'headers that are not UTF-8',
    make: () => Buffer.concat([text('Host: a.example\r\nX-Name: '), Buffer.alloc(100_000, 0xff), text('\r\n\r\n{}')]),
  },
  {
    name: 'curl with 10,000 -H',
    make: () =>
      text(
        `curl https://a.example ${manyHeaders(10_000)
          .map((header) => `-H '${header.join(': ')}'`)
          .join(' ')}`,
      ),
  },
  { name: 'curl with a quote that never ends, 10 MiB', make: () => text(`curl https://a.example -d '${run('x', 10 * mib)}`) },
  { name: 'curl with 10 MiB of quotes', make: () => text(`curl https://a.example -d ${run(`"'`, 10 * mib)}`) },
  { name: 'curl with 1.9 MiB of quotes', make: () => text(`curl https://a.example -d ${run(`"'`, 1.9 * mib)}"`) },
  { name: 'a HAR of 50 MiB', make: () => har(50 * mib) },
  { name: 'a HAR of 15 MiB', make: () => har(15 * mib) },
  { name: '15 MiB of JSON with 10,000,000 values', make: () => text(`[${run('1,', 15 * mib)}1]`) },
  ...baits.flatMap((bait): readonly HostilePaste[] => {
    const shown = JSON.stringify(bait);
    const baitOf = (name: string, make: () => string): HostilePaste => ({ name, group: 'runs of one character', make: () => text(make()) });
    return [
      baitOf(`15 MiB of ${shown}`, () => run(bait, 15 * mib)),
      baitOf(`a header of 1 MiB of ${shown}`, () => `Host: a.example\r\nSignature: a${run(bait, mib - 100)}!\r\n\r\n{}`),
      baitOf(`curl and 1.9 MiB of ${shown}`, () => `curl https://a.example a${run(bait, 1.9 * mib)}!`),
      baitOf(`a header name of 1 MiB of ${shown}`, () => `a${run(bait, mib - 100)}: a\nHost: b\n\n`),
    ];
  }),
];

/** A HAR whose entries are small requests. */
function har(bytes: number): Uint8Array {
  const entry = JSON.stringify({
    request: {
      method: 'POST',
      url: 'https://a.example/in',
      headers: [{ name: 'X-Hub-Signature-256', value: 'sha256=00' }],
      postData: { text: run('x', 9800) },
    },
  });
  return text(`{"log":{"entries":[${Array.from({ length: Math.floor(bytes / entry.length) }, () => entry).join()}]}}`);
}

interface Call {
  readonly scheme?: string;
  readonly secrets?: readonly string[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  readonly url?: string;
}

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signature = ['webhook-signature', `v1,${Buffer.alloc(32, 1).toString('base64')}`] as const;
const standard = [['webhook-id', 'msg_1'], ['webhook-timestamp', '1760000000'], signature] as const;

function callText({
  scheme = 'auto',
  secrets = [secret],
  headers = standard,
  body = Buffer.from('{}'),
  url = 'https://a.example/in',
}: Call): Uint8Array {
  return text(
    JSON.stringify({ scheme, secrets, request: { method: 'POST', url, headers, bodyBase64: Buffer.from(body).toString('base64') } }),
  );
}

const call = (name: string, make: () => Call, isSearched = true): HostileCall => ({ name, make: () => callText(make()), isSearched });

/** Headers in which one scheme or another looks for its signature. */
const signatureHeaders = [
  'stripe-signature',
  'webhook-signature',
  'x-hub-signature-256',
  'x-slack-signature',
  'paddle-signature',
  'signature',
  'signature-input',
  'content-digest',
  'authorization',
  'plaid-verification',
  'x-twilio-signature',
  'content-type',
  'x-signature',
  'digest',
] as const;

export const hostileCalls: readonly HostileCall[] = [
  call('a usual request, to compare with', () => ({})),
  { name: '100 MiB that are no JSON', make: () => Buffer.alloc(100 * mib, 'x'), isSearched: true },
  call('a body of 100 MiB in base64', () => ({ body: Buffer.alloc(100 * mib) })),
  call('a body of 16 MiB, the most there may be', () => ({ body: Buffer.alloc(16 * mib, '{"a":"b"},') })),
  call('a body of 10 MiB, the most that is searched', () => ({ body: Buffer.alloc(10 * mib, '{"a":"b"},') })),
  call('10,000 headers', () => ({ headers: [...standard, ...manyHeaders(9_997)] })),
  call('10,000 headers of one name', () => ({ headers: Array.from({ length: 10_000 }, () => signature) })),
  call('10,001 headers', () => ({ headers: [...standard, ...manyHeaders(9_998)] })),
  call('one header value of 8 MiB', () => ({ headers: [...standard, ['x-large', run('x', 8 * mib)]] })),
  call('a signature header of 1 MiB', () => ({
    headers: [
      ['webhook-id', 'a'],
      ['webhook-timestamp', '1760000000'],
      ['webhook-signature', run('A', mib - 200)],
    ],
  })),
  call('10,000 signatures in one header', () => ({
    headers: [
      ['webhook-id', 'a'],
      ['webhook-timestamp', '1760000000'],
      ['webhook-signature', run(`${signature[1]} `, 10_000 * 48)],
    ],
  })),
  call('10,000 signatures in one header, as Stripe writes them', () => ({
    headers: [['stripe-signature', `t=1760000000${run(`,v1=${'ab'.repeat(32)}`, 10_000 * 68)}`]],
  })),
  call('10,000 secrets', () => ({ secrets: Array.from({ length: 10_000 }, (_, index) => `${secret}${index}`) })),
  call('100 secrets, the most there may be', () => ({
    secrets: Array.from({ length: 100 }, (_, index) => `${secret}${index}`),
    body: Buffer.alloc(100_000, '{"a":"b"},'),
  })),
  { name: 'JSON nested 1,000,000 deep', make: () => text('['.repeat(1_000_000) + ']'.repeat(1_000_000)), isSearched: true },
  {
    name: 'options nested 1,000,000 deep',
    make: () => text(`{"scheme":"auto","secrets":[],"options":${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}}`),
    isSearched: true,
  },
  call('a body of JSON nested 1,000,000 deep', () => ({ body: text('['.repeat(1_000_000) + ']'.repeat(1_000_000)) })),
  { name: 'JSON that is not UTF-8', make: () => Buffer.alloc(mib, 0xff), isSearched: true },
  call('a body that is not UTF-8', () => ({ body: Buffer.alloc(mib, Buffer.from([0xff, 0xc3, 0x28])) })),
  call('a header that is not UTF-8', () => ({ headers: [...standard, ['x-name', run('\u00ff', 100_000)]] })),
  ...baits.flatMap((bait): readonly HostileCall[] => {
    const shown = JSON.stringify(bait);
    const baitOf = (name: string, isSearched: boolean, make: () => Call) => ({
      ...call(name, make, isSearched),
      group: 'runs of one character',
    });
    const of = (bytes: number) => `a${run(bait, bytes)}!`;
    return [
      ...signatureHeaders.map((name) =>
        baitOf(`${name} with 1 MB of ${shown}`, false, () => ({ headers: [...standard.slice(0, 2), [name, of(1e6)]] })),
      ),
      baitOf(`every signature header with 50 kB of ${shown}`, true, () => ({
        headers: signatureHeaders.map((name) => [name, of(50_000)]),
      })),
      baitOf(`a form of 2 MiB of ${shown}`, true, () => ({
        body: text(of(2 * mib)),
        headers: [...standard, ['content-type', 'application/x-www-form-urlencoded']],
      })),
      baitOf(`JSON of 2 MiB of ${shown}`, true, () => ({ body: text(`{"a":"${of(2 * mib)}`) })),
      baitOf(`a secret of 16 kB of ${shown}`, true, () => ({ secrets: [of(15_000)] })),
      baitOf(`a URL of 16 kB of ${shown}`, true, () => ({ url: `https://a.example/${of(15_000)}` })),
    ];
  }),
];
