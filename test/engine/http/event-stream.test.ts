import { describe, expect, it } from 'vitest';
import { createEventReader, type ServerEvent } from '#engine/http/event-stream.ts';

function readAll(chunks: readonly (string | Buffer)[], limitBytes = 1000, lastId: string | null = null): readonly ServerEvent[] {
  const reader = createEventReader(limitBytes, lastId);
  return chunks.flatMap((chunk) => reader.read(Buffer.from(chunk)));
}

const shown = (events: readonly ServerEvent[]) => events.map(({ type, lastId, lines }) => [type, lastId, lines.map(String)]);

describe('the reader of server-sent events', () => {
  const text =
    '\ufeffid: 1\nevent: ready\ndata: {}\n\n: ping\n\nid: 2\r\ndata: one\r\ndata:  two\r\n\r\ndata: three\rid: 3\r\rid\ndata\n\n';
  const expected = [
    ['ready', '1', ['{}']],
    ['message', '2', ['one', ' two']],
    ['message', '3', ['three']],
    ['message', '', ['']],
  ];

  it('reads fields, comments and every kind of line end', () => {
    expect(shown(readAll([text]))).toEqual(expected);
  });

  it('reads the same wherever the bytes are cut', () => {
    const bytes = Buffer.from(text);
    for (let at = 1; at < bytes.length; at += 1) expect(shown(readAll([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(expected);
    expect(shown(readAll([...bytes].map((byte) => Buffer.of(byte))))).toEqual(expected);
  });

  it('goes on with the id that it had, and ignores one with a zero byte', () => {
    expect(shown(readAll(['data: a\n\nid: x\0y\ndata: b\n\n'], 1000, '7'))).toEqual([
      ['message', '7', ['a']],
      ['message', '7', ['b']],
    ]);
  });

  it('tells nothing of an event without data, or one whose end does not come', () => {
    expect(readAll(['event: ping\n\n', 'data: half\n'])).toEqual([]);
  });

  it('keeps nothing of an event over the limit, says so with its id, and reads the next one', () => {
    const events = readAll([`id: 5\ndata: ${'x'.repeat(600)}\ndata: ${'x'.repeat(600)}\n\n`, 'id: 6\ndata: ok\n\n']);
    expect(events.map(({ isTooLong, lastId, lines }) => [isTooLong, lastId, lines.length])).toEqual([
      [true, '5', 0],
      [false, '6', 1],
    ]);
    const [endless] = readAll(['data: ', ...Array.from({ length: 50 }, () => 'y'.repeat(1000)), '\n\n']);
    expect(endless?.isTooLong).toBe(true);
  });
});
