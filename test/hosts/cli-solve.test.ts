import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const wrong = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const sentAt = new Date('2026-01-01T00:00:00Z');
const now = String(sentAt.getTime() / 1000);
const signature = new Webhook(secret).sign('msg_1', sentAt, '{"type":"invoice.paid","total":3}');

/** A pasted request, signed by the official package over another form of its body. */
function pasted(body: string): string {
  const path = join(createTempFolder(), 'request.txt');
  const lines = [
    'POST /hook HTTP/1.1',
    'Host: x.example',
    'webhook-id: msg_1',
    `webhook-timestamp: ${now}`,
    `webhook-signature: ${signature}`,
    '',
    body,
  ];
  writeFileSync(path, lines.join('\r\n'));
  return path;
}

const pretty = '{\n  "type": "invoice.paid",\n  "total": 3\n}';

describe('hookyard verify --solve', () => {
  it('prints the cause with its proof, and still exits 1', async () => {
    const { code, stdout } = await runCommand(['verify', '--secret', secret, '--now', now, '--request', pasted(pretty), '--solve']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^invalid {2}/);
    expect(stdout).toContain(
      'cause  Valid if the body is minified: something re-serialised the JSON before verification. Use the raw body.',
    );
    expect(stdout).toContain(`  received  ${signature}\n  expected  ${signature}`);
    expect(stdout).toContain('  body      differs from byte 1: 0a2020');
    expect(stdout).not.toContain(secret.slice(6));
  });

  it('prints the command that is right, without the secret, and that command finds the request valid', async () => {
    const request = pasted(pretty);
    const args = ['verify', '--secret', secret, '--now', now, '--request', request];
    const { stdout } = await runCommand([...args, '--solve', '--solve-seconds', '9']);
    const line = /^ {2}fix {7}(.*)$/m.exec(stdout)?.[1] ?? '';
    expect(line).toMatch(
      /^hookyard verify --secret … --now \d+ --request \S+ --fix '\{"scheme":"standard-webhooks","options":\{\},"body":\{"from":1,/,
    );
    const fix = /--fix '(.*)'$/.exec(line)?.[1] ?? '';
    expect(await runCommand([...args, '--fix', fix])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^valid/) });
    const saved = join(createTempFolder(), 'fix.json');
    writeFileSync(saved, fix);
    expect(await runCommand([...args, '--fix', `@${saved}`])).toMatchObject({ code: 0 });
    const cut = fix.replace('"from":1,', '"from":9999,');
    expect(await runCommand([...args, '--fix', cut])).toMatchObject({ code: 2, stderr: expect.stringContaining('not in the body') });
    expect(await runCommand([...args, '--fix', '{"bodies":1}'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('takes a change as --solve prints it'),
    });
    expect(await runCommand([...args, '--fix', fix, '--solve'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('goes without'),
    });
  });

  it('prints the clock of the check in that command, where nobody gave one', async () => {
    const before = Date.now();
    const { stdout } = await runCommand(['verify', '--secret', secret, '--request', pasted(pretty), '--solve']);
    const seconds = Number(/^ {2}fix {7}.* --now (\S+) --fix /m.exec(stdout)?.[1]);
    expect(seconds * 1000).toBeGreaterThanOrEqual(before);
    expect(seconds * 1000).toBeLessThanOrEqual(Date.now());
  });

  it('says why it does not search where the signature matches', async () => {
    const { code, stdout } = await runCommand([
      'verify',
      '--secret',
      secret,
      '--now',
      String(Number(now) + 86_400),
      '--request',
      pasted('{"type":"invoice.paid","total":3}'),
      '--solve',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('  search    The signature matches as it is');
  });

  it('prints one JSON document, with a cause of two secrets and a changed body', async () => {
    const { code, stdout } = await runCommand([
      'verify',
      '--secret',
      wrong,
      '--secret',
      secret,
      '--now',
      now,
      '--request',
      pasted(pretty),
      '--solve',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'invalid',
      solution: { kind: 'result', matches: [{ secretLabel: 'secret 2 of 2', causes: [{ id: 'body-minified' }] }] },
    });
  });

  it('says what it tried and what to ask for when it finds nothing', async () => {
    const { code, stdout } = await runCommand(['verify', '--secret', wrong, '--now', now, '--request', pasted(pretty), '--solve']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/no cause found {2}[\d,]+ signatures tried in .+ \(as received 1, .*body \d+/);
    expect(stdout).toMatch(/\n {2}searched {2}\S.*\.\n {12}\S.*: \S.*\.\n/);
    expect(stdout).toContain('  ask       Compare the fingerprint of the secret');
  });

  it('ends the search on Ctrl-C and exits 130', async () => {
    const large = JSON.stringify({ items: Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'a "b" <c> é' })) }, null, 2);
    const request = ['--secret', wrong, '--now', now, '--request', pasted(large)];
    const command = startCommand(['verify', ...request, '--solve', '--solve-seconds', '60']);
    expect(await command.nextLine()).toMatch(/^invalid/);
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 130, stderr: expect.stringContaining('The search was stopped') });
  });

  it('searches nothing when the request is valid, and exits 0', async () => {
    const { code, stdout } = await runCommand([
      'verify',
      '--secret',
      secret,
      '--now',
      now,
      '--json',
      '--solve',
      '--request',
      pasted('{"type":"invoice.paid","total":3}'),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('solution');
  });

  it('refuses --all-secrets without --solve', async () => {
    const ended = await runCommand(['verify', '--secret', secret, '--request', pasted(pretty), '--all-secrets']);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('--all-secrets goes with --solve') });
  });

  it('tries every secret of the running host, and names the endpoint that has the right one', async () => {
    const dataDir = createTempFolder();
    const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
    const ready = new URL((await host.nextLine()).replace('Ready at ', ''));
    const made = await fetch(new URL('/api/endpoints', ready), {
      method: 'POST',
      headers: { authorization: `Bearer ${ready.searchParams.get('token') ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Billing', url: 'http://127.0.0.1:9/hook', secret }),
    });
    expect(made.status).toBe(201);
    const { code, stdout } = await runCommand([
      'verify',
      '--secret',
      wrong,
      '--now',
      now,
      '--request',
      pasted('{"type":"invoice.paid","total":3}'),
      '--solve',
      '--all-secrets',
      '--data-dir',
      dataDir,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'Valid if the secret of the endpoint Billing is used: sender and receiver have the secrets of different endpoints.',
    );
    expect(stdout).not.toContain(secret.slice(6));
  });
});
