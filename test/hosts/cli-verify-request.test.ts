import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sentAt = new Date('2026-01-01T00:00:00Z');
const now = String(sentAt.getTime() / 1000);
const body = '{"type":"invoice.paid",\r\n"data":{"total":3}}';
const signature = new Webhook(secret).sign('msg_1', sentAt, body);
const headers = { Host: 'x.example', 'webhook-id': 'msg_1', 'webhook-timestamp': now, 'webhook-signature': signature };
const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
const verify = ['verify', '--secret', secret, '--now', now];

function file(content: string | Uint8Array): string {
  const path = join(createTempFolder(), 'request');
  writeFileSync(path, content);
  return path;
}

describe('hookyard verify --request', () => {
  it.each([
    ['a raw request', ['POST /hook HTTP/1.1', ...lines, '', body].join('\r\n'), 'Raw request'],
    ['curl', `curl https://x.example/hook ${lines.map((line) => `-H '${line}'`).join(' ')} --data-raw '${body}'`, 'curl'],
    [
      'HAR',
      JSON.stringify({
        startedDateTime: '2026-01-01T00:00:00Z',
        request: {
          method: 'POST',
          url: 'https://x.example/hook',
          headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
          postData: { text: Buffer.from(body).toString('base64'), encoding: 'base64' },
        },
      }),
      'HAR',
    ],
    ['JSON', JSON.stringify({ headers, body }), 'Request as JSON'],
  ])('reads %s, recognises its scheme and exits 0', async (_, content, kind) => {
    const { code, stdout, stderr } = await runCommand([...verify, '--request', file(content)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^valid {2}[\s\S]*standard-webhooks \(certain\)/) });
    expect(stderr).toContain(`read as ${kind}`);
    expect(stderr).toContain("The body's line endings are CRLF (1)");
  });

  it('says unknown and exits 1 for a request without a signature, and needs no secret to say so', async () => {
    const { code, stdout } = await runCommand(['verify', '--scheme', 'auto', '--request', '-', '--json'], {
      input: 'POST / HTTP/1.1\nHost: a.example\n\nhi',
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unsigned', reason: 'unknown', scheme: 'unknown', recognised: [] });
  });

  it('recognises a signed request without a secret, but exits 2 because nothing was checked', async () => {
    const ended = await runCommand(['verify', '--request', file(JSON.stringify({ headers, body }))]);
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringMatching(/^unchecked {2}There is no secret to check with\./) });
    expect(ended.stdout).toContain('standard-webhooks (certain)');
  });

  it('takes the only request with a signature among several, and asks which is meant where more have one', async () => {
    const other = { headers: { 'X-A': '1' }, body: 'other' };
    const alone = await runCommand([...verify, '--request', file(JSON.stringify([other, { headers, body }]))]);
    expect(alone).toMatchObject({ code: 0, stderr: expect.stringContaining('number 2, the first with a signature, is used unless') });
    const path = file(JSON.stringify([{ headers, body: 'changed' }, { headers, body }, other]));
    const asked = await runCommand([...verify, '--request', path]);
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringMatching(/choose one with --entry N:\n {2}1\. .*, with a signature\n/) });
    expect((await runCommand([...verify, '--request', path, '--entry', '2'])).code).toBe(0);
    expect(await runCommand([...verify, '--request', path, '--entry', '4'])).toMatchObject({ code: 2 });
  });

  it('reads a file as what it is said to be, and says of one that it cannot read what it saw in it', async () => {
    const printed = file(`They sent webhook-signature = "${signature}" to us`);
    const unread = await runCommand([...verify, '--request', printed]);
    expect(unread).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/could not be read: line 1: The paste mentions webhook-signature[^]*--read-as KIND/),
    });
    expect(unread.stdout).not.toContain('nothing in the request looks like a signature');
    expect((await runCommand([...verify, '--request', printed, '--read-as', 'body'])).code).toBe(1);
    const wrong = await runCommand([...verify, '--request', printed, '--read-as', 'har']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('not JSON') });
    expect(await runCommand([...verify, '--request', printed, '--read-as', 'fax'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Use raw-request, http-file, curl'),
    });
  });

  it.each([
    [
      'a file',
      `curl https://a.example/hook ${lines.map((line) => `-H '${line}'`).join(' ')} --data-binary @payload.json`,
      'in the file payload.json',
    ],
    [
      'standard input',
      `http POST https://a.example/hook '${lines.join("' '").replaceAll(': ', ':')}' < payload.json`,
      'is made of what is not in the command',
    ],
    ['a file of an .http file', ['POST https://a.example/hook HTTP/1.1', ...lines, '', '< ./payload.json'].join('\n'), 'in a file'],
    ['somewhere else', ['POST /hook HTTP/1.1', 'Content-Length: 8', ...lines].join('\n'), 'is not in the text'],
  ])('says nothing of the secret where the body is in %s', async (_, text, why) => {
    const given = [...verify, '--request', file(text)];
    expect(await runCommand(given)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(new RegExp(`^unchecked {2}The body [^\n]*${why}[^\n]*Nothing is said about the signature`)),
    });
    expect((await runCommand([...given, '--body', file(body)])).code).toBe(0);
    expect((await runCommand([...given, '--body', file('{}')])).code).toBe(1);
  });

  it('says of a body that it was cut', async () => {
    const cut = file('{"type":"invoice.paid","data":{"to ... [truncated 20 chars]');
    const { code, stderr } = await runCommand([...verify, '--request', file(lines.join('\n')), '--body', cut]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('--body: The body is cut: it ends in "... [truncated 20 chars]" at byte'),
    });
  });

  it('takes a body that is declared as base64 or hex, from the request or beside it', async () => {
    const head = ['POST /hook HTTP/1.1', ...lines, '', ''].join('\n');
    const inHex = file(Buffer.from(body).toString('hex'));
    expect((await runCommand([...verify, '--request', file(head), '--body', inHex, '--body-encoding', 'hex'])).code).toBe(0);
    const inBase64 = file(head + Buffer.from(body).toString('base64'));
    expect((await runCommand([...verify, '--request', inBase64, '--body-encoding', 'base64'])).code).toBe(0);
    const wrong = await runCommand([...verify, '--request', file(head), '--body', inBase64, '--body-encoding', 'hex']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('not a hex digit') });
  });

  it.each([
    [['--request', 'a', '--capture', 'b'], 'only one'],
    [[], 'Say which request'],
    [['--request', '/nowhere'], 'cannot read'],
    [['--capture', 'cap_1', '--body', 'x'], 'Leave --body out'],
    [['--request', '-', '--body-encoding', 'utf7'], 'Use text, base64, hex'],
    [['--request', '-', '--secrets-of', 'ep_1'], '--secrets-of needs'],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const ended = await runCommand(['verify', '--secret', secret, ...args], { input: 'A-B: 1' });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});

it('hookyard verify --capture judges what the running host captured, with the secrets of its bin', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
  const ready = new URL((await host.nextLine()).replace('Ready at ', ''));
  const api = (path: string, init: RequestInit = {}) =>
    fetch(new URL(`/api${path}`, ready), {
      ...init,
      headers: { authorization: `Bearer ${ready.searchParams.get('token') ?? ''}`, 'content-type': 'application/json' },
    });
  const bin = (await (
    await api('/bins', {
      method: 'POST',
      body: JSON.stringify({ name: 'Mine', signing: { scheme: 'standard-webhooks' }, secrets: [secret] }),
    })
  ).json()) as { readonly id: string; readonly url: string };
  const at = new Date();
  await fetch(bin.url, {
    method: 'POST',
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
    },
    body,
  });
  const captures = (await (await api(`/captures?binId=${bin.id}`)).json()) as { readonly items: readonly { readonly id: string }[] };
  const captureId = captures.items[0]?.id ?? '';
  const judged = await runCommand(['verify', '--capture', captureId, '--secrets-of', bin.id, '--data-dir', dataDir, '--json']);
  expect(judged.code).toBe(0);
  expect(JSON.parse(judged.stdout)).toMatchObject({ verdict: 'valid', scheme: 'standard-webhooks' });
  const missing = await runCommand(['verify', '--secret', secret, '--capture', 'cap_none', '--data-dir', dataDir]);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('cap_none') });
});
