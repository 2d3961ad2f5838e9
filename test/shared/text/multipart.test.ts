import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshBoundary, mediaTypeOf, multipartBody, type FormPart } from '#shared/text/multipart.ts';

const textPart = (name: string, value: string): FormPart => ({ name, content: Buffer.from(value), fileName: null, contentType: null });

describe('a multipart body', () => {
  it('has each part byte for byte, with names as browsers write them', () => {
    const file: FormPart = { name: 'a "b"', content: new Uint8Array([0, 13, 10, 255]), fileName: 'é\n.bin', contentType: 'image/png' };
    const body = multipartBody([textPart('title', 'März'), file], 'X');
    const expected = Buffer.concat([
      Buffer.from('--X\r\nContent-Disposition: form-data; name="title"\r\n\r\nMärz\r\n'),
      Buffer.from('--X\r\nContent-Disposition: form-data; name="a %22b%22"; filename="é%0A.bin"\r\nContent-Type: image/png\r\n\r\n'),
      Buffer.from([0, 13, 10, 255]),
      Buffer.from('\r\n--X--\r\n'),
    ]);
    expect('bytes' in body && expected.equals(body.bytes)).toBe(true);
  });

  it('is read by the platform as the parts that it was made of', async () => {
    const part = fc.record({
      name: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
      bytes: fc.uint8Array({ maxLength: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
        const boundary = freshBoundary(new Uint8Array(12).fill(7));
        const made = multipartBody(
          parts.map(({ bytes }, index) => ({ name: `p${index}`, content: bytes, fileName: `f${index}`, contentType: 'text/x' })),
          boundary,
        );
        if ('problem' in made) throw new Error(made.problem);
        const form = await new Response(made.bytes, {
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        }).formData();
        for (const [index, { bytes }] of parts.entries()) {
          const file = form.get(`p${index}`);
          if (!(file instanceof File)) throw new Error('no file');
          expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
          expect(file.name).toBe(`f${index}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['no parts', [], 'X', 'Add at least one part.'],
    ['a part without a name', [textPart('a', '1'), textPart('', '2')], 'X', 'Give part 2 a name.'],
    ['a part that contains the boundary', [textPart('a', 'b--X c')], 'X', 'The part a contains the boundary X'],
    ['a boundary that cannot be written', [textPart('a', '1')], 'a b"', 'The boundary has 1 to 70'],
  ])('is refused in words with %s', (_what, parts, boundary, why) => {
    const made = multipartBody(parts, boundary);
    expect('problem' in made && made.problem).toContain(why);
  });
});

it('knows the usual media types by the end of a name', () => {
  expect(['a.PDF', 'b.tar.zip', 'c', 'd.constructor'].map(mediaTypeOf)).toEqual([
    'application/pdf',
    'application/zip',
    'application/octet-stream',
    'application/octet-stream',
  ]);
});
