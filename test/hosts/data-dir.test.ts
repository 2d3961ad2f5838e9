import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDataDir } from '#hosts/shared/data-dir.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

it('the data folder is made with all folders above it', () => {
  const folder = join(createTempFolder(), 'a', 'b', 'c');
  makeDataDir(folder);
  makeDataDir(folder);
  expect(existsSync(folder)).toBe(true);
});

it.skipIf(process.platform !== 'linux')('a place where the system lets nobody make a folder is refused at once', () => {
  expect(() => makeDataDir('/proc/hookyard/data')).toThrow('cannot make its data folder /proc/hookyard/data (ENOENT): choose a folder');
});
