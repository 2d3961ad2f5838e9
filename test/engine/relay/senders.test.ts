import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openAsBlob, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { verify } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '#shared/contract/captures.ts';
import { openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { outputOf } from '../../support/programs.ts';
import { curlArguments, senders, type Given, type Order } from './senders/senders.ts';

/** A request as the target of the relay got it. */
interface Arrived {
  readonly headers: IncomingMessage['headers'];
  readonly hash: string;
  /** Empty for a large one, of which the hash is enough. */
  readonly body: Buffer;
}

/** A body with its headers. */
interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const hubSecret = 'it-is-a-secret';
const standardSecret = `whsec_${Buffer.from('the secret of Standard Webhooks').toString('base64')}`;
const stripeSecret = 'whsec_of_stripe';
const boundary = '----form-4xBz';
/** More than a sender, a socket or the engine takes at once. */
const largeBytes = 12 * 2 ** 20;

// A new line at the end, two spaces and 1.10 are what a program that writes the JSON again would change.
const text = Buffer.from('{"zen": "Keep it  logically awesome – \\u00fc", "price": 1.10}\n');
const allBytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
const part = (name: string, type: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.bin"\r\nContent-Type: ${type}\r\n\r\n`;

const samples: readonly Sample[] = [
  { name: 'text', bytes: text, headers: { 'Content-Type': 'application/json', ...signatures() } },
  {
    name: 'multipart',
    bytes: Buffer.concat([
      Buffer.from(part('first', 'application/octet-stream')),
      allBytes,
      Buffer.from(`\r\n${part('second', 'text/plain')}two\r\nlines\r\n--${boundary}--\r\n`),
    ]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  },
  { name: 'binary', bytes: allBytes, headers: { 'Content-Type': 'application/octet-stream' } },
  { name: 'gzip', bytes: gzipSync(text), headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' } },
  { name: 'empty', bytes: Buffer.alloc(0), headers: { 'Content-Type': 'text/plain' } },
  { name: 'large', bytes: Buffer.alloc(largeBytes, randomBytes(999_983)), headers: { 'Content-Type': 'application/octet-stream' } },
];

/** The headers of three providers over the text, made by their own libraries where these sign. */
function signatures(): Readonly<Record<string, string>> {
  const id = 'msg_1';
  const now = new Date();
  return {
    'X-Hub-Signature-256': `sha256=${createHmac('sha256', hubSecret).update(text).digest('hex')}`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(standardSecret).sign(id, now, text),
    'Stripe-Signature': new Stripe('sk_test_x').webhooks.generateTestHeaderString({ payload: text.toString('utf8'), secret: stripeSecret }),
  };
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A server that keeps what it gets, by path. */
async function startTarget() {
  const arrivals = new Map<string, PromiseWithResolvers<Arrived>>();
  const at = (path: string) => {
    const known = arrivals.get(path) ?? Promise.withResolvers<Arrived>();
    arrivals.set(path, known);
    return known;
  };
  const server = createServer(async (request, response) => {
    const hash = createHash('sha256');
    const kept: Buffer[] = [];
    let size = 0;
    for await (const piece of request as AsyncIterable<Buffer>) {
      hash.update(piece);
      size += piece.byteLength;
      if (size <= 1_000_000) kept.push(piece);
    }
    at(request.url ?? '').resolve({ headers: request.headers, hash: hash.digest('hex'), body: Buffer.concat(kept) });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: (path: string) => at(path).promise,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('through a relay', () => {
  let engine: ClockedEngine;
  let target: Awaited<ReturnType<typeof startTarget>>;
  let given: Given;
  let urls: { readonly plain: string; readonly secure: string };
  const fileOf = ({ name }: Sample) => join(given.folder, `${name}.body`);

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookyard-senders-'));
    // TLS checks the dates of certificates by the clock of the machine.
    engine = await openClockedEngine({ dataDir: join(folder, 'data'), capturePort: 0, clock: createFakeClock(Date.now()) });
    target = await startTarget();
    await engine.client.system.updateSettings({ isHttpsOn: true, bodyLimitBytes: largeBytes });
    const bin = await engine.client.bins.create({ name: 'Own', slug: 'own' });
    await engine.client.relays.create({ name: 'To the app', binId: bin.id, targets: [{ url: `${target.url}/hooks`, timeoutMs: 60_000 }] });
    given = { folder, ca: (await engine.client.localAuthority.get()).certificatePem };
    const { url, httpsUrl } = await engine.client.bins.get({ id: bin.id });
    urls = { plain: url, secure: httpsUrl ?? '' };
    for (const sample of samples) writeFileSync(fileOf(sample), sample.bytes);
  });
  afterAll(async () => {
    target.close();
    await engine.stop();
    rmSync(given.folder, { recursive: true });
  });

  /** What was stored and what the target got of a request with this path behind the bin. */
  async function cameTo(path: string): Promise<{ readonly stored: Capture; readonly storedBody: Buffer; readonly forwarded: Arrived }> {
    const forwarded = await target.arrived(`/hooks${path}`);
    const { items } = await engine.client.captures.list({ limit: 200 });
    const [summary, ...others] = items.filter((each) => each.target === `/own${path}`);
    expect(others).toEqual([]);
    const stored = await engine.client.captures.get({ id: summary?.id ?? '' });
    return { stored, storedBody: Buffer.from(String(stored.bodyBase64), 'base64'), forwarded };
  }

  for (const { name, missing, way, wayOfTrailers, isSecure, send } of senders) {
    const slug = name.replaceAll(/\W+/g, '-');
    const orderOf = (sample: Sample, by: string, path: string): Order => ({
      way: by,
      url: `${isSecure ? urls.secure : urls.plain}${path}`,
      file: fileOf(sample),
      headers: sample.headers,
    });
    if (missing !== null) {
      it.skip(`what ${name} sends is stored and forwarded byte for byte, but ${missing}`, () => undefined);
      continue;
    }

    it(`what ${name} sends is stored and forwarded byte for byte, and its signatures hold at the target`, async () => {
      const orders = samples.map((sample) => orderOf(sample, way, `/${slug}/${sample.name}`));
      expect(await send(orders, given)).toEqual(samples.map(() => 200));
      for (const { name: kind, bytes, headers } of samples) {
        const { stored, storedBody, forwarded } = await cameTo(`/${slug}/${kind}`);
        const expected = { kind, hash: hashOf(bytes), bytes: bytes.byteLength, isWhole: true };
        expect({ kind, hash: hashOf(storedBody), bytes: stored.bodyBytes, isWhole: !stored.isBodyTruncated }).toEqual(expected);
        expect({ kind, hash: forwarded.hash }).toEqual({ kind, hash: expected.hash });
        for (const [header, value] of Object.entries(headers)) expect(forwarded.headers[header.toLowerCase()]).toBe(value);
        if (kind === 'text') await expectGenuine(forwarded);
        if (isSecure) expect(stored.httpVersion).toBe('2.0');
      }
    });

    if (wayOfTrailers === null) continue;
    it(`trailers of ${name} are stored, and the relay says that it leaves them out`, async () => {
      const [sample] = samples;
      if (sample === undefined) throw new Error('There is no sample.');
      expect(await send([orderOf(sample, wayOfTrailers, `/${slug}/trailers`)], given)).toEqual([200]);
      const { stored, storedBody, forwarded } = await cameTo(`/${slug}/trailers`);
      expect(storedBody).toEqual(sample.bytes);
      expect(forwarded.body).toEqual(sample.bytes);
      expect(stored.trailers.map(([trailer, value]) => [trailer.toLowerCase(), value])).toEqual([['x-sum', 'last']]);
      const [delivery] = (await engine.client.deliveries.list({ sourceCaptureId: stored.id })).items;
      const { relay } = await engine.client.deliveries.get({ id: delivery?.id ?? '' });
      expect(relay?.changes).toContainEqual(expect.stringMatching(/^The trailers are left out: x-sum\.$/i));
      await expectGenuine(forwarded);
    });
  }

  it('a form that fetch makes of files is stored and forwarded as fetch wrote it', async () => {
    const form = new FormData();
    form.append('note', 'Ünï');
    form.append('file', await openAsBlob(join(given.folder, 'binary.body')), 'all bytes.bin');
    const sent = new Request(`${urls.plain}/form-of-fetch`, { method: 'POST', body: form });
    const bytes = Buffer.from(await sent.clone().arrayBuffer());
    expect((await fetch(sent)).status).toBe(200);
    const { storedBody, forwarded } = await cameTo('/form-of-fetch');
    expect(bytes.includes(allBytes)).toBe(true);
    expect(storedBody).toEqual(bytes);
    expect(forwarded.body).toEqual(bytes);
  });

  it.skipIf(senders.some(({ name, missing }) => name === 'curl' && missing !== null))(
    'a form that curl makes of files is stored and forwarded as curl wrote it',
    async () => {
      const trace = join(given.folder, 'trace');
      const request = { url: `${urls.plain}/form-of-curl`, headers: {} };
      const parts = ['note=Ünï', 'file=@binary.body;filename=all bytes.bin', 'second=@text.body'];
      const flags = [...curlArguments(request), ...parts.flatMap((each) => ['-F', each]), '--trace', trace];
      await outputOf('curl', flags, { cwd: given.folder });
      const bytes = sentData(readFileSync(trace, 'latin1'));
      const { storedBody, forwarded } = await cameTo('/form-of-curl');
      expect(bytes.includes(allBytes) && bytes.includes(text)).toBe(true);
      expect(storedBody).toEqual(bytes);
      expect(forwarded.body).toEqual(bytes);
    },
  );
});

/** The checks of the providers' own libraries, each of which throws or says false for anything else. */
async function expectGenuine({ headers, body }: Arrived): Promise<void> {
  const value = (name: string) => String(headers[name]);
  expect(await verify(hubSecret, body.toString('utf8'), value('x-hub-signature-256'))).toBe(true);
  const price = { price: 1.1 };
  expect(new Webhook(standardSecret).verify(body, headers as Record<string, string>)).toMatchObject(price);
  expect(new Stripe('sk_test_x').webhooks.constructEvent(body, value('stripe-signature'), stripeSecret)).toMatchObject(price);
}

/** The body that curl says it sent: lines of hex digits below `=> Send data`. */
function sentData(trace: string): Buffer {
  const pieces: Buffer[] = [];
  let isBody = false;
  for (const line of trace.split('\n')) {
    const [, digits] = /^[0-9a-f]{4,}: ((?:[0-9a-f]{2} )+)/.exec(line) ?? [];
    if (digits === undefined) isBody = line.includes('=> Send data');
    else if (isBody) pieces.push(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
  }
  return Buffer.concat(pieces);
}
