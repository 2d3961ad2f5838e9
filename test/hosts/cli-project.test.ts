import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator, type Schema } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentsOf, readProjectFiles, secretsOf } from '#hosts/cli/project-files.ts';
import { projectSchemaText } from '#hosts/cli/project-schema.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';

const project = `hookyard: 1
bins:
  orders: { response: { status: 202 } }
endpoints:
  Shop: { url: http://127.0.0.1:9/, secret: env:SHOP_SECRET, secretHeaders: { X-Key: file:key.txt } }
relays:
  On: { bin: orders, targets: [{ endpoint: Shop }] }
`;

describe('the files of a project', () => {
  it('are found from a folder upwards: one file, or all of a folder', () => {
    const top = createTempFolder();
    const below = join(top, 'a/b');
    mkdirSync(join(top, '.hookyard/more'), { recursive: true });
    mkdirSync(below, { recursive: true });
    expect(() => readProjectFiles(undefined, below)).toThrow(`${join(top, '.hookyard')} has no files`);
    for (const [name, text] of [
      ['b.yaml', 'two'],
      ['more/a.yml', 'three'],
      ['a.yaml', 'one'],
      ['notes.txt', 'none'],
    ] as const)
      writeFileSync(join(top, '.hookyard', name), text);
    expect(readProjectFiles(undefined, below)).toEqual({
      folder: top,
      files: [
        { name: '../../.hookyard/a.yaml', text: 'one' },
        { name: '../../.hookyard/b.yaml', text: 'two' },
        { name: '../../.hookyard/more/a.yml', text: 'three' },
      ],
    });
    writeFileSync(join(below, 'hookyard.yaml'), 'near');
    expect(readProjectFiles(undefined, below)).toEqual({ folder: below, files: [{ name: 'hookyard.yaml', text: 'near' }] });
    expect(readProjectFiles('a/b', top).files).toEqual([{ name: 'a/b/hookyard.yaml', text: 'near' }]);
    writeFileSync(join(top, 'hookyard.yaml'), 'both');
    expect(() => readProjectFiles(undefined, top)).toThrow('are both there: keep one of them.');
    expect(() => readProjectFiles('a', top)).toThrow('has no hookyard.yaml');
    expect(() => readProjectFiles('c', top)).toThrow('There is no');
  });

  it('refer to secrets of the environment and of files, and to documents, from their folder', () => {
    const folder = createTempFolder();
    writeFileSync(join(folder, 'key.txt'), 'the key\n');
    const named = ['env:PATH', 'env:HOOKYARD_NOT_SET', 'file:key.txt', 'file:none.txt', 'vault:a/b'].map((reference) => ({ reference }));
    expect(secretsOf(named, folder)).toEqual({ 'env:PATH': process.env['PATH'], 'file:key.txt': 'the key' });
    expect(documentsOf([{ name: 'key.txt' }, { name: 'none.yaml' }], folder)).toEqual([{ name: 'key.txt', text: 'the key\n' }]);
  });

  it('are read inside of their folder only, and only where they are files of a usual size', () => {
    const top = createTempFolder();
    const folder = join(top, 'project');
    mkdirSync(folder);
    writeFileSync(join(top, 'outside.txt'), 'secret');
    symlinkSync(join(top, 'outside.txt'), join(folder, 'link.txt'));
    for (const name of ['../outside.txt', join(top, 'outside.txt'), 'link.txt', '/dev/zero']) {
      expect(() => secretsOf([{ reference: `file:${name}` }], folder), name).toThrow('is outside of');
      expect(() => documentsOf([{ name }], folder), name).toThrow('is outside of');
    }
    writeFileSync(join(folder, 'large.txt'), 'a'.repeat(400_001));
    expect(() => secretsOf([{ reference: 'file:large.txt' }], folder)).toThrow('has 400001 bytes');
    expect(() => secretsOf([{ reference: 'file:.' }], folder)).toThrow('is not a regular file');
  });

  it('have a JSON Schema that takes what is right and finds what is wrong', () => {
    const validator = new Validator(JSON.parse(projectSchemaText()) as Schema, '2020-12', false);
    expect(validator.validate(parse(project)).errors).toEqual([]);
    expect(validator.validate(parse(project.replace('status', 'statuss'))).valid).toBe(false);
    expect(validator.validate(parse(project.replace('env:SHOP_SECRET', 'whsec_abc'))).valid).toBe(false);
  });
});

describe('hookyard apply and export', () => {
  it('export does not ask for secret variables of environments, which the file sets itself', async () => {
    const folder = createTempFolder();
    writeFileSync(
      join(folder, 'hookyard.yaml'),
      `hookyard: 1
environments:
  dev: { variables: { token: { secret: env:DEV_TOKEN } } }
auths:
  Partner: { parts: [{ kind: bearer, token: vault:dev/token }] }
`,
    );
    const args = ['--data-dir', join(folder, 'data')];
    const applied = await runCommand(['apply', '--project', folder, '--yes', ...args], { env: { DEV_TOKEN: 'a-token-of-tests' } });
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    const { stdout, stderr } = await runCommand(['export', '--project', join(folder, 'copy'), ...args]);
    expect(stdout).toMatch(/^Wrote /);
    expect(stderr).toContain('these have to be set: env:DEV_TOKEN');
    expect(stderr).not.toContain('vault:');
    expect(readFileSync(join(folder, 'copy/hookyard.yaml'), 'utf8')).toContain('vault:dev/token');
  });

  it('apply a project once, write it, and name what is missing at its place', async () => {
    const folder = createTempFolder();
    const file = join(folder, 'hookyard.yaml');
    writeFileSync(file, project);
    writeFileSync(join(folder, 'key.txt'), 'a secret value\n');
    const run = async (
      args: readonly string[],
      env: Readonly<Record<string, string>> = { SHOP_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=' },
    ) => await runCommand([...args, '--data-dir', join(folder, 'data')], { env });
    expect(await run(['apply', '--project', file], {})).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/hookyard\.yaml:5:37: env:SHOP_SECRET has no value: set the environment variable SHOP_SECRET/),
    });
    const first = await run(['apply', '--project', file]);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('+ endpoints.Shop\n') });
    // The sample of a new workspace is not in the project.
    expect(first.stdout).toMatch(/3 things changed\.\n\d+ more in the workspace are not in the project, and stay\.\n$/);
    expect(await run(['apply', '--project', file])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^There is nothing to change\.\n/),
    });
    expect(await run(['apply', '--project', file, '--prune'])).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^- /m),
      stderr: expect.stringMatching(/This would remove \d+ of these: add --yes to do it\./),
    });
    expect(await run(['apply', '--project', file, '--prune', '--yes'])).toMatchObject({ code: 0 });
    expect(await run(['export', '--project', join(folder, 'copy')])).toMatchObject({
      code: 0,
      stdout: `Wrote ${join(folder, 'copy/hookyard.yaml')} and hookyard.schema.json\n`,
      stderr: expect.stringContaining('these have to be set: env:SHOP_SECRET, file:key.txt'),
    });
    // Where the secrets are, they need not be set again: they stay.
    const kept = `There is nothing to change.
The secret header X-Key of endpoint Shop is kept: the file key.txt has no value here.
The secret of endpoint Shop is kept: SHOP_SECRET has no value here.
`;
    for (const also of [['--dry-run'], []])
      expect(await run(['apply', '--project', join(folder, 'copy'), ...also], { SHOP_SECRET: '' })).toMatchObject({
        code: 0,
        stdout: kept,
      });
    const written = readFileSync(join(folder, 'copy/hookyard.yaml'), 'utf8');
    expect(parse(written)).toEqual(parse(project));
    expect(JSON.parse(readFileSync(join(folder, 'copy/hookyard.schema.json'), 'utf8'))).toMatchObject({ title: 'A Hookyard project' });
    expect(written.split('\n')[0]).toBe('# yaml-language-server: $schema=./hookyard.schema.json');
  });
});
