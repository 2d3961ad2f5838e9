import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createOfflineClient } from '#engine/index.ts';
import { fingerprintOf } from '#engine/signing/secret.ts';
import { customerText, fingerprintCommand } from '#shared/customer-text.ts';
import { customerFacts, fingerprintsOf } from '../../../src/renderer/features/verify/customer-facts.ts';
import { emptyInput, readInput, type VerifyInput } from '../../../src/renderer/features/verify/verify-input.ts';

const secret = "it's a secret $x é";

async function textFor(input: Partial<VerifyInput>): Promise<string> {
  const client = createOfflineClient();
  const schemes = (await client.verifying.schemes()).items;
  const whole = { ...emptyInput, ...input };
  const { question } = readInput(whole, schemes);
  const verification = question === null ? null : await client.verifying.verify(question);
  const state = { input: whole, schemes, owners: [], verification } as unknown as Parameters<typeof customerFacts>[0];
  return customerText(customerFacts(state, await fingerprintsOf(whole.secrets)));
}

describe('the text for the customer', () => {
  it('asks only for what the scheme needs, and gives the fingerprint of the secret and never the secret', async () => {
    const head = `X-Hub-Signature-256: sha256=${'ab'.repeat(32)}\nX-GitHub-Event: ping`;
    const text = await textFor({ head, body: '{"a":1}', secrets: [secret] });
    expect(text).toMatch(/^Hello,\n/);
    expect(text).toContain('1. The body exactly as your server received it');
    expect(text).toContain('What we have has 7 bytes.');
    expect(text).toContain(`Ours is ${fingerprintOf(secret)}`);
    expect(text).toContain(fingerprintCommand);
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/URL|header/);
  });

  it('asks for a masked header, and for the URL where it is signed', async () => {
    const masked = await textFor({ head: 'X-Hub-Signature-256: sha256=********', body: '{}', secrets: ['x'] });
    expect(masked).toContain('1. The header X-Hub-Signature-256, whole');
    const head =
      'POST /sms HTTP/1.1\nHost: a.example\nX-Twilio-Signature: gtZ+TlUP3uITOxT+oM0bgGLNXPc=\nContent-Type: application/x-www-form-urlencoded';
    expect(await textFor({ head, body: 'a=1', secrets: ['12345678901234567890123456789012'] })).toContain(
      'The URL that the webhook is sent to',
    );
  });

  it('does not say that a signature is wrong which was compared with nothing', async () => {
    const head = `X-Hub-Signature-256: sha256=${'ab'.repeat(32)}`;
    expect(await textFor({ head, body: '{}', secrets: [secret] })).toContain(
      'signature of the webhook you sent us does not match the request',
    );
    for (const text of [
      await textFor({ head, body: '{}', secrets: [] }),
      await textFor({ head: 'X-Hub-Signature-256: sha256=********', body: '{}', secrets: [secret] }),
    ]) {
      expect(text).toContain('could not be checked with what we have');
      expect(text).not.toContain('does not match');
    }
  });

  it('says of Stripe that its command line has a secret of its own', async () => {
    const head = `Stripe-Signature: t=1795855149,v1=${'ab'.repeat(32)}`;
    expect(await textFor({ head, body: '{}', secrets: ['whsec_x'] })).toContain('"stripe listen" have one of their own');
  });

  it('gives a command that makes the same fingerprint as we do', async ({ skip }) => {
    const command = fingerprintCommand.replace('read -rs', 'read -r');
    let printed = '';
    try {
      printed = execFileSync('bash', ['-c', command], { input: `${secret}\n`, encoding: 'utf8' });
    } catch {
      skip('bash or openssl is not there');
    }
    expect(printed.trim()).toBe(fingerprintOf(secret));
    expect(await fingerprintsOf([secret])).toEqual([fingerprintOf(secret)]);
  });
});
