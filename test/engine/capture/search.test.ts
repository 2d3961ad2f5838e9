import { call } from '@orpc/server';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';

const context = admit('test');

describe('a search of captures', () => {
  it('finds text in target, headers and body, says where, and tells of what it could not see', async () => {
    const { handlers, port } = await startCaptureWorkspace();
    const bin = await call(handlers.bins.create, { name: 'Shop', slug: 'shop' }, { context });
    const bytes = gzipSync('{"text":"\u00c4rger"}');
    const post = (path: string, body: Uint8Array, headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/shop${path}`, { method: 'POST', body: Buffer.from(body), headers });
    await post('/a?mail=a+b%40c', bytes, { 'content-encoding': 'gzip', 'content-type': 'application/json', 'x-shop': 'Nord 12' });
    const found = async (q: string) => {
      const { items, searchedInPart } = await call(handlers.captures.list, { binId: bin.id, q }, { context });
      return [items.map(({ foundIn }) => foundIn), searchedInPart];
    };
    expect(await found('\u00e4RGER')).toEqual([['request body'], undefined]);
    expect(await found('a b@c')).toEqual([['request line'], undefined]);
    expect(await found('x-shop: nord')).toEqual([['request headers'], undefined]);
    expect(await found('nowhere')).toEqual([[], undefined]);
    await post('/b', bytes.subarray(0, 25), { 'content-encoding': 'gzip' });
    expect(await found('nowhere')).toEqual([[], 1]);

    const { items } = await call(handlers.captures.list, { binId: bin.id }, { context });
    const decoded = await call(handlers.captures.decoded, { id: items[1]?.id ?? '' }, { context });
    expect(Buffer.from(decoded.bodyBase64, 'base64').toString()).toBe('{"text":"\u00c4rger"}');
    expect(decoded).toMatchObject({ undone: ['gzip'], rawBytes: bytes.byteLength, problems: [] });
  });
});
