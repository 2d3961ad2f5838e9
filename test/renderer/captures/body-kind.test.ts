import { describe, expect, it } from 'vitest';
import { boundaryOf, formFields, multipartParts, viewBody } from '../../../src/renderer/features/captures/body-kind.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const body = (text: string) => ({ bytes: bytes(text), text });

describe('choosing how to read a body', () => {
  it('lays out JSON whatever the content type claims', () => {
    expect(viewBody(body('{"a":1.0}'), 'text/plain')).toEqual({ kind: 'json' });
    expect(viewBody(body('{"a":1.0}'), null).kind).toBe('json');
  });

  it('lists the fields of a form in order, repeated names included', () => {
    const text = 'a=1&b=x+y&&a=%C3%A9&empty';
    expect(viewBody(body(text), 'application/x-www-form-urlencoded')).toEqual({ kind: 'form', text });
    const fields = [...formFields(text)];
    expect(fields.map((field) => [field?.name, field?.value])).toEqual([...new URLSearchParams(text)]);
  });

  it('shows the beginning of an endless field and says that it continues', () => {
    expect([...formFields(`a=${'%C3%A9'.repeat(100_000)}`)]).toEqual([{ name: 'a', value: 'é'.repeat(2000), isCut: true }]);
    expect([...formFields('a'.repeat(100_000))]).toMatchObject([{ name: 'a'.repeat(2000), value: '', isCut: true }]);
  });

  it('shows text that claims to be JSON and is not as the text it is', () => {
    expect(viewBody(body('{oops'), 'application/json')).toEqual({ kind: 'text' });
  });

  it.each([
    ['application/atom+xml; charset=utf-8', '<a/>'],
    ['text/html', '<p>a</p>'],
    ['application/xml', `<a>${' '.repeat(1_000_000)}</a>`],
  ])('reads %s as markup', (contentType, text) => {
    expect(viewBody(body(text), contentType)).toEqual({ kind: 'markup' });
  });

  it('calls bytes that are not UTF-8 binary, and none empty', () => {
    expect(viewBody({ bytes: new Uint8Array([0xff, 0xfe]), text: null }, 'application/json')).toEqual({ kind: 'binary' });
    expect(viewBody(body(''), 'application/json')).toEqual({ kind: 'empty' });
  });
});

describe('parts of a multipart body', () => {
  const contentType = 'multipart/form-data; boundary="xyz"';
  const content = [
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
    expect(viewBody(body(content), contentType)).toEqual({ kind: 'multipart', boundary: 'xyz' });
    const parts = [...multipartParts(bytes(content), 'xyz')].map(
      (part) => part && { ...part, bytes: new TextDecoder().decode(part.bytes) },
    );
    expect(parts).toEqual([
      { name: 'note', fileName: null, contentType: null, bytes: 'line one\r\nline two' },
      { name: 'file', fileName: 'a.bin', contentType: 'application/octet-stream', bytes: 'data' },
    ]);
  });

  it('gives up on a body that ends without its closing boundary, which is then shown as text', () => {
    const cut = content.slice(0, content.lastIndexOf('--xyz--'));
    expect(boundaryOf(bytes(cut), contentType)).toBeNull();
    expect(viewBody(body(cut), contentType).kind).toBe('text');
  });
});
