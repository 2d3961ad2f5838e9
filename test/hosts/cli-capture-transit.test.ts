import { expect, it, onTestFinished } from 'vitest';
import { openChangingProxy, reindent } from '../support/changing-proxy.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

it('shows from a capture and from its attempt what a proxy made of the request', async () => {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Orders' });
  const proxy = await openChangingProxy(() => bin.url, reindent);
  onTestFinished(proxy.close);
  await host.call('POST', '/endpoints', { name: 'Shop', url: proxy.url, signing: null, retryPolicy: 'none' });
  const sent = await runCommand(['send', 'order.made', '--data', '{"order":1}', '--data-dir', dataDir]);
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', `/captures?binId=${bin.id}`);
  const id = items[0]?.id ?? '';
  const shown = await runCommand(['captures', 'transit', id, '--data-dir', dataDir]);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^The body has the same content in other bytes: JSON laid out anew\. .*differ\.$/m);
  expect(shown.stdout).toMatch(new RegExp(`^Arrived: ${id}, .+ after the attempt began; known by its `, 'm'));
  expect(shown.stdout).toMatch(/^added +Via +1\.1 reindenting +A proxy says here/m);
  expect(shown.stdout).toMatch(/^First difference at byte 1; from byte 0:\n {2}sent +7b 22/m);
  const attempt = /attempt 1 \((att_\w+)\)/.exec(shown.stdout)?.[1] ?? '';
  expect((await runCommand(['captures', 'transit', attempt, '--data-dir', dataDir])).stdout).toBe(shown.stdout);
});
