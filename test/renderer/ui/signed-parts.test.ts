import { describe, expect, it } from 'vitest';
import { shownParts } from '../../../src/renderer/ui/signed-parts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parts of a signed string', () => {
  it('gives each part its own text and colour, and leaves out parts of no length', () => {
    const parts = shownParts(bytes('msg_1.17.{}'), [
      { name: 'id', start: 0, end: 5 },
      { name: 'separator', start: 5, end: 6 },
      { name: 'timestamp', start: 6, end: 8 },
      { name: 'separator', start: 8, end: 9 },
      { name: 'body', start: 9, end: 11 },
      { name: 'url', start: 11, end: 11 },
    ]);
    expect(parts.map((part) => [part.name, part.text, part.colour])).toEqual([
      ['id', 'msg_1', 1],
      ['separator', '.', 4],
      ['timestamp', '17', 2],
      ['separator', '.', 4],
      ['body', '{}', 3],
    ]);
  });

  it('cuts a long part at a whole character and says how much is hidden', () => {
    const [part] = shownParts(bytes('aé€'), [{ name: 'body', start: 0, end: 6 }], 4);
    expect(part).toMatchObject({ text: 'aé', hiddenBytes: 3, isHex: false });
  });

  it('shows bytes that are not UTF-8 in hex', () => {
    const [part] = shownParts(new Uint8Array([0xff, 0x00, 0x41]), [{ name: 'body', start: 0, end: 3 }]);
    expect(part).toMatchObject({ text: 'ff 00 41', isHex: true, hiddenBytes: 0 });
  });
});
