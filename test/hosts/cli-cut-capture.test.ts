import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('a capture whose body did not come whole is told from a whole one in the terminal', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  await host.nextLine();
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  const { url } = JSON.parse((await run('bins', 'create', 'Shop', '--json')).stdout) as { readonly url: string };
  const { port, pathname } = new URL(url);
  await fetch(url, { method: 'POST', body: 'abc' });
  const sender = connect(Number(port), '127.0.0.1');
  sender.resume();
  sender.end(`POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabcd`);
  await once(sender, 'close');

  const listed = (await run('captures', 'list')).stdout;
  expect(listed).toMatch(/ POST +4 cut +- +400 /);
  expect(listed).toMatch(/ POST +3 +- +200 /);
  const show = async (bytes: string) =>
    (await run('captures', 'show', new RegExp(`(cap_\\w+) .* POST +${bytes} `).exec(listed)?.[1] ?? '')).stdout;
  expect(await show('4 cut')).toContain('abcd\n\nThe body is cut: only its first 4 bytes are here');
  const whole = await show('3');
  expect(whole).toContain('abc\n\nAnswered 200');
  expect(whole).not.toContain('cut');
});
