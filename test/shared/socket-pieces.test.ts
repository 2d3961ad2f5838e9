import { describe, expect, it } from 'vitest';
import { framesOf, pieceCharacters, sendingInPieces } from '#shared/socket-pieces.ts';

/** What the other side puts together again. */
const joined = (frames: readonly string[]) => frames.map((frame) => frame.slice(1)).join('');

describe('a message to be sent', () => {
  it('is one frame as long as it is short', () => {
    const message = JSON.stringify({ a: 'x'.repeat(pieceCharacters - 8) });
    expect(message).toHaveLength(pieceCharacters);
    expect(framesOf(message)).toEqual([message]);
  });

  it('is cut into marked frames when it is long, and never within a character', () => {
    const message = `${'x'.repeat(pieceCharacters - 1)}${'\u{1f600}'.repeat(pieceCharacters)}`;
    const frames = framesOf(message);
    expect(frames.map((frame) => frame.charCodeAt(0))).toEqual([1, 1, 2]);
    expect(frames.every((frame) => frame.isWellFormed())).toBe(true);
    expect(joined(frames)).toBe(message);
  });

  it('goes out frame by frame through a socket, and bytes as they are', () => {
    const sent: unknown[] = [];
    const socket = sendingInPieces({ send: (data: unknown) => void sent.push(data) });
    const long = 'a'.repeat(pieceCharacters + 1);
    for (const data of ['short', long, new Uint8Array(3)]) socket.send(data as string);
    expect(sent).toEqual(['short', ...framesOf(long), new Uint8Array(3)]);
  });
});
