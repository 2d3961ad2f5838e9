import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('bins are opened to named senders in the terminal, which every command that shows their URL says, and closed', async () => {
  const dataDir = createTempFolder();
  const serve = () => startCommand(['--port', '0', '--capture-port', '0', '--no-sample', '--data-dir', dataDir], { entry: 'serve.js' });
  const host = serve();
  const ready = await host.nextLine();
  const port = /:(\d+)\/$/.exec(await host.nextLine())?.[1] ?? '';
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  expect(await run('settings', 'open', '127.0.0.2')).toMatchObject({ code: 2, stderr: expect.stringContaining('--allow') as string });
  const everybody = await run('settings', 'open', '127.0.0.2', '--allow', '0.0.0.0/0');
  expect(everybody.stderr).toContain('0.0.0.0/0 would let everybody in');
  expect((await run('settings', 'open', '127.0.0.2', '--allow', '127.0.0.1, 127.0.0.2')).stdout).toBe(
    `Bins are open to other machines at http://127.0.0.2:${port}.\n`,
  );
  expect((await run('status')).stdout).toContain(`open      http://127.0.0.2:${port}\n`);
  expect((await run('bins', 'create', 'Shop')).code).toBe(0);
  expect((await fetch(`http://127.0.0.2:${port}/shop`, { method: 'POST', body: 'a' })).status).toBe(200);
  // What a bin's URL opens is not what the API's does.
  const api = new URL(/http\S+/.exec(ready)?.[0] ?? '');
  await expect(fetch(`http://127.0.0.2:${api.port}/api/health`)).rejects.toThrow();
  const listening = startCommand(['listen', '--bin', 'shop', '--data-dir', dataDir]);
  expect(await listening.nextLine()).toMatch(/^Listening at \S+\/shop, open to other machines at http:\/\/127\.0\.0\.2:\d+\/shop$/);
  listening.signal('SIGINT');
  await listening.ended;
  host.signal('SIGTERM');
  await host.ended;

  const again = serve();
  await again.nextLine();
  await again.nextLine();
  expect(await again.nextLine()).toMatch(/^Open to other machines at http:\/\/127\.0\.0\.2:\d+\/$/);
  expect((await run('settings', 'close')).stdout).toBe('Bins receive from this machine only.\n');
  expect((await run('status')).stdout).not.toContain('127.0.0.2');
});
