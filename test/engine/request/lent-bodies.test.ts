import { afterAll, describe, expect, it } from 'vitest';
import { createBackground } from '#engine/background/background.ts';
import { createBuilder } from '#engine/request/builder.ts';
import { parseOptions } from '#engine/signing/registry.ts';
import { createSigner } from '#engine/signing/signer.ts';
import { createVerifier } from '#engine/signing/verifier.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';

const background = createBackground({ threadCode: backgroundThread });
afterAll(background.close);

const options = parseOptions('github-sha256');
const secrets = ['a secret of some length'];
const make = (bytes: number) => Buffer.allocUnsafeSlow(bytes).fill('x');

describe('a large body', () => {
  it('is signed and verified in a thread that gets its memory and no copy', async () => {
    const [signed, verified] = [make(1_000_000), make(1_000_000)];
    const input = { options, secrets, nowMs: 0, method: 'POST', url: '' };
    const { headers } = await createSigner(background)({ ...input, id: 'msg_1', body: signed });
    const { verdict } = await createVerifier(background).named({ ...input, url: null, headers, body: verified });
    expect([verdict, signed.byteLength, verified.byteLength]).toEqual(['valid', 0, 0]);
  });

  it('is lent for its code, and comes back with it', async () => {
    const { code } = createBuilder(background);
    const body = make(1_000_000);
    const written = await code('curl', { method: 'POST', url: 'http://a.example/', headers: [], body });
    expect(body.byteLength).toBe(0);
    expect(Buffer.from(written.body).equals(make(1_000_000))).toBe(true);
  });

  it('stays where it is when it is no larger than what may be signed over the same memory', async () => {
    const body = make(131_073);
    await createBuilder(background).code('curl', { method: 'POST', url: 'http://a.example/', headers: [], body });
    expect(body.byteLength).toBe(131_073);
  });
});
