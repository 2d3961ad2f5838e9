import { describe, expect, it } from 'vitest';
import { findProject, mayBeLoose, pathOf, saysProject } from '../../../src/renderer/features/runs/find-project.ts';
import { filesOfList } from '../../../src/renderer/ui/dropped-files.ts';

const found = (...paths: readonly string[]) => findProject(paths);

describe('a project among chosen files', () => {
  it('is the single file, whatever it is called', () => {
    expect(found('checkout.yaml')).toEqual({ folder: '', paths: ['checkout.yaml'] });
    expect(found('shop/checkout.yaml')).toContain('There is no hookyard.yaml');
  });

  it('is the outermost hookyard.yaml, or all YAML files of a folder .hookyard', () => {
    expect(found('shop/package.json', 'shop/hookyard.yaml', 'shop/old/hookyard.yaml')).toEqual({
      folder: 'shop/',
      paths: ['shop/hookyard.yaml'],
    });
    expect(found('shop/.hookyard/runs/b.yml', 'shop/.hookyard/a.yaml', 'shop/.hookyard/notes.md', 'shop/api.yaml')).toEqual({
      folder: 'shop/',
      paths: ['shop/.hookyard/a.yaml', 'shop/.hookyard/runs/b.yml'],
    });
    expect(found('.hookyard/a.yaml', '.hookyard/body.bin')).toEqual({ folder: '', paths: ['.hookyard/a.yaml'] });
  });

  it('is what says so in the chosen folder itself, where nothing there is one by its name', () => {
    const loose = (...paths: readonly string[]) => findProject(['Downloads/readme.md', 'Downloads/old/hookyard.yaml', ...paths], paths);
    expect(loose('Downloads/invoice-paid.yaml')).toEqual({ folder: 'Downloads/', paths: ['Downloads/invoice-paid.yaml'] });
    expect(loose('Downloads/b.yaml', 'Downloads/a.yaml')).toEqual({
      folder: 'Downloads/',
      paths: ['Downloads/a.yaml', 'Downloads/b.yaml'],
    });
    expect(findProject(['shop/hookyard.yaml', 'shop/a.yaml'], ['shop/a.yaml'])).toEqual({ folder: 'shop/', paths: ['shop/hookyard.yaml'] });
    expect(findProject(['shop/.hookyard/b.yaml', 'shop/a.yaml'], ['shop/a.yaml'])).toEqual({
      folder: 'shop/',
      paths: ['shop/.hookyard/b.yaml'],
    });
  });

  it('is looked for in the YAML files of the chosen folder itself, by its first key', () => {
    const paths = ['a.yaml', 'shop/b.yml', 'shop/hookyard.yaml', 'shop/c.json', 'shop/k8s/d.yaml'];
    expect(mayBeLoose(paths)).toEqual(['a.yaml', 'shop/b.yml']);
    expect(saysProject('# Of the shop.\nhookyard: 1\nruns: {}\n')).toBe(true);
    expect(saysProject('jobs:\n  hookyard: 1\n')).toBe(false);
    expect(saysProject('hookyard: latest\n')).toBe(false);
  });

  it('is not guessed where there is none, or more than one', () => {
    expect(found()).toContain('There is no hookyard.yaml and no folder .hookyard in it');
    expect(found('shop/package.json', 'shop/api.yaml')).toContain('There is no hookyard.yaml and no folder .hookyard in it');
    expect(found('shop/hookyard.yaml', 'shop/hookyard.yml')).toBe(
      'shop/hookyard.yaml and shop/hookyard.yml are both there: choose one of them.',
    );
    expect(found('shop/hookyard.yaml', 'shop/.hookyard/a.yaml')).toContain('are both there');
  });

  it('names files of its own folder only', () => {
    const project = { folder: 'shop/' };
    expect(pathOf(project, 'hookyard-runs/a.bin')).toBe('shop/hookyard-runs/a.bin');
    expect(pathOf(project, './a/../b.bin')).toBe('shop/b.bin');
    expect(pathOf(project, '../other/b.bin')).toBeNull();
    expect(pathOf(project, '/etc/passwd')).toBeNull();
  });
});

it('leaves out what package managers and git keep in a chosen folder', () => {
  const file = (path: string) => Object.defineProperty(new File([], 'x'), 'webkitRelativePath', { value: path });
  const list = ['shop/hookyard.yaml', 'shop/node_modules/a/hookyard.yaml', 'shop/.git/config', 'shop/.github/a.yml'].map(file);
  expect(filesOfList(list).map(({ path }) => path)).toEqual(['shop/hookyard.yaml', 'shop/.github/a.yml']);
});
