import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { readText } from '#engine/comparing/given-text.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { hasAttempts, openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type ScriptedReceiver } from '../../support/scripted-receiver.ts';

let engine: ClockedEngine;
let receiver: ScriptedReceiver;
let folder: string;
let bin: { readonly id: string; readonly url: string };
let captureId: string;
let attemptId: string;
let deliveryId: string;
const body = '{"id":"evt_0000000001","total":7}';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder, capturePort: 0 });
  bin = await engine.client.bins.create({ name: 'Orders' });
  await fetch(`${bin.url}?a=1`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-Signature': 'sha256=abc' } });
  captureId = (await engine.client.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '';
  receiver = await startReceiver([respond({ status: 500, headers: [['Content-Type', 'text/plain']], body: 'no stock' })]);
  const endpoint = await engine.client.endpoints.create({
    name: 'Shop',
    url: receiver.url,
    signing: null,
    retryPolicy: 'none',
    headers: { 'X-Kind': 'order' },
  });
  const sent = await engine.client.messages.send({ type: 'order.made', data: { a: 1 }, endpointIds: [endpoint.id] });
  deliveryId = sent.deliveries[0]?.id ?? '';
  attemptId = (await engine.deliveryWhen(deliveryId, hasAttempts(1))).attempts[0]?.id ?? '';
});
afterAll(async () => {
  await receiver.close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const compare = (before: ComparedChoice, after: ComparedChoice, ignore: NoiseKind[] = []) =>
  engine.client.comparing.compare({ before, after, ignore });

async function exported(format: 'har' | 'jsonl'): Promise<ComparedChoice> {
  const { contentBase64 } = await engine.client.captures.export({ format, ids: [captureId] });
  return { textBase64: String(contentBase64), name: `orders.${format}` };
}

/** What a text holds, without the address that each workspace has of its own. */
async function ofCapture(
  write: (capture: { readonly headers: readonly (readonly [string, string])[]; readonly target: string }) => string,
) {
  const { headers, target } = await engine.client.captures.get({ id: captureId });
  return { text: write({ headers, target }) };
}

describe('what Hookyard exports is the same as what it is of', () => {
  it.each(['har', 'jsonl'] as const)('a capture in %s', async (format) => {
    const found = await compare({ captureId }, await exported(format));
    expect(found).toMatchObject({
      result: 'same',
      isSame: true,
      after: { kind: 'text', id: null, name: `orders.${format}`, status: 200 },
      request: { result: 'same', notCompared: [], line: { isSame: true }, body: { isSame: true } },
      response: { result: 'same', before: { kind: 'answer' }, after: { kind: 'answer', status: 200 } },
    });
    expect(found.after.atMs).toBe(found.before.atMs);
  });

  it('a capture as captures show --json gives it, with its times and its connection', async () => {
    const found = await compare({ captureId }, { text: JSON.stringify(await engine.client.captures.get({ id: captureId })) });
    expect(found).toMatchObject({ result: 'same', after: { name: 'What was pasted', readAs: 'Capture of Hookyard as JSON' } });
    expect(found.timing.total).toMatchObject({ differenceMs: 0 });
    expect(found.connection.summary).toBe('Nothing that is known of both connections differs.');
  });

  it('an attempt out of a delivery as deliveries show --json gives it, with answer, times and connection', async () => {
    const text = JSON.stringify(await engine.client.deliveries.get({ id: deliveryId, bodies: true }));
    const found = await compare({ attemptId }, { text, name: 'delivery.json' });
    expect(found).toMatchObject({
      result: 'same',
      before: { status: 500, outcome: { code: 'http_status' } },
      after: { kind: 'text', status: 500, outcome: { code: 'http_status' }, readAs: 'Attempt of Hookyard as JSON' },
      response: { result: 'same', body: { isSame: true, beforeBytes: 8 } },
      timing: { total: { differenceMs: 0 } },
    });
    expect(found.connection.facts.every(({ isSame }) => isSame === true)).toBe(true);
  });

  it.each(['json', 'html'] as const)('the request of a case file in %s, whose answer is not known', async (format) => {
    const { contentBase64 } = await engine.client.verifying.case({
      scheme: 'standard-webhooks',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      captureId,
      format,
      includeHeaders: 'all',
    });
    const found = await compare({ captureId }, { textBase64: String(contentBase64) });
    expect(found).toMatchObject({
      result: 'not compared',
      after: { readAs: 'Case file', status: null },
      request: { result: 'same', body: { isSame: true } },
      response: { result: 'not compared', after: { kind: 'unknown' }, notCompared: [expect.stringContaining('is not known')] },
    });
  });
});

describe('what a text does not say is neither the same nor a difference', () => {
  it('curl names its headers and not those of its program, and no answer', async () => {
    const text = `curl -X POST '${bin.url}?a=1' -H 'Content-Type: application/json' -H 'X-Signature: sha256=abc' -d '${body}'`;
    const found = await compare({ captureId }, { text });
    expect(found).toMatchObject({
      result: 'not compared',
      request: { result: 'same' },
      response: { result: 'not compared' },
      timing: { total: { afterMs: null, differenceMs: null } },
    });
    expect(found.request.headers.length).toBeGreaterThan(0);
    expect(new Set(found.request.headers.map(({ kind }) => kind))).toEqual(new Set(['untold']));
    expect(found.timing.notes).toEqual(['The second is from a text, which tells no times.']);
    expect(found.connection.summary).toBe('The connections were not compared, since not both are known.');
    expect(found.connection.facts.every(({ isSame }) => isSame === null)).toBe(true);
  });

  it('headers alone have no request line and no body', async () => {
    const given = await ofCapture(({ headers }) => headers.map(([name, value]) => `${name}: ${value}`).join('\n'));
    const { request } = await compare({ captureId }, given);
    expect(request).toMatchObject({ result: 'not compared', line: { isSame: null, after: { method: null } }, body: { afterBytes: null } });
    expect(request.notCompared).toEqual([expect.stringContaining('method'), 'The second body is not in the text, so it was not compared.']);
  });

  it('a masked header is not known, while one that is masked by its fingerprint is told from another', async () => {
    const masked = (value: string) =>
      ofCapture(({ headers, target }) =>
        [
          `POST ${target} HTTP/1.1`,
          ...headers.map(([name, own]) => `${name}: ${name.toLowerCase() === 'x-signature' ? value : own}`),
          '',
          body,
        ].join('\r\n'),
      );
    const redacted = await compare({ captureId }, await masked('[redacted: 10 characters]'));
    expect(redacted.request).toMatchObject({
      result: 'not compared',
      headers: [{ kind: 'unknown' }],
      notCompared: ['A value of the header X-Signature is masked, so whether it is another one is not known.'],
    });
    expect((await compare({ captureId }, await masked('sha256=other'))).request.result).toBe('different');
  });

  it('a body of a HAR entry that the file does not hold is not compared, and one of another size differs', async () => {
    const har = (size: number) =>
      JSON.stringify({
        log: {
          version: '1.2',
          creator: { name: 'Browser' },
          entries: [
            {
              startedDateTime: '2026-11-30T08:00:00.000Z',
              time: 30,
              request: { method: 'POST', url: 'https://x.test/orders', headers: [], postData: { text: body } },
              response: { status: 500, statusText: '', headers: [], content: { size, mimeType: 'text/plain' } },
              timings: { blocked: 1, dns: -1, connect: 10, ssl: 6, send: 1, wait: 12, receive: 4 },
            },
          ],
        },
      });
    const same = await compare({ attemptId }, { text: har(8) });
    expect(same.response.body).toMatchObject({ result: 'not compared', notes: [expect.stringContaining('is not in the text')] });
    expect(same.timing.phases.filter(({ afterMs }) => afterMs !== null).map(({ phase, afterMs }) => [phase, afterMs])).toEqual([
      ['queued', 1],
      ['connect', 4],
      ['tls', 6],
      ['wait', 13],
      ['download', 4],
    ]);
    expect((await compare({ attemptId }, { text: har(9) })).response.body).toMatchObject({ result: 'different' });
  });

  it('a body that cannot be read whole differs in its bytes, and is not compared where some of it may be left out', async () => {
    const large = (end: string) => ({ text: `POST / HTTP/1.1\r\nContent-Encoding: unknown\r\n\r\n${'x'.repeat(1000)}${end}` });
    const found = async (ignore: NoiseKind[]) => (await compare(large('a'), large('b'), ignore)).request.body;
    expect(await found([])).toMatchObject({ result: 'different', firstDifference: { offset: 1000 } });
    const cut = await compare(
      { text: JSON.stringify({ method: 'POST', url: '/', headers: { a: 'b' }, bodyBase64: 'YWI=', isBodyTruncated: true }) },
      { text: JSON.stringify({ method: 'POST', url: '/', headers: { a: 'b' }, bodyBase64: 'YWJj' }) },
      ['ids'],
    );
    expect(cut.request.body).toMatchObject({ isSame: false, result: 'not compared', firstDifference: null });
  });
});

describe('a text with several requests', () => {
  const entry = (id: string, path: string) => ({
    request: {
      method: 'POST',
      url: `https://x.test${path}`,
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      postData: { text: `{"id":"${id}"}` },
    },
    response: { status: 204, headers: [], content: { size: 0 } },
    startedDateTime: '2026-11-30T08:00:00.000Z',
    time: 1,
  });
  const several = (entries: readonly object[]) => JSON.stringify({ log: { entries } });

  it('lists them with the likeliest first: the same signature, then the same event, then the same path', async () => {
    const { target, headers } = await engine.client.captures.get({ id: captureId });
    const path = target.replace(/\?.*/, '');
    const signed = {
      ...entry('x', '/b'),
      request: { ...entry('x', '/b').request, headers: headers.map(([name, value]) => ({ name, value })) },
    };
    const text = several([entry('other', '/a'), entry('another', path), signed]);
    const { items, readAs } = await engine.client.comparing.entries({ text, other: { captureId } });
    expect(readAs).toBe('HAR');
    expect(items.map(({ entry: number, likeness }) => [number, likeness])).toEqual([
      [3, 'signature'],
      [2, 'target'],
      [1, null],
    ]);
    expect(items[2]).toMatchObject({ method: 'POST', target: '/a', status: 204, bodyBytes: 14, atMs: Date.parse('2026-11-30T08:00:00Z') });
    expect((await engine.client.comparing.entries({ text })).items.map(({ entry: number }) => number)).toEqual([1, 2, 3]);
  });

  it('finds the request of the same event by the id that its provider gives', async () => {
    const id = 'b1b2c3d4-0000-4000-8000-a1b2c3d4e5f6';
    await fetch(bin.url, { method: 'POST', body: '{}', headers: { 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': id } });
    const [newest] = (await engine.client.captures.list({ binId: bin.id, limit: 1 })).items;
    const pushed = entry('x', '/hook');
    const github = {
      ...pushed,
      request: {
        ...pushed.request,
        headers: [
          { name: 'X-GitHub-Event', value: 'push' },
          { name: 'X-GitHub-Delivery', value: id },
        ],
      },
    };
    const text = several([entry('a', '/a'), github]);
    const { items } = await engine.client.comparing.entries({ text, other: { captureId: newest?.id ?? '' } });
    expect(items[0]).toMatchObject({ entry: 2, likeness: 'event id' });
  });

  it('wants to be told which one, and compares that one', async () => {
    const text = several([entry('a', '/a'), entry('b', '/b')]);
    await expect(compare({ captureId }, { text, name: 'two.har' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There are 2 requests in two.har: say which one with entry, 1 to 2.',
      data: { issues: [{ path: 'after.entry' }] },
    });
    await expect(compare({ captureId }, { text, entry: 3 })).rejects.toThrow('There is no request 3 in what was pasted, which holds 2.');
    const { before, request } = await compare({ text, name: 'two.har', entry: 2 }, { text, entry: 1 });
    expect(before.name).toBe('Request 2 of two.har');
    expect(request.body.changes).toMatchObject([{ path: '$.id', before: '"b"', after: '"a"' }]);
  });

  it('skips an attempt of a delivery that is still under way', async () => {
    const delivery = await engine.client.deliveries.get({ id: deliveryId, bodies: true });
    const text = JSON.stringify({ ...delivery, attempts: [...delivery.attempts, { ...delivery.attempts[0], request: null }] });
    expect((await compare({ attemptId }, { text })).request.result).toBe('same');
  });
});

it('gives bodies of a text in pieces and decoded', async () => {
  const raw = (end: string) => ({ text: `POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\nabc${end}` });
  const piece = await engine.client.comparing.bytes({ before: raw('d'), after: raw('e'), of: 'request', fromByte: 1, bytes: 2 });
  expect(piece).toEqual({ before: { keptBytes: 4, base64: 'YmM=' }, after: { keptBytes: 4, base64: 'YmM=' }, nextDifferenceAt: 3 });
  const decoded = await engine.client.comparing.decoded({ side: raw('d'), of: 'request' });
  expect(Buffer.from(decoded?.bodyBase64 ?? '', 'base64').toString()).toBe('abcd');
  expect(await engine.client.comparing.decoded({ side: raw('d'), of: 'response' })).toBeNull();
});

it('reads an object of very many names in bounds', () => {
  // Under the limit on values, so that it is looked through and not refused; a fourth of it is enough for what grows with the square.
  const text = `{${Array.from({ length: 249_990 }, (_, at) => `"k${at}":1`).join(',')}}`;
  let read: ReturnType<typeof readText> | undefined;
  // It takes a third of that; time by the clock says nothing on a busy machine.
  expect(cpuMsOf(() => (read = readText({ text })))).toBeLessThan(4000);
  expect(read).toMatchObject({ readAs: 'Body only', requests: [{ method: null, headers: [] }] });
}, 120_000);

/** A signed request that a program printed in a form of its own. */
const unreadText = ['Hi,', 'the X-Hub-Signature-256 = "sha256=ab" was sent', 'with {"a":1}'].join('\n');

describe('a text that cannot be compared is refused with what to change', () => {
  it.each([
    ['nothing', { text: '' }, 'INPUT_INVALID', 'The text is empty'],
    ['an id beside it', { text: 'x', captureId: 'cap_1' }, 'INPUT_INVALID', 'and only one'],
    ['text and bytes', { text: 'x', textBase64: 'eA==' }, 'INPUT_INVALID', 'only one of them'],
    ['a name without it', { name: 'x' }, 'INPUT_INVALID', 'go with a text'],
    ['too much', { text: 'x'.repeat(pasteLimitBytes + 1) }, 'BODY_TOO_LARGE', 'more than 16 MiB'],
    ['100,000 levels', { text: '['.repeat(100_000) }, 'INPUT_INVALID', 'levels deep'],
    ['a million keys', { text: `{${Array.from({ length: 1_000_001 }, (_, at) => `"k${at}":1`).join(',')}}` }, 'INPUT_INVALID', 'values'],
    ['a signed request in no form', { text: unreadText }, 'INPUT_INVALID', 'form'],
  ] as const)('%s', async (_what, given, code, sentence) => {
    await expect(compare({ captureId }, given)).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) as string });
  });
});
