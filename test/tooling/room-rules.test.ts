import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** A line that breaks the rule of the rooms, where it stands, and what the linter must say of it. */
interface Broken {
  readonly rule: string;
  readonly file: string;
  readonly line: string;
  readonly says: string;
  /** Another file that the line needs, where the linter must say the same. */
  readonly beside?: { readonly file: string; readonly line: string };
}

const broken: readonly Broken[] = [
  {
    rule: 'shared sees no Node',
    file: 'src/shared/a.ts',
    line: `export { join } from 'node:path';`,
    says: 'src/shared may not import node:path',
  },
  {
    rule: 'shared sees no Node without its prefix',
    file: 'src/shared/a.ts',
    line: `export { join } from 'path';`,
    says: 'src/shared may not import path',
  },
  {
    rule: 'shared sees no React',
    file: 'src/shared/a.ts',
    line: `export { useState } from 'react';`,
    says: 'src/shared may not import react',
  },
  {
    rule: 'shared sees no Electron, not even its types',
    file: 'src/shared/a.ts',
    line: `import type { App } from 'electron'; export type A = App;`,
    says: 'src/shared may not import electron',
  },
  {
    rule: 'shared sees no engine',
    file: 'src/shared/a.ts',
    line: `export { createEngine } from '#engine/index.ts';`,
    says: 'src/shared may not import src/main/engine/index.ts',
  },
  {
    rule: 'engine sees no Electron',
    file: 'src/main/engine/a.ts',
    line: `export { app } from 'electron';`,
    says: 'src/main/engine may not import electron',
  },
  {
    rule: 'a floor of the engine sees none above it',
    file: 'src/main/engine/store/a.ts',
    line: `export { listDeliveries } from '../log/deliveries.ts';`,
    says: 'src/main/engine/store/a.ts may not import src/main/engine/log/deliveries.ts, which does not stand on a floor below it',
  },
  {
    rule: 'a floor of the engine sees no types from above it',
    file: 'src/main/engine/base/a.ts',
    line: `import type { Database } from '../store/database.ts'; export type D = Database;`,
    says: 'src/main/engine/base/a.ts may not import src/main/engine/store/database.ts',
  },
  {
    rule: 'rooms of one floor do not see each other',
    file: 'src/main/engine/capture/a.ts',
    line: `export { endpointBook } from '../endpoints/book.ts';`,
    says: 'src/main/engine/capture/a.ts may not import src/main/engine/endpoints/book.ts',
  },
  {
    rule: 'a new folder of the engine needs a floor',
    file: 'src/main/engine/newer/a.ts',
    line: `export { hotWrite } from '../store/hot-write.ts';`,
    says: 'src/main/engine/newer stands on no floor',
  },
  {
    rule: 'a floor of the window sees none above it',
    file: 'src/renderer/ui/a.ts',
    line: `export { captureSentence } from '../features/captures/capture-text.ts';`,
    says: 'src/renderer/ui/a.ts may not import src/renderer/features/captures/capture-text.ts, which does not stand on a floor below it',
  },
  {
    rule: 'the contract sees none of what reads pasted texts',
    file: 'src/shared/contract/a.ts',
    line: `export { parsePasted } from '../import/parse-pasted.ts';`,
    says: 'src/shared/contract/a.ts may not import src/shared/import/parse-pasted.ts',
  },
  {
    rule: 'engine sees no host',
    file: 'src/main/engine/a.ts',
    line: `export { h } from '#hosts/headless/h.ts';`,
    says: 'src/main/engine may not import src/main/hosts/headless/h.ts',
  },
  {
    rule: 'engine sees no renderer',
    file: 'src/main/engine/a.ts',
    line: `export { r } from '../../renderer/r.ts';`,
    says: 'src/main/engine may not import src/renderer/r.ts',
  },
  {
    rule: 'a host sees nothing inside the engine',
    file: 'src/main/hosts/headless/a.ts',
    line: `export { open } from '#engine/store/open.ts';`,
    says: 'src/main/hosts/headless may not import src/main/engine/store/open.ts',
  },
  {
    rule: 'a host sees not even a type inside the engine',
    file: 'src/main/hosts/cli/a.ts',
    line: `import type { Vault } from '../../engine/base/ports.ts'; export type V = Vault;`,
    says: 'src/main/hosts/cli may not import src/main/engine/base/ports.ts',
  },
  {
    rule: 'only the Electron host sees Electron',
    file: 'src/main/hosts/headless/a.ts',
    line: `export { app } from 'electron';`,
    says: 'src/main/hosts/headless may not import electron',
  },
  {
    rule: 'one host sees no other',
    file: 'src/main/hosts/electron/a.ts',
    line: `export { h } from '#hosts/headless/h.ts';`,
    says: 'src/main/hosts/electron may not import src/main/hosts/headless/h.ts',
  },
  {
    rule: 'an entry sees hosts only',
    file: 'src/main/serve.ts',
    line: `export { createEngine } from '#engine/index.ts';`,
    says: 'src/main (entries) may not import src/main/engine/index.ts',
  },
  {
    rule: 'the preload sees only types of shared',
    file: 'src/preload/index.ts',
    line: `export { connectMessage } from '#shared/host-bridge.ts';`,
    says: 'types only from src/shared/host-bridge.ts',
  },
  {
    rule: 'the preload sees no other package',
    file: 'src/preload/index.ts',
    line: `export { z } from 'zod';`,
    says: 'src/preload may not import zod',
  },
  {
    rule: 'the renderer sees no Node',
    file: 'src/renderer/a.tsx',
    line: `export { readFile } from 'node:fs/promises';`,
    says: 'src/renderer may not import node:fs/promises',
  },
  {
    rule: 'the renderer sees no Electron',
    file: 'src/renderer/a.ts',
    line: `export { ipcRenderer } from 'electron';`,
    says: 'src/renderer may not import electron',
  },
  {
    rule: 'the renderer sees no engine type',
    file: 'src/renderer/a.ts',
    line: `export type A = import('#engine/index.ts').Engine;`,
    says: 'src/renderer may not import src/main/engine/index.ts',
  },
  {
    rule: 'a dynamic import is an import',
    file: 'src/renderer/a.ts',
    line: `export const load = () => import('../main/cli.ts');`,
    says: 'src/renderer may not import src/main/cli.ts',
  },
  {
    rule: 'a computed import cannot be checked',
    file: 'src/main/engine/a.ts',
    line: `export const load = (path: string) => import(path);`,
    says: 'cannot be checked for a computed path',
  },
  {
    rule: 'a package nobody classified is refused',
    file: 'src/main/engine/a.ts',
    line: `export { default as x } from 'left-pad/index.js';`,
    says: 'left-pad: the package is not classified',
  },
  {
    rule: 'files import each other in a circle',
    file: 'src/main/engine/base/a.ts',
    line: `export { b } from './b.ts';`,
    says: 'Dependency cycle detected',
    beside: { file: 'src/main/engine/base/b.ts', line: `import { b as again } from './a.ts'; export const b = () => again;` },
  },
  {
    rule: 'files import types from each other in a circle',
    file: 'src/renderer/ui/a.ts',
    line: `import type { B } from './b.ts'; export type A = B | null;`,
    says: 'Dependency cycle detected',
    beside: { file: 'src/renderer/ui/b.ts', line: `import type { A } from './a.ts'; export type B = A[];` },
  },
  {
    rule: 'tests import each other in a circle',
    file: 'test/support/a.ts',
    line: `export { b } from './b.ts';`,
    says: 'Dependency cycle detected',
    beside: { file: 'test/support/b.ts', line: `import { b as again } from './a.ts'; export const b = () => again;` },
  },
  {
    rule: 'a room reads a table that is not its own',
    file: 'src/main/engine/dispatch/a.ts',
    line: `export const a = 'SELECT 1 FROM deliveries WHERE id = ?';`,
    says: 'The table deliveries may not be read here: call a function of src/main/engine/log/',
  },
  {
    rule: 'a room joins a table that is not its own',
    file: 'src/main/engine/capture/a.ts',
    line: 'export const a = (id: string) => `SELECT ${id} FROM captures JOIN attempts ON true`;',
    says: 'The table attempts may not be read here',
  },
  {
    rule: 'a room that may read a table writes it',
    file: 'src/main/engine/log/a.ts',
    line: `export const a = 'UPDATE endpoints SET is_active = 0';`,
    says: 'The table endpoints may not be written here: call a function of src/main/engine/endpoints/',
  },
  {
    rule: 'the query builder reads a table of another room',
    file: 'src/main/engine/health/a.ts',
    line: `import type { Database } from '../store/database.ts'; export const a = ({ sql }: Database) => sql.selectFrom('deliveries as d');`,
    says: 'The table deliveries may not be read here',
  },
  {
    rule: 'the query builder writes a table of another room',
    file: 'src/main/engine/procedures/a.ts',
    line: `import type { Database } from '../store/database.ts'; export const a = ({ sql }: Database) => sql.insertInto('messages');`,
    says: 'The table messages may not be written here',
  },
  {
    rule: 'code outside of the engine reads a table',
    file: 'src/main/hosts/headless/a.ts',
    line: `export const a = 'SELECT 1 FROM settings';`,
    says: 'The table settings may not be read here',
  },
  {
    rule: 'a computed table cannot be checked',
    file: 'src/main/engine/log/a.ts',
    line: 'export const a = (table: string) => `SELECT 1 FROM ${table}`;',
    says: 'The owner of a table cannot be checked for a computed name',
  },
  {
    rule: 'a new table needs an owner',
    file: 'src/main/engine/store/migrations/0099-a.ts',
    line: `export const a = 'CREATE TABLE subscriptions (id TEXT) STRICT';`,
    says: 'The table subscriptions has no owner',
  },
  { rule: 'each folder is a room', file: 'src/extras/a.ts', line: `export const a = 1;`, says: 'src/extras/a.ts is in no room' },
];

const clean: Readonly<Record<string, string>> = {
  'src/shared/contract.ts': `import { z } from 'zod';\nexport const text = z.string();\n`,
  'src/main/engine/index.ts': `import { createHmac } from 'node:crypto';\nimport { text } from '#shared/contract.ts';\nexport const createEngine = () => [createHmac, text];\n`,
  'src/main/engine/log/rows.ts': `export const rows = 'SELECT 1 FROM deliveries AS d JOIN endpoints AS e ON e.id = d.endpoint_id';\nexport const sentence = 'Read it from messages or attempts';\n`,
  'src/main/hosts/shared/vault.ts': `export const vault = 1;\n`,
  'src/main/hosts/electron/host.ts': `import { app } from 'electron';\nimport { createEngine } from '#engine/index.ts';\nimport { vault } from '../shared/vault.ts';\nexport const start = () => [app, createEngine, vault];\n`,
  'src/main/index.ts': `import { start } from '#hosts/electron/host.ts';\nstart();\n`,
  'src/preload/index.ts': `import { ipcRenderer } from 'electron';\nimport type { text } from '../shared/contract.ts';\nexport type Text = typeof text;\nipcRenderer.send('hello');\n`,
  'src/renderer/app.tsx': `import '@mantine/core/styles.css';\nimport { createRoot } from 'react-dom/client';\nimport { text } from '#shared/contract.ts';\nexport const app = [createRoot, text];\n`,
};

/** A folder to lint, by its files. */
type Tree = Map<string, string>;

/** A broken line with the names that its files have in their tree. */
interface Planted extends Broken {
  readonly tree: Tree;
  readonly besideFile: string | null;
}

/** Trees that hold all broken lines, each in a file of its own: starting the linter for each line took half a minute. */
function plant(): readonly Planted[] {
  const trees: Tree[] = [];
  return broken.map((one, index) => {
    const named = (name: string) => name.replace(/\b([ab])\.(tsx?)\b/, `$1${index}.$2`);
    const [file, besideFile] = [named(one.file), one.beside === undefined ? null : named(one.beside.file)];
    // Entries have names of their own, so several lines of one are in several trees.
    const tree = trees.find((each) => !each.has(file)) ?? new Map<string, string>();
    if (!trees.includes(tree)) trees.push(tree);
    tree.set(file, `${one.beside === undefined ? one.line : named(one.line)}\n`);
    if (one.beside !== undefined && besideFile !== null) tree.set(besideFile, `${named(one.beside.line)}\n`);
    return { ...one, says: named(one.says), file, tree, besideFile };
  });
}

describe('the rules of imports and tables', () => {
  const planted = plant();
  const linted = new Map<Tree, Promise<Linted>>();
  const lintOnce = (tree: Tree) => {
    const found = linted.get(tree) ?? lint(tree);
    linted.set(tree, found);
    return found;
  };

  it('passes a tree whose imports all follow it', async () => {
    expect(await lint(new Map())).toEqual({ code: 0, output: '' });
  });

  it.each(planted)('fails because $rule', async ({ tree, file, besideFile, says }) => {
    const { code, output } = await lintOnce(tree);
    expect(code).toBe(1);
    const ofFile = (name: string) => output.split('\n').filter((line) => line.startsWith(`${name}:`));
    expect(ofFile(file)).toContainEqual(expect.stringContaining(says));
    if (besideFile !== null) expect(ofFile(besideFile)).toContainEqual(expect.stringContaining(says));
  });

  it('finds nothing else in the trees with broken lines', async () => {
    for (const tree of new Set(planted.map((one) => one.tree))) {
      const { output } = await lintOnce(tree);
      const told = output.split('\n').flatMap((line) => /^(.+?):\d+:\d+: /.exec(line)?.[1] ?? []);
      expect(told.filter((file) => !tree.has(file))).toEqual([]);
    }
  });
});

interface Linted {
  readonly code: number;
  readonly output: string;
}

/** Lints the clean files with those of a tree. */
async function lint(tree: Tree): Promise<Linted> {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-rooms-'));
  try {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    const files = { 'package.json': '{ "type": "module" }', ...clean, ...Object.fromEntries(tree) };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    return await new Promise((done) => {
      execFile(process.execPath, [oxlint, '--format=unix'], { cwd: folder }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
