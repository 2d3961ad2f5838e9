import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

let engine: ClockedEngine;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const compare = (before: string, after: string) =>
  engine.client.comparing.compare({ before: { text: before }, after: { text: after }, ignore: [] });

const har = (request: object, response: object = { status: 204, headers: [], content: { size: 0 } }) =>
  JSON.stringify({
    startedDateTime: '2026-11-30T08:00:00.000Z',
    time: 1,
    request: { method: 'POST', url: 'https://x.test/', headers: [{ name: 'X-A', value: '1' }], ...request },
    response,
  });
const postman = (body: object) =>
  JSON.stringify({ item: [{ request: { method: 'POST', url: 'https://x.test/', header: [{ key: 'X-A', value: '1' }], body } }] });
const raw = (headers: string, body: string) => `POST / HTTP/1.1\r\nHost: x.test\r\n${headers}\r\n\r\n${body}`;
const json = (fields: object) => JSON.stringify({ method: 'POST', url: 'https://x.test/', headers: { 'X-A': '1' }, ...fields });
const template = 'fetch("https://x.test", {method: "POST", body: `a=${b}`})';
const multipart = (value: string) => ({ postData: { mimeType: 'multipart/form-data', params: [{ name: 'a', value }] } });

describe('a body that a text does not hold, or not as it was sent, is not compared', () => {
  it.each([
    ['curl, other files', 'curl https://x.test -d @one.json', 'curl https://x.test -d @two.json'],
    ['curl, one file', 'curl https://x.test -d @one.json', 'curl https://x.test -d @one.json'],
    ['curl, text and a file', 'curl https://x.test -d a=1 -d @one.json', 'curl https://x.test -d a=1 -d @two.json'],
    ['curl, a file against none', 'curl -X POST https://x.test -d @one.json', 'curl -X POST https://x.test'],
    ['curl, standard input', 'curl https://x.test --data-binary @-', 'curl https://x.test --data-binary @-'],
    ['curl, urlencoded file', 'curl https://x.test --data-urlencode a@x', 'curl https://x.test --data-urlencode a@y'],
    ['curl, a form', 'curl https://x.test -F f=@x.bin', 'curl https://x.test -F f=@y.bin'],
    ['curl, an upload', 'curl https://x.test -T x.bin', 'curl https://x.test -T y.bin'],
    ['curl, a file of options', 'curl https://x.test -K x.cfg', 'curl https://x.test -K y.cfg'],
    ['curl, a variable', 'curl https://x.test -d "$BODY"', 'curl https://x.test -d "$BODY"'],
    ['curl, a command', 'curl https://x.test -d "$(cat x.json)"', 'curl https://x.test -d "$(cat x.json)"'],
    ['wget', 'wget https://x.test --post-file=x.json', 'wget https://x.test --post-file=y.json'],
    ['wget, a variable', 'wget https://x.test --post-data "$B"', 'wget https://x.test --post-data "$B"'],
    ['HTTPie, redirected', 'http POST https://x.test < x.json', 'http POST https://x.test < y.json'],
    ['HTTPie, piped', 'cat x.json | http POST https://x.test', 'cat y.json | http POST https://x.test'],
    ['HTTPie, a file', 'http POST https://x.test f@x.bin', 'http POST https://x.test f@y.bin'],
    [
      'PowerShell, a file',
      'Invoke-WebRequest -Uri https://x.test -Method POST -InFile x.json',
      'Invoke-WebRequest -Uri https://x.test -Method POST -InFile y.json',
    ],
    [
      'PowerShell, a variable',
      'Invoke-WebRequest -Uri https://x.test -Method POST -Body $body',
      'Invoke-WebRequest -Uri https://x.test -Method POST -Body $body',
    ],
    [
      'PowerShell, a variable within',
      'Invoke-WebRequest -Uri https://x.test -Method POST -Body "a=$b"',
      'Invoke-WebRequest -Uri https://x.test -Method POST -Body "a=$b"',
    ],
    [
      'requests, json=',
      'import requests\nrequests.post("https://x.test", json=payload)',
      'import requests\nrequests.post("https://x.test", json=payload)',
    ],
    [
      'requests, within',
      'import requests\nrequests.post("https://x.test", json={"a": b})',
      'import requests\nrequests.post("https://x.test", json={"a": b})',
    ],
    [
      'requests, data=',
      'import requests\nrequests.post("https://x.test", data=payload)',
      'import requests\nrequests.post("https://x.test")',
    ],
    ['fetch, a template', template, template],
    ['HTTP file, with a comment', '### A\nPOST https://x.test/\nX-A: 1\n\n< ./x.json', '### A\nPOST https://x.test/\nX-A: 1\n\n< ./y.json'],
    ['HAR, no postData', har({ bodySize: 500 }), har({ bodySize: 500 })],
    ['HAR, another size', har({ bodySize: 500, postData: { text: 'ok' } }), har({ bodySize: 2, postData: { text: 'ok' } })],
    ['HAR, fields of a multipart form', har(multipart('1')), har(multipart('2'))],
    ['HAR, not base64', har({ postData: { text: '!', encoding: 'base64' } }), har({})],
    ['Postman, a file', postman({ mode: 'file', file: { src: 'x' } }), postman({ mode: 'file', file: { src: 'y' } })],
    ['Postman, form data', postman({ mode: 'formdata', formdata: [] }), postman({ mode: 'formdata', formdata: [] })],
    ['Postman, a variable', postman({ mode: 'raw', raw: '{{all}}' }), postman({ mode: 'raw', raw: '{{all}}' })],
    ['HTTP file, a file', 'POST https://x.test/\nX-A: 1\n\n< ./x.json', 'POST https://x.test/\nX-A: 1\n\n< ./y.json'],
    ['raw, another size', raw('Content-Length: 500', '{"a":1}'), raw('Content-Length: 7', '{"a":1}')],
    ['raw, chunks', raw('Transfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n'), raw('Content-Length: 3', 'abc')],
    ['raw, cut', raw('X-A: 1', '{"a":"bcd...'), raw('X-A: 1', '{"a":"bcd...')],
    ['raw, masked', raw('X-A: 1', '{"a":"***"}'), raw('X-A: 1', '{"a":"secret"}')],
    [
      'fetch, a variable',
      'fetch("https://x.test", {method: "POST", body: payload})',
      'fetch("https://x.test", {method: "POST", body: payload})',
    ],
    ['JSON, not base64', json({ bodyBase64: '!' }), json({ bodyBase64: '?' })],
    ['JSON, an object', json({ body: { a: 1 } }), json({ body: '{"a": 1}' })],
    ['HAR, fields of a form', har({ postData: { params: [{ name: 'a', value: '1' }] } }), har({ postData: { text: 'a=1' } })],
  ])('%s', async (_form, before, after) => {
    for (const { request } of [await compare(before, after), await compare(after, before)]) {
      expect(request.body).toMatchObject({ isSame: false, result: 'not compared', firstDifference: null });
      expect(request.notCompared).toContainEqual(expect.stringMatching(/^The (?:first|second) body .*not compared/));
      expect(request.result).not.toBe('same');
    }
  });

  it.each(['{method: "POST", ...more}', '{...all}', 'options'])(
    'options of fetch that only code knows are refused: %s',
    async (options) => {
      const text = `fetch("https://x.test", ${options})`;
      await expect(compare(text, text)).rejects.toThrow('paste them with values instead of names of variables');
    },
  );

  it('the same values in a body that was put together differ where the values do', async () => {
    const { request } = await compare(json({ body: { a: 1 } }), json({ body: '{"a":2}' }));
    expect(request.body).toMatchObject({ result: 'different', changes: [{ path: '$.a' }] });
  });

  it('a body that is whole is still compared', async () => {
    expect((await compare("curl https://x.test -d '$a'", "curl https://x.test -d '$a'")).request.result).toBe('same');
    expect((await compare('curl -X POST https://x.test', 'curl -X POST https://x.test')).request.result).toBe('same');
    expect((await compare(raw('Content-Length: 2', 'ab'), raw('Content-Length: 2', 'ab'))).request.result).toBe('same');
  });
});

describe('an answer that a text does not hold as it was is not compared', () => {
  const answer = (content: object, more: object = {}) => har({}, { status: 200, headers: [], content, ...more });
  it.each([
    ['a size without text', { size: 100, text: '' }, { size: 0, text: '' }],
    ['another size', { size: 999, text: 'ok' }, { size: 2, text: 'ok' }],
    ['not base64', { size: 3, text: '!', encoding: 'base64' }, { size: 3, text: '!', encoding: 'base64' }],
  ])('%s', async (_what, before, after) => {
    const { response } = await compare(answer(before), answer(after));
    expect(response.body?.isSame).toBe(false);
    expect(response.result).not.toBe('same');
  });

  it('a body that went over the wire is not one of 0 bytes', async () => {
    const { response } = await compare(answer({ size: 0 }, { bodySize: 500 }), answer({ size: 0 }, { bodySize: 0 }));
    expect(response).toMatchObject({ result: 'not compared' });
  });

  it('answers to HEAD that tell of other sizes differ', async () => {
    const head = (length: string) =>
      har({ method: 'HEAD' }, { status: 200, headers: [{ name: 'Content-Length', value: length }], content: { size: 0 } });
    expect((await compare(head('100'), head('999'))).response.result).toBe('different');
    expect((await compare(head('100'), head('100'))).response.result).toBe('same');
  });

  it('no answers are the same for the same reason only', async () => {
    const none = (error?: string) => har({}, { status: 0, headers: [], content: {}, ...(error === undefined ? {} : { _error: error }) });
    const result = async (one?: string, other?: string) => (await compare(none(one), none(other))).response.result;
    expect(await result('net::ERR_FAILED', 'net::ERR_TIMED_OUT')).toBe('different');
    expect(await result('net::ERR_FAILED', 'net::ERR_FAILED')).toBe('same');
    expect(await result(undefined, undefined)).toBe('not compared');
  });

  it('an answer without headers does not tell that it has none', async () => {
    const of = (response: object) => json({ body: 'x', response });
    const { response } = await compare(of({ status: 200, body: 'a' }), of({ status: 200, body: 'a', headers: { 'X-B': '1' } }));
    expect(response).toMatchObject({ result: 'not compared', headersResult: 'not compared', headers: [] });
  });
});

describe('headers that are not known are not the same', () => {
  it('those of a body alone', async () => {
    const { request } = await compare('hello', raw('X-A: 1', 'hello'));
    expect(request).toMatchObject({ headersResult: 'not compared', headers: [], result: 'not compared' });
  });

  it.each([
    ['curl, a file', 'curl https://x.test -H @headers.txt'],
    ['requests', 'import requests\nrequests.get("https://x.test", headers=all)'],
    ['PowerShell', 'Invoke-WebRequest -Uri https://x.test -Headers $all'],
  ])('%s', async (_form, text) => {
    expect((await compare(text, text)).request).toMatchObject({ headersResult: 'not compared', result: 'not compared' });
  });

  it.each([
    ['****', '****'],
    ['****', 'Bearer abcdef'],
    ['REDACTED', 'REDACTED'],
    ['Bearer abc...', 'Bearer abc...'],
    ['Bearer abc...', 'Bearer abcdef'],
    ['Bearer $TOKEN', 'Bearer $TOKEN'],
    ['Bearer {{token}}', 'Bearer {{token}}'],
    ['Bearer <token>', 'Bearer <token>'],
    ['[secret token]', '[secret token]'],
    ['[FILTERED]', 'Bearer abcdef'],
  ])('masked: %s against %s', async (one, other) => {
    const { request } = await compare(raw(`Authorization: ${one}`, ''), raw(`Authorization: ${other}`, ''));
    expect(request).toMatchObject({ result: 'not compared', headersResult: 'not compared', headers: [{ kind: 'unknown' }] });
  });

  it.each([
    ['Bearer abc...', 'Bearer xyzdef'],
    ['[secret 0a1b2c3d]', '[secret 0a1b2c3d]'],
  ])('known all the same: %s against %s', async (one, other) => {
    const { request } = await compare(raw(`Authorization: ${one}`, ''), raw(`Authorization: ${other}`, ''));
    expect(request.headersResult).toBe(one === other ? 'same' : 'different');
  });
});

it('a file without a request is called by its name', async () => {
  const given = { text: '{"log":{"entries":[]}}', name: 'customer.har' };
  await expect(engine.client.comparing.entries(given)).rejects.toThrow('customer.har contains no request.');
});

describe('what is said of two requests is what is seen of them', () => {
  it('names in other letters are told and do not count', async () => {
    const { request } = await compare(raw('X-Api-Key: 1', ''), raw('x-api-key: 1', ''));
    expect(request).toMatchObject({ result: 'same', headersResult: 'same', headers: [{ kind: 'renamed' }] });
  });

  it('a Connection header hides no other header', async () => {
    const { request } = await compare(raw('Connection: X-Api-Key\r\nX-Api-Key: 1', ''), raw('Connection: X-Api-Key\r\nX-Api-Key: 2', ''));
    expect(request).toMatchObject({ result: 'different', headers: [{ name: 'X-Api-Key', isHopByHop: false }] });
  });

  it('another host is no sign of a proxy, in either order', async () => {
    const [one, other] = [raw('X-A: 1', ''), raw('X-A: 1', '').replace('x.test', 'y.test')];
    for (const { request } of [await compare(one, other), await compare(other, one)])
      expect(request.headers).toMatchObject([{ name: 'Host', kind: 'rewritten', note: null }]);
  });

  it.each([
    ['a=%ff', 'a=%fe', 'other'],
    ['a=%ff', 'a=%FF', 'same'],
    ['a=b+c%C3%A9', 'a=b%20c\u00e9', 'same'],
    ['a=b&c=', 'a=b&c', 'same'],
    ['a=b%26c=d', 'a=b&c=d', 'other'],
  ])('a form of %s against %s holds the %s', async (before, after, content) => {
    const form = (body: string) => raw('Content-Type: application/x-www-form-urlencoded', body);
    expect((await compare(form(before), form(after))).request.body.content).toBe(content);
  });
});
