import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writerThread } from '#engine/log/hot-writes.ts';
import { moveWaitingWrite } from '#engine/log/moved-times.ts';
import { createHotWriter } from '#engine/store/hot-writer.ts';
import { openStore } from '#engine/store/open.ts';
import { createTurnsMemory } from '#engine/store/write-turns.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

it('a thread that cannot open the file yet, as without file descriptors, refuses in words and is started again', async () => {
  const dataDir = join(createTempFolder(), 'later');
  const problems: (string | null)[] = [];
  const writer = createHotWriter({
    file: join(dataDir, 'hookyard.db'),
    threadCode: writerThread,
    turns: createTurnsMemory(),
    onGroup: (problem) => problems.push(problem?.message ?? null),
  });
  onTestFinished(writer.close);
  const nothing = { nowMs: 0, byMs: 0 };

  await expect(writer.write(moveWaitingWrite, nothing)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/^The thread that writes the data file could not start \(.+\), and Hookyard goes on trying\./),
  });
  await openStore(dataDir).database.close();

  await writer.write(moveWaitingWrite, nothing);
  expect(problems.at(0)).toContain('could not start');
  expect(problems.at(-1)).toBeNull();
});
