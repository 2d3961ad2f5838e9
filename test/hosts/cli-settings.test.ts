import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('the proxy is chosen in the terminal, with its password from a file', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['--port', '0', '--data-dir', dataDir], { entry: 'serve.js' });
  await host.nextLine();
  const file = join(createTempFolder(), 'password.txt');
  writeFileSync(file, 'a-password\n');
  const run = (...args: readonly string[]) => runCommand(['settings', ...args, '--data-dir', dataDir]);
  const set = await run('proxy', 'socks5://proxy.example', '--user', 'jane', '--password-file', file, '--without', 'a.example, 10.0.0.0/8');
  expect(set).toMatchObject({
    code: 0,
    stdout: 'Requests go through socks5://proxy.example as jane with a password, but for this machine, a.example, 10.0.0.0/8.\n',
  });
  const shown = (await run('show')).stdout;
  expect(shown).toMatch(/^proxyUrl +socks5:\/\/proxy\.example$/m);
  expect(shown).not.toContain('a-password');
  expect((await run('proxy', 'none')).stdout).toBe('Nothing goes through a proxy.\n');
  expect(await run('set', 'timeScale', '60')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^timeScale +60$/m) });
  expect(await run('set', 'isUtc', 'true')).toMatchObject({ stdout: expect.stringMatching(/^isUtc +true$/m) });
  expect(await run('set', 'keepDays', 'none')).toMatchObject({ stdout: expect.stringMatching(/^keepDays +none$/m) });
  expect(await run('set', 'noProxy', 'a.example, b.example')).toMatchObject({
    stdout: expect.stringMatching(/^noProxy +a\.example, b\.example$/m),
  });
  expect(await run('set', 'proxyUrl', 'http://proxy.example:3128')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('proxyUrl is kept and not used, since proxy is none'),
  });
  expect(await run('set', 'timeScale', '9000')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('9000 is no value for timeScale. Use at most 3600.'),
  });
  expect(await run('set', 'timescale', '9')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean timeScale?') });
  expect(await run('proxy', 'ftp://proxy.example')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ftp://proxy.example is no proxy'),
  });
});
