import { createPrivateKey, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { mergedParts } from '#engine/auth/parts.ts';
import { keyRounds } from '#engine/auth/key-rounds.ts';
import { createBackground } from '#engine/background/background.ts';
import { longestRsaBits, readPairKey } from '#engine/signing/key-text.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { clientP12Base64, oldClientP12Base64 } from '../../fixtures/certificates/client-p12.ts';
import { makeCertificate, oid, sequence, tlv } from '../../support/test-certificates.ts';

const client = makeCertificate({ names: ['client.test'] });
const passphrase = 'open-sesame';

const patient = createBackground({ threadCode: backgroundThread });
afterAll(patient.close);

/** Checks a part as the contract's call does; `tasks` are those that ran in a thread. */
async function checked(part: object, background = patient) {
  const tasks: string[] = [];
  const run: typeof background.run = (lane, task, ...rest) => {
    tasks.push(`${lane}: ${task.name}`);
    return background.run(lane, task, ...rest);
  };
  const parts = await mergedParts([{ kind: 'mutual-tls', ...part }], [], { background: { run }, nowMs: Date.now() });
  return { identity: JSON.parse(parts[0]?.secrets[0]?.secret ?? '') as Record<string, string>, tasks };
}

/** A private key that PBES2 has encrypted in so many rounds, as its file says; nothing opens it. */
const encryptedIn = (rounds: number) =>
  encryptedBy(sequence(oid('1.2.840.113549.1.5.12'), sequence(tlv(0x04, randomBytes(8)), integer(rounds))));

const scryptOf = (...numbers: readonly number[]) =>
  sequence(oid('1.3.6.1.4.1.11591.4.11'), sequence(tlv(0x04, randomBytes(8)), ...numbers.map(integer)));

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  return tlv(0x02, bytes.subarray(bytes.findIndex((byte, index) => byte !== 0 || (bytes[index + 1] ?? 0x80) >= 0x80)));
}

function encryptedBy(derivation: Uint8Array): string {
  const aes = sequence(oid('2.16.840.1.101.3.4.1.42'), tlv(0x04, randomBytes(16)));
  const der = sequence(sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, aes)), tlv(0x04, randomBytes(64)));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

const refusedKey = (message: string) => ({
  code: 'INPUT_INVALID',
  data: { issues: [{ path: 'parts.0.privateKey', message: expect.stringContaining(message) as string }] },
});

describe('an encrypted private key', () => {
  it('is opened once, in a thread, and kept without its passphrase', async () => {
    const encrypted = createPrivateKey(client.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
    const { identity, tasks } = await checked({ certificate: client.cert, privateKey: encrypted, passphrase });
    expect(tasks).toEqual(['keys: checkIdentity']);
    expect(Object.keys(identity).toSorted()).toEqual(['certificate', 'privateKey']);
    expect(createPrivateKey(identity['privateKey'] ?? '').equals(createPrivateKey(client.key))).toBe(true);
  });

  it('that takes very many rounds is given up, in words', async () => {
    const hasty = createBackground({ threadCode: backgroundThread, limitMs: 1 });
    onTestFinished(hasty.close);
    const late = checked({ certificate: client.cert, privateKey: encryptedIn(2_000_000), passphrase }, hasty);
    await expect(late).rejects.toMatchObject(refusedKey('takes more than 5 seconds to open it: encrypt it again with fewer rounds'));
  });

  it('that takes more rounds than a thread may be busy with is refused with both numbers, by PBKDF2 and by scrypt', async () => {
    const [pbkdf2, scrypt] = [encryptedIn(2_000_000_000), encryptedBy(scryptOf(131_072, 8, 131_072))];
    await expect(checked({ certificate: client.cert, privateKey: pbkdf2, passphrase })).rejects.toMatchObject(
      refusedKey('takes 2,000,000,000 rounds to open the private key, and at most 10,000,000 are possible'),
    );
    await expect(checked({ certificate: client.cert, privateKey: scrypt, passphrase })).rejects.toMatchObject(
      refusedKey('takes 137,438,953,472 rounds'),
    );
  });
});

describe('a PKCS#12 file', () => {
  const bytes = Buffer.from(clientP12Base64, 'base64');

  it('says how many rounds each of its parts takes', () => {
    expect(keyRounds(bytes)).toBe(3 * 2048);
    expect(keyRounds(Buffer.from(oldClientP12Base64, 'base64'))).toBe(3 * 2048);
    expect(keyRounds(randomBytes(64))).toBe(0);
  });

  it('says so too where elements end with a mark instead of having a length', () => {
    const end = Buffer.of(0, 0);
    const inner = Buffer.concat([Buffer.of(0x30, 0x80), tlv(0x04, randomBytes(8)), tlv(0x02, Buffer.of(0x08, 0)), end]);
    expect(keyRounds(Buffer.concat([Buffer.of(0x30, 0x80), inner, inner, end]))).toBe(4096);
    expect(keyRounds(Buffer.alloc(300_000, Buffer.of(0x30, 0x80)))).toBe(0);
  });

  it('of more rounds than connections can pay for is refused with both numbers', async () => {
    const costly = Buffer.from(bytes.toString('hex').replaceAll('02020800', '02027fff'), 'hex');
    await expect(checked({ pkcs12Base64: costly.toString('base64'), passphrase })).rejects.toMatchObject({
      data: {
        issues: [{ path: 'parts.0.pkcs12Base64', message: expect.stringContaining('takes 98,301 rounds to open, and at most 60,000') }],
      },
    });
  });
});

it('an RSA key that signs is refused when it is so long that each signature would hold up others', () => {
  const number = (bits: number) => Buffer.concat([Buffer.of(0x81), randomBytes(bits / 8 - 2), Buffer.of(1)]).toString('base64url');
  const half = number(longestRsaBits / 2);
  const key = { kty: 'RSA', n: number(longestRsaBits + 8), e: 'AQAB', d: half, p: half, q: half, dp: half, dq: half, qi: half };
  expect(readPairKey(JSON.stringify(key), ['rsa'])).toEqual({ problem: expect.stringContaining('has 8,200 bits') });
  const { kty, n, e } = key;
  expect(readPairKey(JSON.stringify({ kty, n, e }), ['rsa'])).toHaveProperty('key');
});
