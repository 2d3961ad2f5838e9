import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { builtEntry, runCommand } from './command.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sentAt = new Date('2026-01-01T00:00:00Z');
const now = String(sentAt.getTime() / 1000);
const body = '{"type":"invoice.paid","data":{"total":3}}';
const scheme = ['--scheme', 'standard-webhooks'];

/** Files of a request that the official package has signed. */
function signedRequest(signedBody = body) {
  const folder = createTempFolder();
  const path = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const signature = new Webhook(secret).sign('msg_1', sentAt, signedBody);
  return {
    headers: path(
      'headers.txt',
      `POST /hook HTTP/1.1\nHost: x.example\nwebhook-id: msg_1\nwebhook-timestamp: ${now}\nwebhook-signature: ${signature}\n`,
    ),
    body: path('body.json', body),
    secret: path('secret.txt', `${secret}\n`),
  };
}

describe('standard input', () => {
  it('is read to its end, however slowly it is written', async () => {
    const files = signedRequest();
    const request = ['--scheme', 'standard-webhooks', '--secret', secret, '--headers', files.headers, '--now', now];
    // The other end is a Node process, whose pipes do not block, and it writes in pieces.
    const writer = `const parts = ${JSON.stringify(body.match(/.{1,9}/gs))}; const next = () => { const part = parts.shift(); if (part !== undefined) process.stdout.write(part, () => setTimeout(next, 30)); }; next();`;
    const command = [process.execPath, builtEntry('cli.js'), 'verify', ...request, '--body', '-'];
    const script = `"${process.execPath}" -e "$WRITER" | ${command.map((word) => `'${word}'`).join(' ')}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { env: { ...process.env, WRITER: writer } });
    expect(stdout).toMatch(/^valid/);
  });

  it('takes what another of our commands prints', async () => {
    const files = signedRequest();
    const cli = `"${process.execPath}" "${builtEntry('cli.js')}"`;
    const shared = `--scheme standard-webhooks --secret-file "${files.secret}" --body "${files.body}" --now ${now}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', `${cli} sign ${shared} | ${cli} verify ${shared} --headers -`]);
    expect(stdout).toMatch(/^valid/);
  });
});

describe('hookyard verify', () => {
  it('exits 0 for a request that the official package signed', async () => {
    const files = signedRequest();
    const { code, stdout, stderr } = await runCommand([
      'verify',
      ...scheme,
      '--secret',
      secret,
      '--headers',
      files.headers,
      '--body',
      files.body,
      '--now',
      now,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^valid {2}/);
    expect(stdout).not.toContain('\u001b');
  });

  it('finds the right one of several secrets, one of them from a file, and prints one JSON document', async () => {
    const files = signedRequest();
    const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const { code, stdout } = await runCommand([
      'verify',
      ...scheme,
      '--secret',
      other,
      '--secret-file',
      files.secret,
      '--headers',
      files.headers,
      '--body',
      files.body,
      '--now',
      now,
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'valid', reason: 'ok', matchedSecret: 1 });
    expect(stdout).not.toContain(secret);
  });

  it('takes the secret from the environment and the body from standard input', async () => {
    const files = signedRequest();
    const { code } = await runCommand(['verify', ...scheme, '--headers', files.headers, '--body', '-', '--now', now], {
      env: { HOOKYARD_SECRET: secret },
      input: body,
    });
    expect(code).toBe(0);
  });

  it.each([
    ['another body', 'signature_mismatch', now],
    [body, 'timestamp_stale', String(Number(now) + 3600)],
  ])('exits 1 when the signed body was %s and the reason is %s', async (signedBody, reason, at) => {
    const files = signedRequest(signedBody);
    const { code, stdout } = await runCommand([
      'verify',
      ...scheme,
      '--secret',
      secret,
      '--headers',
      files.headers,
      '--body',
      files.body,
      '--now',
      at,
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'invalid', reason });
  });

  it('exits 1 for a secret that the scheme cannot use, and says what is wrong with it', async () => {
    const files = signedRequest();
    const { code, stdout } = await runCommand([
      'verify',
      ...scheme,
      '--secret',
      'whsec_%%%',
      '--headers',
      files.headers,
      '--body',
      files.body,
      '--now',
      now,
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'unchecked',
      reason: 'secret_malformed',
      message: expect.stringContaining('base64'),
    });
  });

  it('exits 1 for a request without a signature', async () => {
    const files = signedRequest();
    const { code, stdout } = await runCommand(['verify', ...scheme, '--secret', secret, '--headers', '-', '--body', files.body], {
      input: 'Content-Type: application/json\n',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^unsigned {2}/);
  });

  it.each([
    ['no scheme', ['--secret', secret], '--scheme'],
    ['an unknown scheme', ['--scheme', 'strype', '--secret', secret], 'strype'],
    ['no secret', scheme, 'HOOKYARD_SECRET'],
    ['a time that is none', [...scheme, '--secret', secret, '--now', 'noon'], '--now'],
    ['an unknown option', [...scheme, '--secret', secret, '--frob'], '--frob'],
    ['a scheme option without a key', ['--scheme', 'custom', '--secret', 'x', '--option', 'header'], 'key=value'],
    ['a scheme option that does not exist', ['--scheme', 'custom', '--secret', 'x', '--option', 'colour=red'], 'colour'],
  ])('exits 2 with one sentence for %s', async (_name, args, part) => {
    const files = signedRequest();
    const { code, stdout, stderr } = await runCommand(['verify', '--headers', files.headers, '--body', files.body, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hookyard: .{20,}\n$/);
    expect(stderr).toContain(part);
  });

  it.each([
    ['a file that is not there', ['--headers', '/nowhere/headers.txt', '--body', '-'], '/nowhere/headers.txt'],
    ['standard input twice', ['--headers', '-', '--body', '-'], 'once'],
    ['a missing option', ['--headers', '-'], '--body'],
  ])('exits 2 for %s', async (_name, args, part) => {
    const { code, stderr } = await runCommand(['verify', ...scheme, '--secret', secret, ...args], { input: 'a: b\n' });
    expect(code).toBe(2);
    expect(stderr).toContain(part);
  });

  it('exits 2 for headers that are none, naming the line', async () => {
    const files = signedRequest();
    const { code, stderr } = await runCommand(['verify', ...scheme, '--secret', secret, '--headers', '-', '--body', files.body], {
      input: 'this is a poem\nof two lines\n',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('line 1');
  });
});

describe('hookyard sign', () => {
  it('prints header lines that the official package accepts', async () => {
    const { code, stdout } = await runCommand(
      ['sign', ...scheme, '--secret', secret, '--body', '-', '--id', 'msg_1', '--now', String(Math.floor(Date.now() / 1000))],
      { input: body },
    );
    expect(code).toBe(0);
    const headers = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('signs bytes that are not text, and verify reads its lines back', async () => {
    const bytes = Uint8Array.from([0xff, 0x00, 0xc3, 0x28]);
    const folder = createTempFolder();
    writeFileSync(join(folder, 'body.bin'), bytes);
    const custom = [
      '--scheme',
      'custom',
      '--secret',
      'shh',
      '--option',
      'header=X-Shop-Signature',
      '--option',
      'prefix=sha256=',
      '--body',
      join(folder, 'body.bin'),
    ];
    const signed = await runCommand(['sign', ...custom]);
    expect(signed.stdout).toMatch(/^X-Shop-Signature: sha256=[0-9a-f]{64}\n$/);
    expect(await runCommand(['verify', ...custom, '--headers', '-'], { input: signed.stdout })).toMatchObject({ code: 0 });
  });

  it('prints one JSON document with what was signed', async () => {
    const { stdout } = await runCommand(['sign', ...scheme, '--secret', secret, '--body', '-', '--id', 'msg_1', '--now', now, '--json'], {
      input: body,
    });
    const signed = JSON.parse(stdout) as { readonly signedBase64: string };
    expect(Buffer.from(signed.signedBase64, 'base64').toString()).toBe(`msg_1.${now}.${body}`);
  });
});

describe('hookyard sign with what it cannot use', () => {
  it.each([
    ['a secret in another form', [...scheme, '--secret', 'whsec_%%%'], 'secret'],
    ['no scheme', ['--secret', secret], '--scheme'],
    ['a message id with a dot', [...scheme, '--secret', secret, '--id', 'a.b'], 'id'],
  ])('exits 2 with one sentence for %s', async (_name, args, part) => {
    const { code, stdout, stderr } = await runCommand(['sign', '--body', '-', ...args], { input: body });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hookyard: .{20,}\n$/);
    expect(stderr).toContain(part);
  });
});

describe('hookyard', () => {
  it('exits 0 for help and version, and 2 for a command that does not exist', async () => {
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await runCommand(['send', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('HOOKYARD_SECRET') });
    expect(await runCommand(['frob'])).toMatchObject({ code: 2, stderr: expect.stringContaining('frob') });
    expect(await runCommand([])).toMatchObject({ code: 2 });
  });
});
