import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { builtEntry, runCommand, startCommand } from './command.ts';

/** A script that calls the host that it finds by its environment. */
function script(code: string): string {
  const file = join(createTempFolder(), 'script.mjs');
  const call = `const call = async (method, path, body) => (await fetch(process.env.HOOKYARD_URL + '/api' + path, { method,
    headers: { authorization: 'Bearer ' + process.env.HOOKYARD_TOKEN, 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();`;
  writeFileSync(file, `import { spawnSync } from 'node:child_process';\n${call}\n${code}`);
  return file;
}

const runWith = (...args: readonly string[]) => runCommand(['with', ...args]);

describe('hookyard with', () => {
  it('gives a command a host of its own, exits as it does, reports, and leaves nothing behind', async () => {
    const file = script(`
      const bin = await call('POST', '/bins', { name: 'Orders' });
      if (!bin.url.startsWith(process.env.HOOKYARD_CAPTURES)) process.exit(9);
      await fetch(bin.url, { method: 'POST', body: '{}' });
      await call('POST', '/endpoints', { name: 'Shop', url: 'http://127.0.0.1:9/', retryPolicy: 'none' });
      await call('POST', '/messages', { type: 'invoice.paid' });
      const { items: [{ id }] } = await call('GET', '/endpoints');
      await call('POST', '/endpoints/' + id + '/test', { eventType: 'invoice.void', data: {} });
      await call('POST', '/waits', { for: 'deliveries', sinceMs: 0, match: { statuses: ['exhausted'] }, count: 2, withinMs: 60000 });
      console.log(process.env.HOOKYARD_DATA_DIR);
      process.exit(3);`);
    const { code, stdout, stderr } = await runWith('--', process.execPath, file);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(
        /^hookyard: 1 capture, 1 delivery: 1 exhausted; 1 test besides\nhookyard: exhausted dlv_\w+, invoice\.paid to Shop: .+\n$/,
      ),
    });
    expect(existsSync(stdout.trim())).toBe(false);
  });

  it('tells what failed as it was seen where the command passed, since tests expect refusals', async () => {
    const sending = `
      const { url, id } = await call('POST', '/bins', { name: 'Orders', response: { status: 401 } });
      const send = (to) => call('POST', '/messages', { type: 'a', target: { name: 'Shop', url: to, signing: null, retryPolicy: 'none' } });
      await send(url);
      await send('http://127.0.0.1:9/');
      await call('POST', '/waits', { for: 'deliveries', sinceMs: 0, match: { statuses: ['exhausted', 'failed'] }, count: 2, withinMs: 60000 });`;
    const linesAfter = async (exit: number) =>
      (await runWith('--', process.execPath, script(`${sending}\nprocess.exit(${exit});`))).stderr.split('\n').slice(1, -1).toSorted();
    expect(await linesAfter(0)).toEqual([
      expect.stringMatching(/^hookyard: (?:failed|exhausted) dlv_\w+, a to Shop: (?:answered 401|refused)$/),
      expect.stringMatching(/^hookyard: (?:failed|exhausted) dlv_\w+, a to Shop: (?:answered 401|refused)$/),
    ]);
    expect((await linesAfter(1)).join('\n')).toMatch(/check the signing secret/);
  });

  it('is the host of commands within it', async () => {
    const file = script(`
      const bin = await call('POST', '/bins', { name: 'Orders' });
      await fetch(bin.url, { method: 'POST', body: '{}' });
      const args = [${JSON.stringify(builtEntry('cli.js'))}, 'expect', '--bin', 'orders', '--since', '1h'];
      process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status);`);
    expect(await runWith('--', process.execPath, file)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 capture matched.') });
  });

  it('hands signals on, and keeps the workspace when asked to', async () => {
    const file = script(`
      process.on('SIGTERM', () => process.exit(7));
      setInterval(() => undefined, 1000);
      console.log(process.env.HOOKYARD_DATA_DIR);`);
    const running = startCommand(['with', '--keep', '--', process.execPath, file], { env: { TMPDIR: createTempFolder() } });
    const dataDir = await running.nextLine();
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 7, stderr: expect.stringContaining(`The workspace is kept in ${dataDir}`) });
    expect(existsSync(join(dataDir, 'hookyard.db'))).toBe(true);
    expect(existsSync(join(dataDir, 'host.json'))).toBe(false);
  });

  it('says that there is no such command', async () => {
    expect(await runWith('--', 'no-such-program-here')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no-such-program-here cannot be run (ENOENT)'),
    });
  });
});
