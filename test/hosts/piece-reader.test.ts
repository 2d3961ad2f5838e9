import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { createBodyRoom } from '#hosts/headless/body-room.ts';
import { createPieceReader } from '#hosts/headless/piece-reader.ts';
import { framesOf, pieceMarks } from '#shared/socket-pieces.ts';

const more = (text: string) => Buffer.from(`${pieceMarks.more}${text}`);
const last = (text: string) => Buffer.from(`${pieceMarks.last}${text}`);

describe('the pieces of a message', () => {
  it('are kept each in its own memory, and are whole with the last', () => {
    const room = createBodyRoom();
    const reader = createPieceReader(1_000_000, room.begin);
    const message = `{"a":"${'é'.repeat(150_000)}"}`;
    const taken = framesOf(message).map((frame) => reader.take(Buffer.from(frame)));
    expect(taken.map(({ kind }) => kind)).toEqual(['more', 'more', 'whole']);
    const [whole] = taken.slice(-1);
    if (whole?.kind !== 'whole') return expect.unreachable();
    expect(Buffer.concat(whole.pieces).toString('utf8')).toBe(message);
    expect(whole.bytes).toBe(Buffer.byteLength(message));
    expect(whole.pieces.every(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toBe(true);
    expect(room.takenBytes()).toBe(0);
  });

  it('take room until they are whole or dropped, and are refused where there is none', () => {
    const room = createBodyRoom({ bytes: 200_000, smallBytes: 0 });
    const [first, second] = [createPieceReader(1_000_000, room.begin), createPieceReader(1_000_000, room.begin)];
    expect(first.take(more('x'.repeat(150_000))).kind).toBe('more');
    expect(room.takenBytes()).toBe(150_000);
    expect(second.take(more('x'.repeat(100_000))).kind).toBe('no room');
    first.drop();
    expect(room.takenBytes()).toBe(0);
    expect(second.take(last('x')).kind).toBe('whole');
  });

  it('are refused over the limit, and when something else comes between them', () => {
    const reader = createPieceReader(10, createBodyRoom().begin);
    expect(reader.take(Buffer.from('{}')).kind).toBe('plain');
    expect(reader.take(more('12345')).kind).toBe('more');
    expect(reader.take(Buffer.from('{}')).kind).toBe('out of order');
    expect(reader.take(last('123456')).kind).toBe('too large');
  });
});
