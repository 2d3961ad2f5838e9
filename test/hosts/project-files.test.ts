import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExitError } from '#hosts/shared/exit-error.ts';
import { writeProjectFiles, type ProjectFileText } from '#hosts/cli/project-writing.ts';
import { readProjectFiles } from '#hosts/cli/project-files.ts';
import { projectSchemaText } from '#hosts/cli/project-schema.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';

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

/** A folder that somebody else wrote, beside one with files that are none of its business. */
function openHostile() {
  const outer = createTempFolder();
  const [folder, victim] = [join(outer, 'cloned'), join(outer, 'victim')];
  mkdirSync(folder);
  mkdirSync(join(victim, 'd'), { recursive: true });
  for (const name of ['bashrc', 'other.yaml']) writeFileSync(join(victim, name), 'hookyard: 1\n# of the victim\n');
  const untouched = () => {
    expect(readdirSync(victim, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(['bashrc', 'd', 'other.yaml']);
    for (const name of ['bashrc', 'other.yaml']) expect(readFileSync(join(victim, name), 'utf8')).toBe('hookyard: 1\n# of the victim\n');
  };
  const run = async (...args: readonly string[]) => await runCommand([...args, '--data-dir', join(outer, 'data')]);
  return { folder, untouched, run };
}

describe.skipIf(process.platform === 'win32')('links in the folder of a project', () => {
  it.for([
    ['hookyard.yaml', '../victim/other.yaml', 'is outside of'],
    ['hookyard.schema.json', '../victim/bashrc', 'is outside of'],
    ['hookyard.schema.json', '../victim/new', 'is a link to nothing'],
    ['hookyard.yaml', '../victim/new', 'is a link to nothing'],
  ] as const)('%s -> %s is refused by export, which writes nothing', async ([name, target, why]) => {
    const { folder, untouched, run } = openHostile();
    symlinkSync(target, join(folder, name));
    const refused = await run('export', '--project', folder);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(why);
    untouched();
    expect(readdirSync(folder)).toEqual([name]);
  });

  it.for([
    ['../victim/d', /1\.json is outside of .*, at .*victim.d, so nothing was written/],
    ['../victim/none', /hookyard-runs is a link to nothing, so nothing was written: remove it\.$/],
  ] as const)('hookyard-runs -> %s is refused for the bodies of a run', ([target, why]) => {
    const { folder, untouched } = openHostile();
    symlinkSync(target, join(folder, 'hookyard-runs'));
    const { files } = openProject();
    expect(() =>
      writeProjectFiles(
        folder,
        files.map(({ path, content }) => ({ path, content })),
      ),
    ).toThrow(why);
    untouched();
    expect(readdirSync(folder)).toEqual(['hookyard-runs']);
  });

  it('stay links where they lead to another place of the folder', () => {
    const { folder, files } = openProject();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'hookyard-runs'));
    writeProjectFiles(folder, files);
    expect(lstatSync(join(folder, 'hookyard-runs')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real/shop/1.json'), 'utf8')).toBe('{"a":1}');
  });

  it('do not catch a draft, whatever number the process has', () => {
    const { folder, untouched } = openHostile();
    symlinkSync('../victim/bashrc', join(folder, `hookyard.yaml.${process.pid}.tmp`));
    writeProjectFiles(folder, [{ path: 'hookyard.yaml', content: Buffer.from(projectText) }]);
    untouched();
    expect(readFileSync(join(folder, 'hookyard.yaml'), 'utf8')).toBe(projectText);
  });
});

describe.skipIf(process.platform === 'win32')('a project that cannot be read', () => {
  const open = (name: string, make: (path: string) => void) => {
    const folder = createTempFolder();
    mkdirSync(join(folder, '.hookyard'));
    writeFileSync(join(folder, '.hookyard', 'own.yaml'), projectText);
    const place = join(folder, name);
    if (!name.startsWith('.hookyard/')) rmSync(join(folder, '.hookyard'), { recursive: true });
    make(place);
    return { folder, place };
  };
  const pipe = (path: string) => void execFileSync('mkfifo', [path]);

  it.for<readonly [string, string, (path: string) => void, RegExp]>([
    [
      'a link to itself',
      '.hookyard/loop',
      (path) => symlinkSync('loop', path),
      /loop is a link that leads back to itself, so nothing was read: remove the link\.$/,
    ],
    [
      'one that is called like a file',
      '.hookyard/a.yaml',
      (path) => symlinkSync('a.yaml', path),
      /a\.yaml is a link that leads back to itself/,
    ],
    [
      'one in the place of the project',
      'hookyard.yaml',
      (path) => symlinkSync('hookyard.yaml', path),
      /hookyard\.yaml is a link that leads back to itself/,
    ],
    [
      'one in the place of the folder',
      '.hookyard',
      (path) => symlinkSync('.hookyard', path),
      /\.hookyard is a link that leads back to itself/,
    ],
    ['a pipe', 'hookyard.yaml', pipe, /hookyard\.yaml is not a regular file, so nothing was read: remove it, or give it another name\.$/],
    ['a pipe in the folder', '.hookyard/a.yaml', pipe, /a\.yaml is not a regular file/],
    ['a pipe in the place of the folder', '.hookyard', pipe, /\.hookyard is not a regular file/],
    [
      'a large file',
      'hookyard.yaml',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 3_000_000_000);
      },
      /hookyard\.yaml has 3000000000 bytes: a project has at most 16 million characters\. Import event types from documents instead\.$/,
    ],
    [
      'a line break in a name',
      '.hookyard/a\nb.yaml',
      (path) => symlinkSync('/dev/null', path),
      /^[^\n]*a\\u\{a\}b\.yaml is outside of [^\n]*$/,
    ],
  ])('since it has %s is told in a sentence', ([, name, make, message]) => {
    const { folder, place } = open(name, make);
    expect(() => readProjectFiles(folder)).toThrow(message);
    expect(() => readProjectFiles(folder)).toThrow(ExitError);
    // Also where it is named by itself.
    if (!name.startsWith('.hookyard/')) expect(() => readProjectFiles(place)).toThrow(message);
  });
});

describe.skipIf(process.platform === 'win32')('a project that is read', () => {
  it.for([
    ['hookyard.yaml', '../victim/other.yaml', 'victim/other.yaml'],
    ['.hookyard', '../victim', 'victim'],
    ['.hookyard/a.yaml', '../../victim/other.yaml', 'victim/other.yaml'],
    ['.hookyard/more', '../../victim', 'victim'],
  ] as const)('by %s -> %s is refused, and nothing of it is told', async ([name, target, at]) => {
    const { folder, untouched, run } = openHostile();
    if (name.startsWith('.hookyard/')) {
      mkdirSync(join(folder, '.hookyard'));
      writeFileSync(join(folder, '.hookyard', 'own.yaml'), projectText);
    }
    symlinkSync(target, join(folder, name));
    for (const command of [
      ['apply', '--dry-run', '--project', folder],
      ['run', '--list', '--project', folder],
    ]) {
      const refused = await run(...command);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toContain(
        `${join(folder, name)} is outside of ${folder}, at ${join(folder, '..', at)}, so nothing was read: a project is read from its own folder only.`,
      );
      expect(refused.stderr).not.toContain('of the victim');
    }
    untouched();
  });

  it('takes links within its folder, and each file once, whatever leads there', () => {
    const folder = createTempFolder();
    mkdirSync(join(folder, 'parts', 'deep'), { recursive: true });
    mkdirSync(join(folder, '.hookyard', 'own'), { recursive: true });
    for (const name of ['parts/a.yaml', 'parts/deep/b.yaml', '.hookyard/own/c.yaml'])
      writeFileSync(join(folder, name), `hookyard: 1\n# ${name}\n`);
    for (const [name, target] of [
      ['a.yaml', '../parts/a.yaml'],
      ['again.yaml', 'own/c.yaml'],
      ['deep', '../parts/deep'],
      ['own/round', '..'],
      ['notes.md', '../../none.md'],
      ['.#a.yaml', 'me@here.1234'],
    ] as const)
      symlinkSync(target, join(folder, '.hookyard', name));
    const other = createTempFolder();
    symlinkSync(folder, join(other, 'linked'));
    const texts = ['parts/a.yaml', 'parts/deep/b.yaml', '.hookyard/own/c.yaml'].map((name) => `hookyard: 1\n# ${name}\n`);
    const read = readProjectFiles(folder, folder);
    expect(read.files).toEqual(
      ['.hookyard/a.yaml', '.hookyard/deep/b.yaml', '.hookyard/own/c.yaml'].map((name, index) => ({ name, text: texts[index] })),
    );
    expect(readProjectFiles('linked', other).files.map(({ text }) => text)).toEqual(texts);
  });

  it('is not taken from further up where a link to nothing is in its place', () => {
    const folder = createTempFolder();
    writeFileSync(join(folder, 'hookyard.yaml'), projectText);
    mkdirSync(join(folder, 'below', '.hookyard'), { recursive: true });
    symlinkSync('none.yaml', join(folder, 'below', '.hookyard', 'a.yaml'));
    expect(() => readProjectFiles(undefined, join(folder, 'below'))).toThrow(
      /a\.yaml is a link to nothing, so nothing was read: remove it\.$/,
    );
    mkdirSync(join(folder, 'other'));
    symlinkSync('none.yaml', join(folder, 'other', 'hookyard.yaml'));
    expect(() => readProjectFiles(undefined, join(folder, 'other'))).toThrow(/other.hookyard\.yaml is a link to nothing/);
  });
});

describe('the schema beside a project', () => {
  it('is written over where it is one, and left alone where it is something else', async () => {
    const { folder, run } = openHostile();
    const path = join(folder, 'hookyard.schema.json');
    writeFileSync(path, '{"title":"A Hookyard project"}');
    expect(await run('export', '--project', folder)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('hookyard.yaml and hookyard.schema.json'),
    });
    expect(readFileSync(path, 'utf8')).toBe(projectSchemaText());
    for (const other of ['{"title":"Mine"}', 'no JSON', 'null']) {
      writeFileSync(path, other);
      const refused = await run('export', '--project', folder);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is not the JSON Schema of a Hookyard project') });
      expect(readFileSync(path, 'utf8')).toBe(other);
    }
  });
});
