import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import { hasVendorLibraries, vendorCommand } from '../../scripts/vendor-libraries.ts';
import { proofCases } from '../support/proof-cases.ts';
import * as vendors from './vendor-adapters.ts';
import { vendorAdapters, type TheirRequest, type VendorAdapter } from './vendor-adapters.ts';

const isReady = hasVendorLibraries();
if (!isReady) {
  console.warn(`The providers' big libraries are not installed, so nothing is checked against them. Install them with: ${vendorCommand}`);
}

const sentAtMs = 1_763_600_000_000;
const url = 'https://example.com/hooks?b=2&a=1';

interface Sent {
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

function secretOf(scheme: SchemeId, byte = 0x5a): string {
  return schemeOf(scheme).makeSecret(new Uint8Array(32).fill(byte), parseOptions(scheme));
}

/** A body as we sign it, with the headers that the library demands beside. */
function signed({ scheme, extraHeaders = [] }: VendorAdapter, body: Uint8Array, secret = secretOf(scheme), to = url): Sent {
  const input = { options: parseOptions(scheme), secrets: [secret], id: 'msg_1', nowMs: sentAtMs, method: 'POST', url: to, body };
  const made = schemeOf(scheme).sign(input);
  return { url: made.url ?? to, headers: [...extraHeaders, ...made.headers], body: Buffer.from(made.body ?? body) };
}

/** What the engine says and what the library does, at a receiver's clock. */
async function judgeBoth(adapter: VendorAdapter, sent: Sent, offsetSeconds = 0) {
  const { scheme, accepts } = adapter;
  const [nowMs, secret] = [sentAtMs + offsetSeconds * 1000, secretOf(scheme)];
  vi.setSystemTime(nowMs);
  const verdict = schemeOf(scheme).verify({ options: parseOptions(scheme), secrets: [secret], nowMs, method: 'POST', ...sent });
  let isAccepted: boolean;
  try {
    isAccepted = (await accepts({ secret, method: 'POST', ...sent })) === true;
  } catch {
    isAccepted = false;
  }
  // A note says that the library would judge otherwise; without one it judges the same.
  const isForeseen = isAccepted === ((verdict.verdict === 'valid') === (verdict.libraryNote === null));
  return { verdict, isAccepted, isForeseen };
}

const caseBodies = (id: SchemeId) => {
  const found = proofCases.find((one) => one.id === id)?.body ?? expect.unreachable(`There are no bodies for ${id}.`);
  return found.map((bytes) => Buffer.from(bytes));
};
const utf8 = (text: string) => Buffer.from(text, 'utf8');
const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }).filter((text) => !text.startsWith('\ufeff'));
const goodBodies: Readonly<Record<VendorAdapter['bodies'], fc.Arbitrary<Buffer>>> = {
  text: fc.oneof(texts, fc.json(), fc.constantFrom('\ufeff{}', '{"a":"\\u00e9\\/"}\r\n')).map(utf8),
  json: fc
    .json()
    .filter((text) => text !== 'null')
    .map(utf8),
  events: fc
    .tuple(fc.constantFrom('meeting.ended', 'é😀'), fc.stringMatching(/^[ -~é😀]*$/u))
    .map(([event, payload]) => utf8(JSON.stringify({ event, payload }))),
  objects: caseBodies('linear'),
  forms: caseBodies('twilio-form'),
  payments: caseBodies('adyen-payments'),
};
const sampleOf = ({ bodies }: VendorAdapter) => fc.sample(goodBodies[bodies], { numRuns: 1, seed: 20_261_121 })[0] ?? expect.unreachable();
const anyBodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map(utf8),
  fc.json().map((text) => utf8(`\ufeff${text}`)),
  fc.constantFrom('', 'null', '{"event":null}', '{"event":5}', '{"event":"e", "a":1}').map(utf8),
);
/** Bodies that the scheme can sign, the library's own and others. */
const bodiesFor = ({ bodies }: VendorAdapter) =>
  ['objects', 'forms', 'payments'].includes(bodies) ? goodBodies[bodies] : fc.oneof(goodBodies[bodies], anyBodies);

/** What may happen to a signature on its way that some libraries let pass and others do not. */
const slips: Readonly<Record<string, (text: string) => string>> = {
  none: (text) => text,
  'upper-case hex': (text) => text.replace(/[0-9a-f]{40,}/g, (hex) => hex.toUpperCase()),
  'base64 without padding': (text) => text.replace(/=+(?="|$)/, ''),
  base64url: (text) => text.replace(/[A-Za-z0-9+/]{27,43}=(?="|$)/, (base64) => base64.replaceAll('+', '-').replaceAll('/', '_')),
  'a character less': (text) => text.replace(/..(?="|$)/, ''),
};

function slipped(sent: Sent, name: string): Sent {
  const slip = slips[name] ?? expect.unreachable();
  const isSignature = (header: string) => /signature(-v3|-primary|-ed25519)?$|hmac-sha256$/i.test(header);
  return {
    ...sent,
    headers: sent.headers.map(([header, value]): HeaderField => [header, isSignature(header) ? slip(value) : value]),
    body: utf8(sent.body.toString('latin1')).equals(sent.body)
      ? utf8(sent.body.toString().replace(/(?<="hmacSignature":)"[^"]+"/g, slip))
      : sent.body,
  };
}

/** Bodies with a word in them that is signed and of which every byte may be another without the body falling apart. */
const markedBodies: Readonly<Record<VendorAdapter['bodies'], string>> = {
  text: '{"a":"marker"}',
  json: '{"a":"marker"}',
  events: '{"event":"e","a":"marker"}',
  objects: '{"a":"marker"}',
  forms: 'a=marker',
  payments: '{"notificationItems":[{"NotificationRequestItem":{"pspReference":"marker","amount":{"value":1,"currency":"EUR"}}}]}',
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  // Zoom's receiver writes every event to the console.
  vi.spyOn(console, 'debug').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.skipIf(!isReady).each(vendorAdapters)('$library for $scheme (takes the body as $takes)', (adapter) => {
  const { scheme, takes } = adapter;
  const toleranceSeconds = schemeOf(scheme).info.toleranceSeconds ?? 300;

  it('accepts what we sign', async () => {
    await fc.assert(
      fc.asyncProperty(goodBodies[adapter.bodies], async (body) => {
        const { verdict, isAccepted } = await judgeBoth(adapter, signed(adapter, body));
        expect([verdict.verdict, verdict.libraryNote, isAccepted]).toEqual(['valid', null, true]);
      }),
      { numRuns: 40 },
    );
  });

  it(`does what our note on it foresees, over ${takes === 'form' || takes === 'json' ? 'such bodies' : 'any bytes'}, at any time, with slips in the signature`, async () => {
    const offsets = [0, toleranceSeconds, toleranceSeconds + 1, -toleranceSeconds, -toleranceSeconds - 1, 86_400, -86_400];
    await fc.assert(
      fc.asyncProperty(
        bodiesFor(adapter),
        fc.constantFrom(...Object.keys(slips)),
        fc.constantFrom(...offsets),
        async (body, slip, offset) => {
          const { verdict, isForeseen } = await judgeBoth(adapter, slipped(signed(adapter, body), slip), offset);
          expect(isForeseen, `${verdict.message} ${verdict.libraryNote ?? 'No note.'}`).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses with us one changed byte', async () => {
    const sent = signed(adapter, utf8(markedBodies[adapter.bodies]));
    const start = sent.body.indexOf('marker');
    for (let at = start; at < start + 'marker'.length; at += 1) {
      const body = Buffer.from(sent.body);
      body.writeUInt8(body.readUInt8(at) ^ 1, at);
      const { verdict, isAccepted } = await judgeBoth(adapter, { ...sent, body });
      const reason = scheme === 'twilio-json' ? 'digest_mismatch' : 'signature_mismatch';
      expect([verdict.verdict, verdict.reason, verdict.libraryNote, isAccepted]).toEqual(['invalid', reason, null, false]);
    }
  });

  it('refuses with us a signature of another secret', async () => {
    const { verdict, isAccepted } = await judgeBoth(adapter, signed(adapter, sampleOf(adapter), secretOf(scheme, 0x11)));
    expect([verdict.verdict, verdict.reason, verdict.libraryNote, isAccepted]).toEqual(['invalid', 'signature_mismatch', null, false]);
  });
});

const timed = vendorAdapters.flatMap((adapter) => (adapter.refuses === null ? [] : [{ ...adapter, refuses: adapter.refuses }]));
const times = timed.flatMap((adapter) =>
  ([1, -1] as const).map((side) => ({ adapter, side, kind: side === 1 ? 'stale' : 'future' }) as const),
);
describe.skipIf(!isReady)('a time outside of the limit', () => {
  it.each(
    times.map(({ adapter, kind, side }) => {
      const isRefused = adapter.refuses.includes(kind);
      return { adapter, kind, side, isRefused, scheme: adapter.scheme, does: `${adapter.library} ${isRefused ? 'refuses' : 'accepts'}` };
    }),
  )('is refused by us as $kind for $scheme, which $does', async ({ adapter, kind, side, isRefused }) => {
    const toleranceSeconds = schemeOf(adapter.scheme).info.toleranceSeconds ?? 300;
    const { verdict, isAccepted } = await judgeBoth(adapter, signed(adapter, sampleOf(adapter)), side * (toleranceSeconds + 1));
    expect([verdict.verdict, verdict.reason, isAccepted]).toEqual(['invalid', `timestamp_${kind}`, !isRefused]);
    expect(verdict.libraryNote === null).toBe(isRefused);
  });
});

const signers = vendorAdapters.filter(({ signs }) => signs !== undefined);
describe.skipIf(!isReady).each(signers)('what $library signs for $scheme', (adapter) => {
  const { scheme, signs } = adapter;

  it('is what we accept, and what we would have signed', async () => {
    await fc.assert(
      fc.asyncProperty(goodBodies[adapter.bodies], async (body) => {
        const secret = secretOf(scheme);
        const theirs: TheirRequest = (await signs?.({ text: body.toString(), secret, url, atMs: sentAtMs })) ?? { headers: [] };
        const sent = { url: theirs.url ?? url, headers: theirs.headers, body: theirs.body === undefined ? body : utf8(theirs.body) };
        const { verdict, isAccepted } = await judgeBoth(adapter, sent);
        expect([verdict.verdict, verdict.libraryNote, isAccepted]).toEqual(['valid', null, true]);
        // The toolkit of Contentful signs the headers that it is given, so that its list is longer than ours.
        if (scheme !== 'contentful') expect(sent.headers).toEqual(signed(adapter, body).headers);
      }),
      { numRuns: 40 },
    );
  });
});

describe.skipIf(!isReady)('what the note on a scheme says of its library', () => {
  const adapterOf = (scheme: SchemeId) => vendorAdapters.find((adapter) => adapter.scheme === scheme) ?? expect.unreachable();
  const noteOf = (scheme: SchemeId) => schemeOf(scheme).info.libraryNote;

  it('is so for Twilio: both accept the same URLs, with and without port, normalised and with the query written again', async () => {
    const host = fc.constantFrom('example.com', 'example.com:443', 'example.com:8443', 'user:pw@Example.com', '[::1]', '[::1]:443');
    const rest = fc.stringMatching(/^\/[a-z'%27()é+ ]{0,6}(\?[a-z=&'%27+ ]{0,12})?$/);
    const urls = fc.tuple(fc.constantFrom('https://', 'http://', 'HTTPS://'), host, rest).map((parts) => parts.join(''));
    let validCount = 0;
    await fc.assert(
      fc.asyncProperty(urls, host, fc.constantFrom('asSent', 'parsed', 'elsewhere'), async (sentTo, otherHost, kind) => {
        const adapter = adapterOf('twilio-form');
        const sent = signed(adapter, utf8('a=1&b=2&a=0'), undefined, sentTo);
        const received = {
          asSent: sentTo,
          parsed: URL.canParse(sentTo) ? new URL(sentTo).toString() : sentTo,
          elsewhere: sentTo.replace(/(?<=:\/\/)[^/]*/, otherHost),
        }[kind];
        const { verdict, isForeseen } = await judgeBoth(adapter, { ...sent, url: received });
        if (verdict.verdict === 'valid') validCount += 1;
        expect(isForeseen, received).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(validCount).toBeGreaterThan(100);
  });

  it.each(['zoom', 'hubspot-v3', 'contentful', 'clerk'] as const)('is so for %s: it signs the number of the timestamp', async (scheme) => {
    const adapter = adapterOf(scheme);
    const sent = signed(adapter, sampleOf(adapter));
    const headers = sent.headers.map(([name, value]): HeaderField => [name, /timestamp$/i.test(name) ? `0${value}` : value]);
    const [expected = ''] = (await judgeBoth(adapter, { ...sent, headers })).verdict.expectedSignatures;
    const again = headers.map(([name, value]): HeaderField => [name, /signature(-v3)?$/i.test(name) ? expected : value]);
    const { verdict, isAccepted } = await judgeBoth(adapter, { ...sent, headers: again });
    expect([verdict.verdict, isAccepted]).toEqual(['valid', false]);
    expect(verdict.libraryNote).toContain('without its leading zeros');
  });

  it('is so for HubSpot v3: it does not decode the URL', async () => {
    const adapter = adapterOf('hubspot-v3');
    const sent = signed(adapter, utf8('{}'), undefined, 'https://example.com/a%3Ab?c=%2Fd%20e');
    const asSent = await judgeBoth(adapter, sent);
    const decoded = await judgeBoth(adapter, { ...sent, url: 'https://example.com/a:b?c=/d%20e' });
    expect([asSent.verdict.verdict, asSent.isAccepted, decoded.verdict.verdict, decoded.isAccepted]).toEqual([
      'valid',
      false,
      'valid',
      true,
    ]);
    expect(noteOf('hubspot-v3')).toContain('does not decode the URL');
  });

  it('is so for Box: each key is tried on its own header only, and a decoded body is escaped', async () => {
    const { WebhooksManager } = await vendors.box();
    const options = parseOptions('box');
    const body = utf8('{"a":"é/"}');
    vi.setSystemTime(sentAtMs);
    const input = { options, id: 'm', nowMs: sentAtMs, method: 'POST', url, body };
    const { headers } = schemeOf('box').sign({ ...input, secrets: ['one', 'two'] });
    const accepts = (primary: string, secondaryKey: string, text = body.toString()) =>
      WebhooksManager.validateMessage(text, vendors.nodeHeaders({ headers }), primary, { secondaryKey });
    expect([await accepts('one', 'wrong'), await accepts('wrong', 'two'), await accepts('two', 'one')]).toEqual([true, true, false]);
    expect(noteOf('box')).toContain('on the secondary signature only');
    const escaped = schemeOf('box').sign({ ...input, secrets: ['one'], body: utf8(String.raw`{"a":"\u00e9\/"}`) });
    const decoded = await judgeBoth(adapterOf('box'), { url, headers: escaped.headers, body });
    expect(decoded.isForeseen).toBe(true);
  });

  it('is so for Adyen: validateBankingHMAC has its parameters swapped', async () => {
    const validator = await vendors.adyen();
    const secret = secretOf('adyen-header');
    const signature = vendors.valueOf(signed(adapterOf('adyen-header'), utf8('{}')), 'HmacSignature');
    expect(validator.validateHMACSignature(secret, signature, '{}')).toBe(true);
    expect([validator.validateBankingHMAC(secret, signature, '{}'), validator.validateBankingHMAC(signature, secret, '{}')]).toEqual([
      false,
      true,
    ]);
  });

  it.each(['shopify', 'shopify-events'] as const)('is so for %s: it demands the other headers of the delivery', async (scheme) => {
    const adapter = adapterOf(scheme);
    const sent = signed(adapter, utf8('{}'));
    const received = { secret: secretOf(scheme), method: 'POST', ...sent };
    expect(await vendors.shopifyValidate(received)).toMatchObject({ valid: true });
    for (const [lacking] of adapter.extraHeaders ?? []) {
      const headers = sent.headers.filter(([name]) => name !== lacking);
      expect(await vendors.shopifyValidate({ ...received, headers })).toMatchObject({ valid: false, reason: 'missing_headers' });
    }
    expect(noteOf(scheme)).toContain('also demands the');
  });

  it('is so for Shopify: where both kinds of headers are there, those without X- count', async () => {
    const [plain, events] = [signed(adapterOf('shopify'), utf8('{}')), signed(adapterOf('shopify-events'), utf8('{}'))];
    const wrong = events.headers.map(([name, value]): HeaderField => [name, /hmac/.test(name) ? 'AAAA' : value]);
    const received = { secret: secretOf('shopify'), method: 'POST', ...plain, headers: [...plain.headers, ...wrong] };
    expect(await vendors.shopifyValidate(received)).toMatchObject({ valid: false, reason: 'invalid_hmac' });
  });

  it('is so for Contentful: a header that the list names and the request lacks is left out', async () => {
    const list = 'x-contentful-signed-headers';
    const sent = signed(adapterOf('contentful'), utf8('{}'));
    const headers = sent.headers.map(([name, value]): HeaderField => [name, name === list ? `${value},x-gone` : value]);
    const { verdict, isAccepted } = await judgeBoth(adapterOf('contentful'), { ...sent, headers });
    expect([verdict.reason, isAccepted]).toEqual(['request_incomplete', true]);
    expect(verdict.libraryNote).toContain('it leaves out the headers that the list names and the request lacks');
  });
});
