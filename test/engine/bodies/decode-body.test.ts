import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '#engine/bodies/decode-body.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { inCharsets, packed, packers } from './packed.ts';

const text = '{"name":"na\u00efve","list":[1,2,3]}';
const json: HeaderField = ['Content-Type', 'application/json'];

const decode = (bytes: Uint8Array, headers: readonly HeaderField[] = [json], limitBytes?: number, isTruncated = false) =>
  decodeBody({ bytes, headers, isTruncated }, limitBytes);
const textOf = ({ bodyBase64 }: { readonly bodyBase64: string }) => Buffer.from(bodyBase64, 'base64').toString('utf8');

/** JSON that no compressor makes much smaller. */
function longText(): string {
  let seed = 7;
  const number = () => (seed = (seed * 48_271) % 2_147_483_647);
  return JSON.stringify(Array.from({ length: 4000 }, number));
}

describe('a packed body', () => {
  it.each(packers)('in %s is unpacked, with both sizes', async (_name, coding, pack) => {
    const bytes = pack(Buffer.from(text));
    const decoded = await decode(bytes, [json, ['content-encoding', coding.toUpperCase()]]);
    expect(textOf(decoded)).toBe(text);
    expect(decoded).toMatchObject({
      undone: [coding],
      charset: 'utf-8',
      isCut: false,
      problems: [],
      unpackedBytes: Buffer.byteLength(text),
    });
    expect(decoded.summary).toBe(`${coding}, ${bytes.byteLength} bytes \u2192 ${Buffer.byteLength(text)} bytes; UTF-8`);
  });

  it('in several codings is unpacked in the order that undoes them', async () => {
    const once = packed(text, 'br').bytes;
    const decoded = await decode(gzipSync(once), [json, ['Content-Encoding', 'br, gzip']]);
    expect(textOf(decoded)).toBe(text);
    expect(decoded.undone).toEqual(['gzip', 'br']);
  });

  it.each(['gzip', 'zstd'])('in %s is known by its first bytes when no header says so', async (coding) => {
    const decoded = await decode(packed(text, coding).bytes);
    expect(textOf(decoded)).toBe(text);
    expect(decoded.summary).toContain('by its first bytes; no header says so');
  });

  it.each(packers)('in %s that unpacks to far more than is shown ends at the limit', async (_name, coding, pack) => {
    const bomb = pack(Buffer.alloc(16 * 1024 * 1024, 'a'));
    const decoded = await decode(bomb, [json, ['Content-Encoding', coding]], 100_000);
    expect(decoded).toMatchObject({ isCut: true, problems: [], unpackedBytes: 100_000 });
    expect(decoded.summary).toContain('more than 100,000 bytes');
    expect(textOf(decoded)).toBe('a'.repeat(100_000));
  });

  it.each(packers.filter(([name]) => name !== 'br' && name !== 'zstd'))(
    'in %s that is damaged is read up to the damage, whose place is told',
    async (_name, coding, pack) => {
      const whole = longText();
      const bytes = Buffer.from(pack(Buffer.from(whole)));
      // A run of ones is no valid beginning of a block, and far from any code that stands for a digit.
      bytes.fill(0xff, 10_000, 10_200);
      const decoded = await decode(bytes, [json, ['Content-Encoding', coding]]);
      const [problem = ''] = decoded.problems;
      const [, place = '0'] = /could be read only to byte ([\d,]+) of/.exec(problem) ?? [];
      const at = Number(place.replaceAll(',', ''));
      expect(at).toBeGreaterThanOrEqual(10_000);
      expect(at).toBeLessThan(10_200);
      const read = textOf(decoded);
      expect(read.length).toBeGreaterThan(10_000);
      expect(whole.startsWith(read.slice(0, 10_000))).toBe(true);
    },
  );

  it('in gzip with a byte changed in the middle does not take what was read for right', async () => {
    const bytes = Buffer.from(gzipSync(Buffer.from('0123456789'.repeat(50))));
    bytes.writeUInt32LE((bytes.readUInt32LE(bytes.byteLength - 8) ^ 1) >>> 0, bytes.byteLength - 8);
    const decoded = await decode(bytes, [json, ['Content-Encoding', 'gzip']]);
    expect(decoded.problems[0]).toMatch(
      /^The gzip stream could be read only to byte \d+ of \d+: 500 bytes could be read, and some of it may be wrong\.$/,
    );
  });

  it.each(packers)('in %s that ends early is read as far as it goes', async (_name, coding, pack) => {
    const whole = longText();
    const bytes = pack(Buffer.from(whole));
    const decoded = await decode(bytes.subarray(0, bytes.byteLength - 20), [json, ['Content-Encoding', coding]], undefined, true);
    expect(decoded.problems).toHaveLength(1);
    expect(decoded.problems[0]).toContain('ends before its end, since the body was not kept whole');
    expect(whole.startsWith(textOf(decoded))).toBe(true);
  });

  it('that is not what its header says is shown as it came', async () => {
    const decoded = await decode(Buffer.from(text), [json, ['Content-Encoding', 'gzip']]);
    expect(textOf(decoded)).toBe(text);
    expect(decoded.problems[0]).toContain('does not begin as gzip does');
    const unknown = await decode(Buffer.from(text), [json, ['Content-Encoding', 'aes128gcm']]);
    expect(textOf(unknown)).toBe(text);
    expect(unknown.problems[0]).toContain('aes128gcm, which Hookyard cannot undo');
    const many = await decode(Buffer.from(text), [['Content-Encoding', Array.from({ length: 1000 }, () => 'gzip').join(',')]]);
    expect(many.problems[0]).toContain('more codings than are undone');
  });

  it('is nothing special when it is empty', async () => {
    expect(await decode(new Uint8Array(), [['Content-Encoding', 'gzip']])).toMatchObject({ bodyBase64: '', unpackedBytes: 0 });
  });
});

describe('a charset', () => {
  it.each(inCharsets(text))('%s is read as text', async (charset, bytes) => {
    const decoded = await decode(bytes, [['Content-Type', `application/json; charset="${charset}"`]]);
    expect(textOf(decoded)).toBe(text);
    expect(decoded.problems).toEqual([]);
  });

  it.each([
    ['shift_jis', [0x83, 0x65, 0x83, 0x58, 0x83, 0x67], '\u30c6\u30b9\u30c8'],
    ['euc-jp', [0xa5, 0xc6, 0xa5, 0xb9, 0xa5, 0xc8], '\u30c6\u30b9\u30c8'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x25, 0x46, 0x25, 0x39, 0x25, 0x48, 0x1b, 0x28, 0x42], '\u30c6\u30b9\u30c8'],
    ['gb18030', [0xc4, 0xe3, 0xba, 0xc3], '\u4f60\u597d'],
    ['big5', [0xa7, 0x41, 0xa6, 0x6e], '\u4f60\u597d'],
    ['windows-1251', [0xcf, 0xf0, 0xe8], '\u041f\u0440\u0438'],
    ['windows-1252', [0x80, 0x93, 0x94], '\u20ac\u201c\u201d'],
  ])('%s is read as text', async (charset, bytes, meant) => {
    expect(textOf(await decode(Uint8Array.from(bytes), [['Content-Type', `text/plain; charset=${charset}`]]))).toBe(meant);
  });

  it('is told with the first byte that does not belong to it', async () => {
    const bytes = Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(' au lait')]);
    const decoded = await decode(bytes, [['Content-Type', 'text/plain; charset=utf-8']]);
    expect(decoded.problems).toEqual(['Not all bytes are UTF-8, the first that is not at byte 3; they are shown as \ufffd.']);
    expect(textOf(decoded)).toBe('caf\ufffd au lait');
    const wide = await decode(Uint8Array.from([0x41, 0x81, 0x20, 0x42]), [['Content-Type', 'text/plain; charset=shift_jis']]);
    expect(wide.problems[0]).toContain('Not all bytes are Shift_JIS, the first that is not at byte');
  });

  it('that nobody named is guessed for text, and said to be a guess', async () => {
    const decoded = await decode(Buffer.from(text, 'latin1'));
    expect(textOf(decoded)).toBe(text);
    expect(decoded.summary).toContain('a guess');
    const binary = await decode(Uint8Array.from([0x89, 0x50, 0xff, 0x00]), [['Content-Type', 'image/png']]);
    expect(binary).toMatchObject({ charset: null, summary: 'not text', problems: [] });
  });

  it('that does not exist is told', async () => {
    const decoded = await decode(Buffer.from(text), [['Content-Type', 'text/plain; charset=utf-9']]);
    expect(textOf(decoded)).toBe(text);
    expect(decoded.problems[0]).toContain('charset=utf-9, which is not a charset that is known here');
  });
});
