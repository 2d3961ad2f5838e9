import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sentAt = new Date('2026-01-01T00:00:00Z');
const now = String(sentAt.getTime() / 1000);
const body = '{"type":"invoice.paid"}';
const signature = new Webhook(secret).sign('msg_1', sentAt, body);

function caseCommand(fileName: string, ...rest: readonly string[]): { readonly arguments: readonly string[]; readonly path: string } {
  const folder = createTempFolder();
  const request = join(folder, 'request');
  const lines = [
    'POST /hook HTTP/1.1',
    'Host: x.example',
    'Authorization: Bearer open-sesame',
    'webhook-id: msg_1',
    `webhook-timestamp: ${now}`,
  ];
  writeFileSync(request, [...lines, `webhook-signature: ${signature}`, '', body].join('\r\n'));
  const path = join(folder, fileName);
  return { arguments: ['verify', '--secret', secret, '--now', now, '--request', request, '--case', path, ...rest], path };
}

describe('hookyard verify --case', () => {
  it('writes a page without the secret that only its owner may read, and prints the verdict all the same', async () => {
    const command = caseCommand('case.html');
    const { code, stdout, stderr } = await runCommand(command.arguments);
    expect({ code, verdict: stdout.slice(0, 5) }).toEqual({ code: 0, verdict: 'valid' });
    expect(stderr).toContain(`Wrote the case file ${command.path}.`);
    const page = readFileSync(command.path, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toContain(secret.slice('whsec_'.length));
    expect(page).not.toContain('open-sesame');
    if (process.platform !== 'win32') expect(statSync(command.path).mode & 0o777).toBe(0o600);
  });

  it('writes JSON where the name ends so, with every header where that is asked for', async () => {
    const command = caseCommand('case.json', '--case-headers', 'all');
    await runCommand(command.arguments);
    expect(JSON.parse(readFileSync(command.path, 'utf8'))).toMatchObject({
      format: 'hookyard-case',
      verdict: { verdict: 'valid', scheme: 'standard-webhooks' },
      request: { headers: expect.arrayContaining([{ name: 'Authorization', value: 'Bearer open-sesame', isRedacted: false }]) as unknown },
    });
  });

  it('says which file cannot be written', async () => {
    const { path, arguments: given } = caseCommand('missing/case.html');
    const { code, stderr } = await runCommand(given);
    expect(code).toBe(2);
    expect(stderr).toContain(`--case cannot write ${path} (ENOENT)`);
    expect(existsSync(path)).toBe(false);
  });
});
