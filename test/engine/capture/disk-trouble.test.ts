import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { admit, createDirectClient, type Engine } from '#engine/index.ts';
import { createDiskTrouble, isDiskFull } from '#engine/capture/disk-trouble.ts';
import { createChanges } from '#engine/base/changes.ts';
import { startTestEngine } from '../../support/engine.ts';
import { makeSmallDisk, noSmallDisk } from '../../support/small-disk.ts';
import { createTempFolder, createTestLog } from '../../support/temp-workspace.ts';

const clientOf = ({ engine }: { readonly engine: Engine }) => createDirectClient(engine.router, admit('test'));

/** Each body is another one, since what is the same is stored once. */
async function sendTo(url: string, byte = 0): Promise<readonly [number, string]> {
  const answer = await fetch(url, { method: 'POST', body: Buffer.alloc(3_000_000, byte) });
  return [answer.status, await answer.text()];
}

test('a full disk that does not take the body of a capture is told by the answer and by the health, until a body is kept again', async ({
  skip,
}) => {
  const disk = makeSmallDisk('24m');
  if (disk === null) return skip(noSmallDisk);
  const client = clientOf(await startTestEngine({ dataDir: disk.dataDir }));
  const { url } = await client.bins.create({ name: 'Own', slug: 'own' });
  const answers: string[] = [];
  // What is free is filled by captures themselves.
  while (answers.length < 20 && !answers.some((text) => text.startsWith('503')))
    answers.push((await sendTo(url, answers.length)).join(' '));
  expect(answers.at(-1)).toMatch(/^503 The disk is full, so (the body was not kept whole|Hookyard could not save this request)/);
  const { status, problem } = await client.system.health();
  expect(status).toBe('degraded');
  expect(problem).toMatch(/free (some )?space/);
  disk.resize('96m');
  expect(await sendTo(url, 100)).toEqual([200, '']);
  expect(await client.system.health()).toMatchObject({ status: 'ok', problem: null });
});

test('a folder that takes no files is told by its code, and the health is well again once a large body was kept', async () => {
  const dataDir = createTempFolder();
  const client = clientOf(await startTestEngine({ dataDir }));
  const { url } = await client.bins.create({ name: 'Own', slug: 'own' });
  const folder = join(dataDir, 'incoming');
  writeFileSync(folder, 'x');
  expect(await sendTo(url)).toEqual([
    503,
    'The disk did not take the body (EEXIST), so it was not kept whole. Send this one again later.\n',
  ]);
  expect(await client.system.health()).toMatchObject({
    status: 'degraded',
    isAccepting: true,
    problem: `The body of a capture could not be written into ${folder} (EEXIST): give yourself write access to it, and make sure that it is a folder. This is shown until a large body can be kept again.`,
  });
  // A small one proves nothing.
  expect((await fetch(url, { method: 'POST', body: 'small' })).status).toBe(200);
  expect((await client.system.health()).status).toBe('degraded');
  rmSync(folder);
  expect(await sendTo(url)).toEqual([200, '']);
  expect(await client.system.health()).toMatchObject({ status: 'ok', problem: null });
});

test('each kind of trouble says what to change, is published and logged once, and its end too', () => {
  const changes = createChanges();
  const log = createTestLog();
  const trouble = createDiskTrouble({ folder: '/data/incoming', changes, log });
  const said = (code: string) => {
    trouble.failed(code);
    return trouble.problem();
  };
  expect(said('ENOSPC')).toContain('The disk that holds /data/incoming was full (ENOSPC)');
  expect(said('ENOSPC')).toContain('free some space there, or lower the limit on the size of captures');
  expect(said('EMFILE')).toContain('raise the limit (ulimit -n)');
  expect(said('EROFS')).toContain('could not be written into /data/incoming (EROFS)');
  expect(said('EIO')).toContain('(EIO): check the disk');
  trouble.kept();
  trouble.kept();
  expect(trouble.problem()).toBeNull();
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'error', 'info']);
  expect(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'EIO', ''].map(isDiskFull)).toEqual([true, true, true, false, false]);
});
