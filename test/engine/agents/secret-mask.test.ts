import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretMask } from '#engine/agents/secret-mask.ts';

const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

async function maskOf(...secrets: readonly string[]) {
  const mask = createSecretMask();
  await mask.learn(secrets);
  return mask;
}

describe('a mask of secrets', () => {
  const password = 'correct horse/battery&staple"7Q2x';
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', secret],
    ['without its prefix', secret.slice('whsec_'.length)],
    ['in JSON', JSON.stringify({ password }).slice(13, -2)],
    ['in a URL', encodeURIComponent(password)],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex of capital letters', Buffer.from(secret).toString('hex').toUpperCase()],
    [
      'in base64',
      Buffer.from(secret)
        .toString('base64')
        .slice(0, Math.floor((secret.length * 8) / 6)),
    ],
    ['in base64url', Buffer.from(password).toString('base64url')],
  ];
  it.each(forms)('hides a secret %s', async (_, form) => {
    const mask = await maskOf(secret, password);
    expect(mask.text(`before ${form} after`)).toBe('before [secret] after');
  });

  it.each(['a', 'ab', 'abc', 'user:'])('hides a password behind %j in base64', async (before) => {
    const mask = await maskOf(password);
    const masked = mask.text(Buffer.from(before + password).toString('base64'));
    expect(masked).toMatch(/^.{0,7}\[secret\].{0,4}$/);
  });

  it('hides each line of a key in PEM, and not the lines around it', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\nVpguoRK9JLsLMREScVpe\n-----END PRIVATE KEY-----\n';
    const mask = await maskOf(pem);
    expect(mask.text(pem)).toBe('-----BEGIN PRIVATE KEY-----\n[secret]\n[secret]\n-----END PRIVATE KEY-----\n');
    expect(mask.text(JSON.stringify(pem))).toBe('"-----BEGIN PRIVATE KEY-----\\n[secret]\\n[secret]\\n-----END PRIVATE KEY-----\\n"');
  });

  it('does not tell whether the beginning or a piece of a secret was guessed', async () => {
    const mask = await maskOf('Bearer sk_live_9fK2mQ7xTz41LwPd');
    for (const guess of ['Bearer sk_live_9fK2mQ7xTz41LwP', 'sk_live_9fK2mQ7xTz41', 'fK2mQ7xTz41LwPd']) expect(mask.text(guess)).toBe(guess);
    expect(mask.text('the token sk_live_9fK2mQ7xTz41LwPd alone')).toBe('the token [secret] alone');
  });

  it('leaves text alone that only begins alike', async () => {
    const mask = await maskOf(secret, 'short');
    expect(mask.text('whsec_C2FVs and short')).toBe('whsec_C2FVs and short');
  });

  it('shows no character of a secret in any part, wherever the parts begin', async () => {
    const mask = await maskOf('ABCDEFGHIJKLMNOP', 'QRSTUVWX');
    const text = 'a lower-case text with ABCDEFGHIJKLMNOP inside, and QRSTUVWX, then some more of it';
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (one, other) => {
        const shown = mask.part(text, Math.min(one, other), Math.max(one, other));
        expect(shown).not.toMatch(/[A-Z]/);
      }),
    );
    const cuts = [0, 25, 30, 41, 60, text.length];
    const parts = cuts.slice(1).map((to, index) => mask.part(text, cuts[index] ?? 0, to));
    expect(parts.join('').replaceAll('[secret]', '')).toBe(text.replaceAll(/[A-Z]/g, ''));
  });
});
