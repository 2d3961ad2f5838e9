import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('environments are set, shown, used, sent with and deleted in the terminal', async () => {
  const target = await startReceiver();
  onTestFinished(target.close);
  const dataDir = createTempFolder();
  const host = startCommand(['--port', '0', '--data-dir', dataDir], { entry: 'serve.js' });
  await host.nextLine();
  const file = join(createTempFolder(), 'token.txt');
  const token = 'a-token-of-staging';
  writeFileSync(file, `${token}\n`);
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  const made = await run('environments', 'set', 'staging', `base=${target.url}`, 'path=a=b', '--secret-file', `token=${file}`);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^staging {2}\(env_\w+\)/) });
  expect(made.stdout).toMatch(/path +a=b/);
  expect(made.stdout).toMatch(/token +\(secret\)/);
  expect(made.stdout).not.toContain(token);
  expect((await run('environments', 'set', 'Staging', 'path=hook', 'more=1')).stdout).toMatch(
    /base .*\n.*path +hook\n.*token +\(secret\)\n.*more +1/,
  );
  expect(await run('environments', 'set', 'staging', 'token=open')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('token is secret: give it with --secret-file token=FILE'),
  });
  expect(await run('environments', 'set', 'staging', 'nothing')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('sets no variable'),
  });
  expect((await run('environments', 'unset', 'staging', 'more')).stdout).not.toContain('more');
  expect(await run('environments', 'unset', 'staging', 'more')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has no variable more'),
  });
  expect((await run('environments', 'use', 'staging')).stdout).toBe('staging is active.\n');
  expect((await run('environments', 'list')).stdout).toMatch(/env_\w+ +staging +yes +base, path, token/);
  const send = (...args: readonly string[]) =>
    run('send', 'a.b', '--to', '{{ vars.base }}/{{ vars.path }}', '--header', 'X-Token: {{ vars.token }}', ...args);
  expect((await send()).code).toBe(0);
  expect(target.requests[0]).toMatchObject({ target: '/hook' });
  expect(target.requests[0]?.header('x-token')).toBe(token);
  expect(await send('--env', 'none')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no environment is in use, so there is no vars.base'),
  });
  expect(await send('--env', 'prod')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no environment prod') });
  expect((await run('environments', 'use', '--none')).stdout).toBe('No environment is active.\n');
  expect((await send('--env', 'staging')).code).toBe(0);
  expect((await run('environments', 'delete', 'staging')).stdout).toBe('staging deleted.\n');
  expect(await run('environments', 'show', 'staging')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no environment "staging"'),
  });
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
});
