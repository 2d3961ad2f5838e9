import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');
// The builder's own reader and checker, from the version that will package the app.
const require = createRequire(createRequire(join(root, 'package.json')).resolve('electron-builder'));
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as {
  readonly getConfig: (projectDir: string, configPath: string, configFromOptions: null) => Promise<Record<string, unknown>>;
  readonly validateConfiguration: (config: unknown, debugLogger: { readonly isEnabled: boolean }) => Promise<void>;
};

const shape = z.object({
  directories: z.object({ buildResources: z.string() }),
  electronFuses: z.record(z.string(), z.boolean()),
  asarUnpack: z.union([z.string(), z.array(z.string())]),
  linux: z.object({ icon: z.string(), maintainer: z.string() }),
  mac: z.object({ icon: z.string() }),
  win: z.object({ icon: z.string() }),
});

describe('electron-builder.yml', () => {
  let config: Record<string, unknown>;
  let read: z.infer<typeof shape>;
  beforeAll(async () => {
    config = await getConfig(root, 'electron-builder.yml', null);
    read = shape.parse(config);
  });

  it('is valid by the builder’s own schema', async () => {
    await expect(validateConfiguration(config, { isEnabled: false })).resolves.toBeUndefined();
  });

  it('would not be valid with a key that the builder does not know', async () => {
    await expect(validateConfiguration({ ...config, electronFuse: {} }, { isEnabled: false })).rejects.toThrow('electronFuse');
  });

  it('closes the ways into the app that only development needs', () => {
    expect(read.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      // Not a way in: an app for Apple silicon that nobody signs starts only with its signature made anew.
      resetAdHocDarwinSignature: true,
    });
  });

  it('leaves native addons outside of the archive', () => {
    expect([read.asarUnpack].flat()).toContain('**/*.node');
  });

  it('has what a Debian package must say of its origin, without a hosted repository', () => {
    const { homepage } = z.object({ homepage: z.url() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    expect(homepage).toMatch(/^https:/);
    expect(read.linux.maintainer).toMatch(/^[^<>]+ <[^<>@]+@[^<>@]+>$/);
  });

  it('names icons that exist', () => {
    const icons = [read.linux.icon, read.mac.icon, read.win.icon].map((icon) => join(root, read.directories.buildResources, icon));
    expect(icons.filter((icon) => !existsSync(icon))).toEqual([]);
  });
});

describe('the lock file', () => {
  const entry = z.object({ gypfile: z.boolean().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() });
  const lock = z.object({ packages: z.record(z.string(), entry) }).parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

  it('keeps an npm that knows no allowScripts from compiling SQLite', () => {
    // npm 10 runs node-gyp for any package with a binding.gyp unless its entry says otherwise; "npm install" drops the word.
    expect(lock.packages['node_modules/better-sqlite3']?.gypfile).toBe(false);
  });

  it('has the linter and the formatter for every system, for npm ci refuses a lock file with gaps', () => {
    const wanted = ['oxlint', 'oxfmt'].flatMap((tool) => Object.keys(lock.packages[`node_modules/${tool}`]?.optionalDependencies ?? {}));
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });
});
