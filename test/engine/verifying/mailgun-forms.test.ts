import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { multipartBody, type FormPart } from '#shared/text/multipart.ts';
import { verifyRecognised } from '#engine/signing/verify-recognised.ts';

const secret = 's3cret-key-0123-long-enough';
const timestamp = '1760000000';
const token = 'c'.repeat(50);
const signature = createHmac('sha256', secret)
  .update(timestamp + token)
  .digest('hex');

/** A mail as a route of Mailgun posts it; the parts of the signature last, behind the attachment. */
function mail(fields: Readonly<Record<string, string>>, attachment: Uint8Array): Uint8Array {
  const part = (name: string, content: Uint8Array, fileName: string | null = null): FormPart => ({
    name,
    content,
    fileName,
    contentType: null,
  });
  const made = multipartBody(
    [
      part('recipient', Buffer.from('zoë@example.com')),
      part('attachment-1', attachment, 'a.bin'),
      ...Object.entries(fields).map(([name, value]) => part(name, Buffer.from(value))),
    ],
    'xYzZY',
  );
  if ('problem' in made) throw new Error(made.problem);
  return made.bytes;
}

function ask(body: Uint8Array) {
  const headers: readonly [string, string][] = [['Content-Type', 'multipart/form-data; boundary=xYzZY']];
  return verifyRecognised({ method: 'POST', url: null, headers, body, secrets: [secret], nowMs: 1_760_000_000_000 });
}

describe('a mail that Mailgun passes on as multipart', () => {
  const binary = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);

  it('is verified by its fields, attachments or not', () => {
    expect(ask(mail({ timestamp, token, signature }, binary))).toMatchObject({ verdict: 'valid', scheme: 'mailgun' });
  });

  it('is invalid with another token', () => {
    expect(ask(mail({ timestamp, token: 'd'.repeat(50), signature }, binary))).toMatchObject({
      verdict: 'invalid',
      reason: 'signature_mismatch',
      scheme: 'mailgun',
    });
  });

  it('takes no part of a file for a field', () => {
    const inFile = Buffer.from(`\r\n\r\nname="signature"\r\n\r\n${signature}`);
    expect(ask(mail({ timestamp, token }, inFile))).toMatchObject({ verdict: 'unsigned' });
  });
});

it('names Paddle Classic by its p_signature, which cannot be checked here', () => {
  const form = new URLSearchParams({ alert_name: 'payment_succeeded', p_signature: Buffer.alloc(512, 7).toString('base64') });
  const headers: readonly [string, string][] = [['Content-Type', 'application/x-www-form-urlencoded']];
  const input = { method: 'POST', url: null, headers, body: Buffer.from(form.toString()), secrets: [], nowMs: 0 };
  expect(verifyRecognised(input)).toMatchObject({ verdict: 'unchecked', scheme: 'paddle-classic', reason: 'scheme_unsupported' });
});
