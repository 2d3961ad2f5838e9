import { describe, expect, it } from 'vitest';
import { plainOutcome } from '#engine/http/outcome.ts';
import { followRedirects } from '#engine/http/redirects.ts';
import type { SendOptions, SendResult, WireRequest } from '#engine/http/sender.types.ts';
import { hang, respond, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';
import { makeCertificate } from '../../support/test-certificates.ts';
import { receiverForTest, senderForTest, sendOptions, wireRequest } from '../dispatch/sender-support.ts';

function redirect(status: number, location: string): Step {
  return respond({ status, reason: 'Moved', headers: [['Location', location]], body: 'over there' });
}

/** An attempt that follows up to three redirects. */
function follow(receiver: ScriptedReceiver, options: Partial<SendOptions> = {}, request: Partial<WireRequest> = {}) {
  return senderForTest().send(wireRequest(`${receiver.url}/a`, request), sendOptions({ redirects: { follow: 3 }, ...options }));
}

describe('an attempt that follows redirects', () => {
  it.each([307, 308])('sends the same request to where a %i leads, on the kept connection', async (status) => {
    const receiver = await receiverForTest([redirect(status, '/b?x=1#part'), respond({ status: 202, body: 'taken' })]);
    const result = await follow(receiver, { isConfidential: true });
    expect(result.outcome).toMatchObject({ code: 'ok', status: 202 });
    expect(result.response?.body.toString()).toBe('taken');
    const [first, second] = receiver.requests;
    expect(second?.target).toBe('/b?x=1');
    expect(second?.method).toBe('POST');
    expect(second?.rawHeaders).toEqual(first?.rawHeaders);
    expect(second?.body).toEqual(first?.body);
    expect(receiver.connectionCount()).toBe(1);
  });

  it('keeps each redirect as evidence, and the time of all', async () => {
    const receiver = await receiverForTest([redirect(307, '/b'), redirect(308, '/c')]);
    const { redirects, timings, connection } = await follow(receiver);
    expect(redirects).toEqual([
      { url: `${receiver.url}/a`, status: 307, location: '/b', remoteAddress: '127.0.0.1', durationMs: expect.any(Number) },
      { url: `${receiver.url}/b`, status: 308, location: '/c', remoteAddress: '127.0.0.1', durationMs: expect.any(Number) },
    ]);
    expect(connection?.isReused).toBe(true);
    const beforeMs = redirects.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(timings.totalMs).toBeGreaterThan(beforeMs);
  });

  it.each([301, 302, 303, 307, 308])('follows a %i to a GET', async (status) => {
    const receiver = await receiverForTest([redirect(status, '/b')]);
    const result = await follow(receiver, {}, { method: 'GET', body: new Uint8Array() });
    expect(result.outcome.code).toBe('ok');
    expect(receiver.requests.map(({ method, target }) => `${method} ${target}`)).toEqual(['GET /a', 'GET /b']);
  });

  it('goes to another origin with a request that is neither signed nor secret', async () => {
    const other = await receiverForTest();
    const receiver = await receiverForTest([redirect(307, `${other.url}/b`)]);
    const result = await follow(receiver);
    expect(result.outcome.code).toBe('ok');
    expect(result.sentHeaders[0]).toEqual(['host', `127.0.0.1:${other.port}`]);
    expect((await other.nextRequest()).body.toString()).toBe('{"a":1}');
  });

  it('does not follow what the success rule counts as delivered', async () => {
    const receiver = await receiverForTest([redirect(307, '/b')]);
    expect((await follow(receiver, { successRule: '307' })).outcome).toMatchObject({ code: 'ok', status: 307 });
    expect(receiver.requests).toHaveLength(1);
  });

  it('has one deadline for all of it', async () => {
    const receiver = await receiverForTest([redirect(307, '/b'), hang()]);
    const result = await follow(receiver, { timeoutMs: 1000 });
    expect(result.outcome).toMatchObject({ code: 'timeout', phase: 'response' });
    expect(result.redirects).toHaveLength(1);
    await receiver.allClosed();
  });

  it('can be cancelled after a redirect', async () => {
    const receiver = await receiverForTest([redirect(307, '/b'), hang()]);
    const stop = new AbortController();
    const sending = follow(receiver, { signal: stop.signal });
    await receiver.nextRequest();
    await receiver.nextRequest();
    stop.abort();
    const result = await sending;
    expect(result.outcome.code).toBe('cancelled');
    expect(result.redirects).toHaveLength(1);
    await receiver.allClosed();
  });

  it('ends where the next receiver cannot be reached, with the redirect that led there', async () => {
    const receiver = await receiverForTest([redirect(307, 'http://no-such-host.invalid/b')]);
    const result = await follow(receiver);
    expect(result.outcome.code).toBe('dns');
    expect(result.outcome.message).toContain('no-such-host.invalid:80');
    expect(result.redirects).toHaveLength(1);
  });
});

interface Refused {
  readonly name: string;
  readonly script: readonly Step[];
  readonly reason: string | null;
  /** What the sentence says after the address, `{url}` being the receiver's. */
  readonly sentence: string;
  readonly options?: Partial<SendOptions>;
  readonly request?: Partial<WireRequest>;
  readonly asked?: readonly string[];
}

const elsewhere = 'http://127.0.0.1:1';
const originSentence = `answered 307 and redirected to another origin, ${elsewhere}, where the signature and secret headers of this endpoint must not go: put the final address in the endpoint's URL.`;

const refused: readonly Refused[] = [
  ...[301, 302, 303].map((status) => ({
    name: `a ${status}, which makes a POST a GET`,
    script: [redirect(status, '/b')],
    reason: 'REDIRECT_METHOD',
    sentence: `answered ${status} and redirected to {url}/b, which makes the POST a GET without its body: let the receiver redirect with 307 or 308, or put the final address in the endpoint's URL.`,
  })),
  {
    name: 'a redirect to itself',
    script: [redirect(307, '/a')],
    reason: 'REDIRECT_LOOP',
    sentence:
      "answered 307 and redirected back to {url}/a, which this attempt has requested already: look for the loop in the receiver's redirects.",
  },
  {
    name: 'a loop of two',
    script: [redirect(307, '/b'), redirect(308, '/a#again')],
    reason: 'REDIRECT_LOOP',
    sentence:
      "answered 308 and redirected back to {url}/a, which this attempt has requested already: look for the loop in the receiver's redirects.",
    asked: ['/a', '/b'],
  },
  {
    name: 'more redirects than allowed',
    script: [redirect(307, '/b'), redirect(307, '/c'), redirect(307, '/d'), redirect(307, '/e')],
    reason: 'REDIRECT_LIMIT',
    sentence:
      'answered 307 and redirected to {url}/e after the 3 redirects that this endpoint follows: put the final address in its URL, or let it follow more.',
    asked: ['/a', '/b', '/c', '/d'],
  },
  {
    name: 'another origin for a request that is signed',
    script: [redirect(307, `${elsewhere}/b`)],
    reason: 'REDIRECT_ORIGIN',
    sentence: originSentence,
    options: { isConfidential: true },
  },
  ...['Authorization', 'cookie', 'Proxy-Authorization'].map((name) => ({
    name: `another origin for a request with ${name}`,
    script: [redirect(307, `${elsewhere}/b`)],
    reason: 'REDIRECT_ORIGIN',
    sentence: originSentence,
    request: { headers: [[name, 'x'] as [string, string]] },
  })),
  ...['ftp://127.0.0.1/b', 'http://[bad/', 'http://user:word@127.0.0.1/b'].map((location) => ({
    name: `the address ${location}`,
    script: [redirect(307, location)],
    reason: 'REDIRECT_ADDRESS',
    sentence: `answered 307 and redirected to "${location}", which cannot be sent to: correct the receiver's Location header.`,
  })),
  {
    name: 'no address',
    script: [respond({ status: 307, reason: '' })],
    reason: null,
    sentence:
      "answered 307 and redirected without saying where to: let the receiver send a Location header, or put the final address in the endpoint's URL.",
  },
  {
    name: 'any redirect when it is not to follow them',
    script: [redirect(307, '/b')],
    reason: null,
    sentence:
      'answered 307 Moved and redirected to /b, which this endpoint does not follow: put the final address in its URL, or let it follow redirects.',
    options: { redirects: 'refuse' },
  },
];

describe('an attempt ends in redirect', () => {
  it.each(refused)('at $name', async ({ script, reason, sentence, options, request, asked = ['/a'] }) => {
    const receiver = await receiverForTest(script);
    const result = await follow(receiver, options, request);
    expect(result.outcome).toEqual({
      code: 'redirect',
      status: result.response?.status,
      phase: null,
      reason,
      message: `127.0.0.1:${receiver.port} ${sentence.replace('{url}', receiver.url)}`,
    });
    expect(receiver.requests.map(({ target }) => target)).toEqual(asked);
    expect(result.redirects.map(({ url }) => url)).toEqual(asked.slice(0, -1).map((path) => receiver.url + path));
  });

  it('at a way back from https to http', async () => {
    const plain = await receiverForTest();
    const receiver = await receiverForTest([redirect(308, `${plain.url}/b`)], { tls: makeCertificate() });
    const result = await follow(receiver, { verifyTls: false });
    expect(result.outcome).toMatchObject({ code: 'redirect', reason: 'REDIRECT_DOWNGRADE' });
    expect(result.outcome.message).toContain(`from https to ${plain.url}/b, where everyone between could read the event`);
    expect(result.connection?.tls?.protocol).toBe('TLSv1.3');
    expect(plain.connectionCount()).toBe(0);
  });
});

describe('a signed request', () => {
  it.each([
    { from: 'http://hooks.example/a', to: 'https://hooks.example/a', goes: true },
    { from: 'https://hooks.example/a', to: 'https://HOOKS.example:443/b', goes: true },
    { from: 'http://hooks.example/a', to: 'https://www.hooks.example/a', goes: false },
    { from: 'http://hooks.example/a', to: 'https://hooks.example:8443/a', goes: false },
    { from: 'http://hooks.example:8080/a', to: 'https://hooks.example/a', goes: false },
    { from: 'http://hooks.example/a', to: '//other.example/a', goes: false },
  ])('from $from to $to goes: $goes', async ({ from, to, goes }) => {
    const asked: string[] = [];
    await followRedirects(wireRequest(from), { maxRedirects: 3, isConfidential: true }, async ({ url }) => {
      asked.push(url);
      return asked.length === 1 ? redirected(to) : { ...redirected(to), outcome: plainOutcome('ok', 'Taken.') };
    });
    expect(asked).toEqual(goes ? [from, new URL(to, from).href] : [from]);
  });
});

function redirected(location: string): SendResult {
  return {
    outcome: plainOutcome('redirect', 'Redirected.', null, 307),
    sentHeaders: [],
    response: { status: 307, reason: '', headers: [['location', location]], body: new Uint8Array(), bodyBytes: 0, isBodyTruncated: false },
    redirects: [],
    timings: { queuedMs: null, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, downloadMs: null, totalMs: 1 },
    connection: null,
    retryAfterMs: null,
  };
}
