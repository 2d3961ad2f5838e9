import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeProjectFiles, type ProjectFileText } from '#hosts/cli/project-files.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

const projectText = 'hookyard: 1\n';

/** A folder with a project, and the files that a run of two bodies writes there. */
function openProject(before = projectText) {
  const folder = createTempFolder();
  writeFileSync(join(folder, 'hookyard.yaml'), projectText);
  const file = (path: string, content: string, more: Partial<ProjectFileText> = {}): ProjectFileText => ({
    path,
    content: Buffer.from(content),
    ...more,
  });
  const files = [
    file('hookyard-runs/shop/1.json', '{"a":1}'),
    file('hookyard-runs/shop/2.json', '{"a":2}'),
    file('hookyard.yaml', `${projectText}runs: {}\n`, { before }),
  ];
  return { folder, files, list: () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted() };
}

describe('files of a project', () => {
  it('are written all, with the folders that they need, and keep their mode', () => {
    const { folder, files, list } = openProject();
    chmodSync(join(folder, 'hookyard.yaml'), 0o640);
    writeProjectFiles(folder, files);
    expect(list()).toEqual(
      ['hookyard-runs', 'hookyard-runs/shop', 'hookyard-runs/shop/1.json', 'hookyard-runs/shop/2.json', 'hookyard.yaml'].map((path) =>
        join(...path.split('/')),
      ),
    );
    expect(readFileSync(join(folder, 'hookyard.yaml'), 'utf8')).toBe(`${projectText}runs: {}\n`);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'hookyard.yaml')).mode & 0o777).toBe(0o640);
  });

  it('are not written, none of them, once the file of the project was changed by somebody else', () => {
    const { folder, files, list } = openProject('hookyard: 1\n# as it was read\n');
    expect(() => writeProjectFiles(folder, files)).toThrow(
      /hookyard\.yaml was changed meanwhile, so nothing was written: do this again\.$/,
    );
    expect(list()).toEqual(['hookyard.yaml']);
    expect(readFileSync(join(folder, 'hookyard.yaml'), 'utf8')).toBe(projectText);
  });

  it('leave all as it was where one of them cannot be written, whichever it is', () => {
    const { folder, files, list } = openProject();
    mkdirSync(join(folder, 'hookyard-runs', 'shop', '2.json'), { recursive: true });
    writeFileSync(join(folder, 'hookyard-runs', 'shop', '1.json'), 'of before');
    const before = list();
    expect(() => writeProjectFiles(folder, files)).toThrow(
      /2\.json cannot be written \(EISDIR\): something else has this name; move it away\.$/,
    );
    expect(list()).toEqual(before);
    expect(readFileSync(join(folder, 'hookyard-runs', 'shop', '1.json'), 'utf8')).toBe('of before');
    expect(readFileSync(join(folder, 'hookyard.yaml'), 'utf8')).toBe(projectText);
  });

  it('leave no folder behind that was made for the first of them', () => {
    const { folder, files, list } = openProject();
    writeFileSync(join(folder, 'other'), '');
    const beneath = { path: 'other/3.json', content: Buffer.from('{}') };
    expect(() => writeProjectFiles(folder, [...files.slice(0, 2), beneath, ...files.slice(2)])).toThrow(/3\.json cannot be written \(E/);
    expect(list()).toEqual(['hookyard.yaml', 'other']);
  });
});
