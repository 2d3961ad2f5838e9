import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writerThread } from '#engine/log/hot-writes.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';

it.each([
  ['writer', writerThread],
  ['background', backgroundThread],
])('tests start the %s thread from the build: from the sources each engine would take several times as long', (name, { pathname }) => {
  expect(pathname).toMatch(new RegExp(`/out/main/${name}-thread\\.js$`));
  expect(existsSync(pathname)).toBe(true);
});
