import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createMessageLines, mostLineBytes, type MessageId } from '#hosts/mcp/message-lines.ts';

/** What is passed on of an input that comes in these pieces, and what is refused. */
async function linesOf(pieces: Iterable<string>) {
  const refused: { readonly id: MessageId | undefined; readonly message: string }[] = [];
  const lines = Readable.from([...pieces].map((piece) => Buffer.from(piece))).pipe(
    createMessageLines((id, message) => refused.push({ id, message })),
  );
  const passed: string[] = [];
  lines.on('data', (line: Buffer) => passed.push(String(line)));
  await once(lines, 'end');
  return { passed, refused };
}

const tooLong = expect.stringContaining('10,485,760 bytes');
const filling = (bytes: number) => 'x'.repeat(bytes);

describe('lines with messages', () => {
  it('are passed on whole, however they come, and an end without a line end is not', async () => {
    expect(await linesOf(['{"a"', ':1}\r\n{"b":', '2}\n', '\n{"c":3}'])).toEqual({
      passed: ['{"a":1}\r\n', '{"b":2}\n', '\n'],
      refused: [],
    });
  });

  it('are refused over the limit, to the byte, and the next one is passed on', async () => {
    const fits = `${filling(mostLineBytes - 1)}\n`;
    const { passed, refused } = await linesOf([fits, `${filling(mostLineBytes)}\n{"next":1}\n`]);
    expect(passed.map((line) => line.length)).toEqual([mostLineBytes, 11]);
    expect(refused).toEqual([{ id: undefined, message: tooLong }]);
  });

  it.each([
    [7, `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"x":"`, '"}}'],
    ['a"b', `{ "id" : "a\\"b" , "method":"tools/call","params":{"x":"`, '"}}'],
    [8, '{"method":"tools/call","params":{"id":1,"x":"', '"},"jsonrpc":"2.0","id":8}'],
    [9, '{"method":"tools/call","params":{"x":"', '"},"id":9,"jsonrpc":"2.0"}'],
    // An id within the data is none of the message.
    [undefined, '{"method":"tools/call","params":{"x":"', '","id":9}}'],
    [undefined, '{"method":"notifications/x","params":{"id":1,"x":"', '"}}'],
  ])('are refused under the id %j of their request', async (id, begin, end) => {
    const pieces = Array.from({ length: 12 }, () => filling(1_048_576));
    expect((await linesOf([begin, ...pieces, `${end}\n`])).refused).toEqual([{ id, message: tooLong }]);
  });

  it.each(['"__proto__"', '"\\u005f_proto__"'])('are refused where a tool gets an argument %s, which would be left out', async (name) => {
    const call = (given: string) => `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"list_bins","arguments":{${given}}}}\n`;
    const within = call(`"data":{${name}:1}`);
    expect(await linesOf([call(`${name}:{"limit":1}`), within])).toEqual({
      passed: [within],
      refused: [{ id: 3, message: expect.stringContaining('arguments.__proto__: no tool takes') }],
    });
  });

  it('are refused where they are a batch', async () => {
    expect(await linesOf(['[{"jsonrpc":"2.0","id":1,"method":"ping"}]\n'])).toEqual({
      passed: [],
      refused: [{ id: undefined, message: expect.stringContaining('one message at a time') }],
    });
  });
});
