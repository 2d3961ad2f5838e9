import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWhole, writeWhole } from '#engine/store/write-whole.ts';
import { makeSmallDisk, noSmallDisk } from '../../support/small-disk.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a file that is written whole or not at all', () => {
  it('replaces what was there, with the mode asked for, and leaves nothing beside it', () => {
    const folder = createTempFolder();
    const path = join(folder, 'note');
    writeFileSync(path, 'before', { mode: 0o644 });
    writeWhole(path, 'after', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('after');
    if (process.platform !== 'win32') expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['note']);
  });

  it.skipIf(process.platform === 'win32')('never writes through a link that has the name of a draft by the number of the process', () => {
    const folder = createTempFolder();
    const [path, victim] = [join(folder, 'note'), join(folder, 'victim')];
    writeFileSync(victim, 'of the victim');
    symlinkSync('victim', `${path}.${process.pid}.tmp`);
    writeWhole(path, 'one', 0o600);
    expect(makeWhole(join(folder, 'other'), 'two', 0o600)).toBe(true);
    expect([path, victim].map((each) => readFileSync(each, 'utf8'))).toEqual(['one', 'of the victim']);
    expect(readdirSync(folder).toSorted()).toEqual(['note', `note.${process.pid}.tmp`, 'other', 'victim']);
  });

  it('is made only where there is none', () => {
    const folder = createTempFolder();
    const path = join(folder, 'key');
    expect(makeWhole(path, Uint8Array.of(1, 2, 3), 0o600)).toBe(true);
    expect(makeWhole(path, Uint8Array.of(4), 0o600)).toBe(false);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it.for([
    ['replaced', writeWhole, 'before'],
    ['made', makeWhole, null],
  ] as const)('is as it was when the disk is full while it is %s', ([, write, before], { skip }) => {
    const disk = makeSmallDisk('1m');
    if (disk === null) return skip(noSmallDisk);
    const path = join(disk.dataDir, 'note');
    if (before !== null) writeFileSync(path, before);
    expect(() => write(path, 'x'.repeat(2_000_000), 0o600)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(readdirSync(disk.dataDir)).toEqual(before === null ? [] : ['note']);
    if (before !== null) expect(readFileSync(path, 'utf8')).toBe(before);
    // What the draft took is free again.
    write(join(disk.dataDir, 'other'), 'x'.repeat(700_000), 0o600);
  });
});
