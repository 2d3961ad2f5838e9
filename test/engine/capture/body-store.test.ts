import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, createBodyStore } from '#engine/capture/body-store.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const room = { smallBytes: 64, memoryBytes: 200, diskBytes: 1000 };
const newFolder = () => join(createTempFolder(), 'incoming');
const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

const pieces = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 12 });

describe('a body that comes in', () => {
  it('is given back as it went in, up to its limit, however it was cut, wherever it lies and whatever length was declared', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(200), fc.nat(300), async (chunks, limitBytes, declaredBytes) => {
        const sink = createBodyStore(newFolder(), room).begin(limitBytes, declaredBytes);
        const added = chunks.map((chunk) => sink.add(chunk));
        const whole = Buffer.concat(chunks);
        const { body, isWhole } = await sink.finish();
        expect(Buffer.from(bytesOf(body))).toEqual(whole.subarray(0, limitBytes));
        expect([body.size, isWhole]).toEqual([Math.min(limitBytes, whole.byteLength), true]);
        expect(added.every((one) => one === 'taken')).toBe(whole.byteLength <= limitBytes);
        await sink.release();
      }),
      { numRuns: 50 },
    );
  });

  it('takes no more memory than it has bytes where its sender says how many these are', async () => {
    const sink = createBodyStore(newFolder()).begin(100_000, 30);
    sink.add(Buffer.alloc(10));
    sink.add(Buffer.alloc(20));
    const { body } = await sink.finish();
    expect(bytesOf(body).buffer.byteLength).toBe(30);
  });

  it('lies in a file that only its owner can read once it is large, until it is released', async () => {
    const folder = newFolder();
    const sink = createBodyStore(folder, room).begin(500);
    sink.add(Buffer.alloc(60));
    expect(filesIn(folder)).toEqual([]);
    sink.add(Buffer.alloc(60));
    const { body } = await sink.finish();
    expect('path' in body && statSync(body.path).mode & 0o777).toBe(0o600);
    await sink.release();
    expect(filesIn(folder)).toEqual([]);
  });

  it('goes to a file while others take up the memory, and finds no room where they take up the disk, until they are released', async () => {
    const folder = newFolder();
    const store = createBodyStore(folder, { smallBytes: 64, memoryBytes: 64, diskBytes: 100 });
    const [first, second, third] = [store.begin(500), store.begin(500), store.begin(500)];
    expect(first.add(Buffer.alloc(64))).toBe('taken');
    expect(second.add(Buffer.alloc(90))).toBe('taken');
    expect(third.add(Buffer.alloc(20))).toBe('no-room');
    await second.finish();
    expect(filesIn(folder)).toHaveLength(1);
    await second.release();
    expect(third.add(Buffer.alloc(20))).toBe('taken');
    await Promise.all([first.release(), third.release()]);
    expect(filesIn(folder)).toEqual([]);
  });

  it('is not taken faster than it is written', async () => {
    const folder = newFolder();
    const sink = createBodyStore(folder).begin(10_000_000);
    expect([sink.add(Buffer.alloc(500_000, 'a')), sink.add(Buffer.alloc(500_000, 'b'))]).toEqual(['taken', 'taken']);
    const ready = sink.ready();
    expect(ready).not.toBeNull();
    await ready;
    expect(statSync(join(folder, '1.body')).size).toBe(1_000_000);
    await sink.release();
  });

  it('that the disk does not take is not whole, and the next piece of it is told so', async () => {
    const folder = newFolder();
    const store = createBodyStore(folder, room);
    // A file where the folder is to be: nothing can be written below it.
    writeFileSync(folder, 'x');
    const sink = store.begin(500);
    expect(sink.add(Buffer.alloc(100))).toBe('taken');
    expect(await sink.finish()).toEqual({ body: { size: 0, bytes: new Uint8Array(0) }, isWhole: false });
    expect(sink.add(Buffer.alloc(100))).toBe('not-written');
    await sink.release();
  });

  it('that a killed process left behind is taken away at the next start', () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, '1.body'), 'x');
    createBodyStore(folder);
    expect(filesIn(folder)).toEqual([]);
  });
});

describe('a bin', () => {
  it('keeps and verifies a body that lay in a file, and takes the file away', async () => {
    const bodyFolder = newFolder();
    const { capture, port, captures } = await startCaptureWorkspace({ bodyFolder });
    await capture.createBin({ name: 'Own', slug: 'own', signing: { scheme: 'gitlab-token' }, secrets: ['token'] });
    const body = Buffer.alloc(1_000_000, 'abc');
    const answer = await fetch(`http://127.0.0.1:${port}/own`, { method: 'POST', body, headers: { 'X-Gitlab-Token': 'token' } });
    expect(answer.status).toBe(200);
    const [kept] = await captures();
    expect(Buffer.from(kept?.bodyBase64 ?? '', 'base64').equals(body)).toBe(true);
    expect(kept).toMatchObject({ isBodyTruncated: false, verification: { verdict: 'valid' } });
    expect(filesIn(bodyFolder)).toEqual([]);
  });

  it('answers 503 with a sentence, and keeps what came, where there is no room for more', async () => {
    const { capture, port, captures } = await startCaptureWorkspace({ bodyRoom: { smallBytes: 10, memoryBytes: 10, diskBytes: 1000 } });
    await capture.createBin({ name: 'Own', slug: 'own' });
    const answer = await fetch(`http://127.0.0.1:${port}/own`, { method: 'POST', body: 'x'.repeat(5000) });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).toContain('More large bodies are coming in at once than there is room for.');
    expect(await captures()).toMatchObject([{ isBodyTruncated: true, status: 503 }]);
  });
});
