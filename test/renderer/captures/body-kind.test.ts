import { describe, expect, it } from 'vitest';
import { splitMultipart, viewBody } from '../../../src/renderer/features/captures/body-kind.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('choosing how to read a body', () => {
  it('lays out JSON whatever the content type claims', () => {
    expect(viewBody(bytes('{"a":1.0}'), 'text/plain')).toEqual({ kind: 'json', text: '{\n  "a": 1.0\n}' });
    expect(viewBody(bytes('{"a":1.0}'), null).kind).toBe('json');
  });

  it('lists the fields of a form in order, repeated names included', () => {
    expect(viewBody(bytes('a=1&b=x+y&a=%C3%A9'), 'application/x-www-form-urlencoded')).toEqual({
      kind: 'form',
      fields: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x y' },
        { name: 'a', value: 'é' },
      ],
    });
  });

  it('shows text that claims to be JSON and is not as the text it is', () => {
    expect(viewBody(bytes('{oops'), 'application/json')).toEqual({ kind: 'text', text: '{oops' });
  });

  it.each([
    ['application/atom+xml; charset=utf-8', '<a/>', 'xml'],
    ['text/html', '<p>a</p>', 'html'],
  ])('reads %s as markup', (contentType, text, language) => {
    expect(viewBody(bytes(text), contentType)).toEqual({ kind: 'markup', text, language });
  });

  it('calls bytes that are not UTF-8 binary, and none empty', () => {
    expect(viewBody(new Uint8Array([0xff, 0xfe]), 'application/json')).toEqual({ kind: 'binary' });
    expect(viewBody(new Uint8Array(), 'application/json')).toEqual({ kind: 'empty' });
  });
});

describe('parts of a multipart body', () => {
  const contentType = 'multipart/form-data; boundary="xyz"';
  const body = [
    '--xyz',
    'Content-Disposition: form-data; name="note"',
    '',
    'line one\r\nline two',
    '--xyz',
    'Content-Disposition: form-data; name="file"; filename="a.bin"',
    'Content-Type: application/octet-stream',
    '',
    'data',
    '--xyz--',
    '',
  ].join('\r\n');

  it('gives each part its name, file name, type and exact content', () => {
    const view = viewBody(bytes(body), contentType);
    expect(view).toMatchObject({
      kind: 'multipart',
      parts: [
        { name: 'note', fileName: null, contentType: null, text: 'line one\r\nline two' },
        { name: 'file', fileName: 'a.bin', contentType: 'application/octet-stream', text: 'data' },
      ],
    });
  });

  it('gives up on a body that ends without its closing boundary, which is then shown as text', () => {
    const cut = body.slice(0, body.lastIndexOf('--xyz--'));
    expect(splitMultipart(bytes(cut), contentType)).toBeNull();
    expect(viewBody(bytes(cut), contentType).kind).toBe('text');
  });
});
