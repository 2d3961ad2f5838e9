import { describe, expect, it } from 'vitest';
import { slugOfName } from '#shared/names/slug.ts';
import { answerText, binCurl } from '../../../src/renderer/features/captures/bin-answer.ts';
import { readHeaders } from '../../../src/renderer/features/captures/header-lines.ts';
import { binPatch, draftOfBin, newBinDraft, responseOf } from '../../../src/renderer/features/captures/bin-draft.ts';
import { captureBytes, captureSentence } from '../../../src/renderer/features/captures/capture-text.ts';
import { createCaptureStores } from '../../../src/renderer/features/captures/captures-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

describe('what a bin answers', () => {
  it.each([
    [{ status: 200, headers: {}, body: '', delayMs: 0, isTemplate: true, fault: null }, '200 OK with no body, at once'],
    [
      { status: 503, headers: { 'Retry-After': '5' }, body: 'é', delayMs: 1500, isTemplate: true, fault: null },
      '503 Service Unavailable with a body of 2 B, 1 header, after 1.50 s',
    ],
    [
      { status: 200, headers: {}, body: '{{ count }}', delayMs: 0, isTemplate: true, fault: null },
      '200 OK with a body from the template, at once',
    ],
    [{ status: 200, headers: {}, body: '{{ count }}', delayMs: 0, isTemplate: false, fault: null }, '200 OK with a body of 11 B, at once'],
    [{ status: 299, headers: {}, body: '', delayMs: 0, isTemplate: true, fault: null }, '299 with no body, at once'],
  ])('is described in one line', (response, text) => {
    expect(answerText(response)).toBe(text);
  });

  it('comes out of the form as it went in', () => {
    const response = {
      status: 201,
      headers: { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'ok',
      delayMs: 1005,
      isTemplate: false,
      fault: { kind: 'reset' as const, afterBytes: 20 },
    };
    const bin = {
      id: 'bin_1',
      name: 'A',
      slug: 'a',
      url: '',
      hostUrl: null,
      httpsUrl: null,
      httpsHostUrl: null,
      openUrls: [],
      publicUrl: null,
      trustsProxy: false,
      response,
      answers: {
        handshakes: 'none' as const,
        verifyTokenFingerprint: null,
        refuse: { unverified: false, seenBefore: false },
        rules: [],
        key: 'none',
        sequence: null,
        failures: null,
      },
      signing: null,
      secretFingerprints: [],
      captureCount: 0,
      lastCaptureAtMs: null,
      createdAtMs: 0,
      updatedAtMs: 0,
    };
    expect(responseOf(draftOfBin(bin))).toEqual(response);
  });

  it('names the line of a header that cannot be read', () => {
    expect(readHeaders('A: 1\n\nB 2')).toEqual({ ok: false, message: expect.stringContaining('Line 3') });
    expect(readHeaders('A:  1 \nb:')).toEqual({ ok: true, headers: { A: '1', b: '' } });
    expect(responseOf({ ...newBinDraft, headersText: 'nonsense' }).headers).toEqual({});
    expect(responseOf({ ...newBinDraft, delay: '1 s 500 ms' }).delayMs).toBe(1500);
  });

  it('keeps each of several headers with one name', () => {
    expect(readHeaders('Set-Cookie: a=1\nX: 1\nSet-Cookie: b=2\nset-cookie: c\n__proto__: d')).toEqual({
      ok: true,
      headers: Object.fromEntries([
        ['Set-Cookie', ['a=1', 'b=2']],
        ['X', '1'],
        ['set-cookie', 'c'],
        ['__proto__', 'd'],
      ]),
    });
    const response = { status: 200, headers: { 'Set-Cookie': ['a=1', 'b=2'] }, body: '', delayMs: 0, isTemplate: true, fault: null };
    expect(answerText(response)).toBe('200 OK with no body, 2 headers, at once');
  });

  it.each([
    ['Payments callback!', 'payments-callback'],
    ['Zoë Ångström', 'zoe-angstrom'],
    ['!!!', ''],
  ])('proposes a path for %j', (name, slug) => {
    expect(slugOfName(name)).toBe(slug);
  });
});

describe('the captures of a bin', () => {
  it('come in over the wire, can be searched for and opened, and say that no delivery of ours made them', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const bin = await client.bins.create({ name: 'Mine', slug: 'mine' });
    const stores = createCaptureStores(client);
    await stores.bins.load();
    expect(stores.bins.getState().bins.map(({ slug }) => slug)).toEqual(['mine']);
    await fetch(`${bin.url}/a?x=1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array([0, 255, 10]),
    });
    await fetch(`${bin.url}/b`, { method: 'PUT', body: 'hello' });
    await stores.list.setFilter({ binId: bin.id, q: '' });
    expect(stores.list.getState().items.map(({ method }) => method)).toEqual(['PUT', 'POST']);
    const id = stores.list.getState().items[1]?.id ?? '';
    await stores.detail.open(id);
    const opened = stores.detail.getState().item;
    expect(opened).toMatchObject({ capture: { target: '/mine/a?x=1', bodyBytes: 3 } });
    if (opened === null) throw new Error('The capture was not opened.');
    expect(captureBytes(opened.capture, new Uint8Array([0, 255, 10])).slice(-7)).toEqual(new Uint8Array([13, 10, 13, 10, 0, 255, 10]));
    expect(captureSentence(opened.capture)).toMatch(/^3 B of application\/octet-stream from 127\.0\.0\.1, answered 200 OK/);
  });

  it('are none before a bin is chosen', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const stores = createCaptureStores(client);
    await stores.list.load();
    expect(stores.list.getState()).toMatchObject({ items: [], status: 'ready' });
  });
});

it('gives a command for a first request', () => {
  expect(binCurl('http://127.0.0.1:1/x')).toContain('http://127.0.0.1:1/x');
});

it.each([
  { edited: [], patch: {} },
  { edited: ['name'], patch: { name: 'Orders' } },
  { edited: ['status', 'delay'], patch: { response: { status: 503, delayMs: 5000 } } },
  { edited: ['headersText', 'secret'], patch: { response: { headers: { 'X-A': '1' } }, secrets: ['s3'] } },
] as const)('saving $edited of a bin leaves all else to whoever changed it', ({ edited, patch }) => {
  const draft = { ...newBinDraft, name: 'Orders', slug: 'orders', status: 503, headersText: 'X-A: 1', delay: '5 s', secret: 's3' };
  expect(binPatch(draft, edited)).toEqual(patch);
});
