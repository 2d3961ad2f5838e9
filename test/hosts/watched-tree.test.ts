import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createQuietAfter } from '#hosts/cli/watching/quiet-after.ts';
import { watchTree } from '#hosts/cli/watching/watched-tree.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

function watched(...paths: readonly string[]) {
  const seen = new Set<string>();
  const tree = watchTree(paths, (path) => seen.add(path));
  onTestFinished(() => tree.close());
  return seen;
}

describe('watched files and folders', () => {
  it('are followed into a folder that was deleted and made again, as a build does, at the top and below', async () => {
    const top = join(createTempFolder(), 'dist');
    const [inner, file] = [join(top, 'inner'), join(top, 'inner', 'app.js')];
    mkdirSync(inner, { recursive: true });
    const seen = watched(top);
    for (const replaced of [top, inner, top]) {
      seen.clear();
      rmSync(replaced, { recursive: true });
      mkdirSync(inner, { recursive: true });
      await expect.poll(() => [...seen]).toContain(replaced);
      await expect
        .poll(() => {
          writeFileSync(file, String(Math.random()));
          return [...seen];
        })
        .toContain(file);
    }
  });

  it('may be several files of one folder', async () => {
    const folder = createTempFolder();
    const files = ['a.js', 'b.js', 'other.js'].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, '');
    const seen = watched(...files.slice(0, 2));
    for (const file of files.toReversed()) writeFileSync(file, 'changed');
    await expect.poll(() => [...seen].toSorted()).toEqual(files.slice(0, 2));
  });
});

describe('changes that never end', () => {
  it('are passed on after a while all the same', async () => {
    const quiet = createQuietAfter(60_000, 20);
    const next = quiet.next(new AbortController().signal);
    const writer = setInterval(() => quiet.note('log.txt'), 1);
    onTestFinished(() => clearInterval(writer));
    expect(await next).toEqual(['log.txt']);
  });
});
