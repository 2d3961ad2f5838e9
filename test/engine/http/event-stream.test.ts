import { describe, expect, it } from 'vitest';
import { createEventReader, eventLineLimit, type ServerEvent } from '#engine/http/event-stream.ts';

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

  it('keeps nothing of an event of too many lines, and shares the memory of empty ones', () => {
    const reader = createEventReader(100_000_000, null);
    const [most] = reader.read(Buffer.from(`${'data\n'.repeat(eventLineLimit)}\n`));
    expect([most?.isTooLong, most?.lines.length, new Set(most?.lines).size]).toEqual([false, eventLineLimit, 1]);
    const [over] = reader.read(Buffer.from(`${'data\n'.repeat(eventLineLimit + 1)}\n`));
    expect([over?.isTooLong, over?.lines.length]).toEqual([true, 0]);
    expect(reader.lineCount()).toBe(2 * eventLineLimit + 3);
  });

  it('keeps its events when the memory of a chunk is used again', () => {
    const reader = createEventReader(1000, null);
    const chunks = ['data: o', 'ne\ndata: two\nda', 'ta: three\n\n'];
    const memory = Buffer.alloc(64);
    const events = chunks.flatMap((chunk) => reader.read(memory.subarray(0, memory.write(chunk))));
    memory.fill('x');
    reader.read(Buffer.from('data: another line'));
    expect(shown(events)).toEqual([['message', null, ['one', 'two', 'three']]]);
  });

  it('takes time in proportion to the bytes, however short the lines are', () => {
    const timeOf = (bytes: string) => {
      const [reader, chunk] = [createEventReader(1_000_000, null), Buffer.from(bytes)];
      const startMs = performance.now();
      reader.read(chunk);
      return performance.now() - startMs;
    };
    // By a search of the rest for each line it takes many times as long.
    for (const piece of ['\n', '\r', ':\n', 'data\n']) expect(timeOf(piece.repeat(524_288))).toBeLessThan(5000);
  });
});
