import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verification } from '#shared/contract/verifying.ts';
import { foldVerification, unfoldVerification } from '#engine/signing/folded-verification.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

type Piece = readonly [name: string, bytes: Uint8Array];

function verificationOver(pieces: readonly Piece[]): Verification {
  let end = 0;
  const parts = pieces.map(([name, piece]) => {
    const start = end;
    end += piece.byteLength;
    return { name, start, end };
  });
  return {
    verdict: 'valid',
    reason: 'ok',
    message: 'The signature matches.',
    scheme: 'custom',
    checks: [],
    timestampAgeSeconds: null,
    matchedSecret: 0,
    matchedSignature: 0,
    receivedSignatures: [],
    expectedSignatures: [],
    signedBase64: Buffer.concat(pieces.map(([, piece]) => piece)).toString('base64'),
    parts,
    next: [],
    libraryNote: null,
  };
}

test('a verification comes back as it was, wherever and however often the body stands in the signed bytes', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.array(fc.tuple(fc.constantFrom('id', 'separator', 'url'), bytes), { maxLength: 4 }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      (body, others, order) => {
        const pieces = order.flatMap((isBody, index): Piece[] => (isBody ? [['body', body]] : others.slice(index, index + 1)));
        const full = verificationOver(pieces);
        const kept: unknown = JSON.parse(JSON.stringify(foldVerification(full, body)));
        expect(unfoldVerification(kept as ReturnType<typeof foldVerification>, body)).toEqual(full);
      },
    ),
  );
});

test('the body is not kept a second time', () => {
  const body = Buffer.from('x'.repeat(1000));
  const folded = foldVerification(
    verificationOver([
      ['id', Buffer.from('msg_1')],
      ['separator', Buffer.from('.')],
      ['body', body],
    ]),
    body,
  );
  expect(folded.pieces).toEqual([Buffer.from('msg_1.').toString('base64'), null]);
});

test('signed bytes that are not known stay unknown', () => {
  const full: Verification = { ...verificationOver([]), signedBase64: null };
  expect(unfoldVerification(foldVerification(full, new Uint8Array([1])), new Uint8Array([1]))).toEqual(full);
});

test('a verification kept before libraries were compared comes back without a note on them', () => {
  const full = verificationOver([['body', new Uint8Array([1, 2])]]);
  const { libraryNote: _none, ...older } = foldVerification(full, new Uint8Array([1, 2])).verification;
  expect(unfoldVerification({ verification: older, pieces: [null] }, new Uint8Array([1, 2]))).toEqual({ ...full, libraryNote: null });
});

test('signed bytes of more than 1 MiB beside the body are not kept, and those of the body always are', () => {
  const body = new Uint8Array(2_000_000).fill(120);
  const within = verificationOver([
    ['url', new Uint8Array(1_048_576)],
    ['body', body],
  ]);
  expect(unfoldVerification(foldVerification(within, body), body)).toEqual({ ...within, signedBase64: expect.anything() });
  const beyond = foldVerification(
    verificationOver([
      ['url', new Uint8Array(1_048_577)],
      ['body', body],
    ]),
    body,
  );
  expect(unfoldVerification(beyond, body)).toMatchObject({ verdict: 'valid', signedBase64: null, parts: [] });
});
