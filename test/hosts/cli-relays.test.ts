import { expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('relays are created, shown, paused, resumed and deleted in the terminal, and captures replayed by a filter', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  const [, url = '', token = ''] = /^Ready at (.*)\/\?token=(.*)$/.exec(await host.nextLine()) ?? [];
  const receiver = await startReceiver();
  onTestFinished(receiver.close);
  const made = await fetch(`${url}/api/bins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"name": "Shop"}',
  });
  const bin = (await made.json()) as { readonly url: string };
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);

  expect(await run('relays', 'create', 'Orders')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Give a name, --bin and --to'),
  });
  expect(await run('relays', 'create', 'Orders', '--bin', 'shop', '--to', receiver.url, '--match', 'colour=red')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"colour" is nothing to filter by'),
  });
  const created = await run(
    'relays',
    'create',
    'Orders',
    '--bin',
    'shop',
    '--to',
    receiver.url,
    '--match',
    'method=POST',
    '--match',
    'path=/orders/*',
    '--paused',
  );
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Orders {2}\(rly_\w+\) {2}paused\n/) });
  expect(created.stdout).toContain('Forwards method=POST and path=/orders/* of Shop: 0 captures forwarded, 0 in the queue');

  await fetch(`${bin.url}/orders/1`, { method: 'POST', body: 'paid' });
  expect((await run('relays', 'list')).stdout).toMatch(/rly_\w+ +Orders +paused +0 +1 +http/);
  expect((await run('relays', 'show', 'Orders')).stdout).toContain('1 in the queue until it is resumed');
  const paused = await run('captures', 'list', '--json');
  const { items } = JSON.parse(paused.stdout) as { readonly items: readonly { readonly id: string }[] };
  const shown = await run('captures', 'show', items[0]?.id ?? '');
  expect(shown.stdout).toContain('Not forwarded yet.\nOrders: Waits. The relay is paused: resume it to forward this.');
  expect((await run('relays', 'resume', 'orders')).code).toBe(0);
  expect(await receiver.nextRequest()).toMatchObject({ target: '/orders/1', body: Buffer.from('paid') });
  expect((await run('relays', 'pause', 'Orders')).stdout).toContain('1 capture forwarded, 0 in the queue');
  expect((await run('relays', 'show', 'Orders', '--json')).stdout).toContain('"isActive": false');

  await run('relays', 'resume', 'Orders');
  expect((await run('relays', 'answer', 'Orders', receiver.url, '--within', '3s', '--otherwise', '504')).stdout).toContain(
    `The sender gets the answer of ${receiver.url} within 3 s, or 504`,
  );
  receiver.append(respond({ status: 299 }));
  expect((await fetch(`${bin.url}/orders/2`, { method: 'POST', body: 'paid' })).status).toBe(299);
  expect(await receiver.nextRequest()).toMatchObject({ target: '/orders/2' });
  // The log has the answer a moment after the sender.
  await expect.poll(async () => (await run('captures', 'list')).stdout).toMatch(/299 +http/);
  expect(await run('relays', 'answer', 'Orders', 'nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Orders has no target "nowhere"'),
  });
  expect(await run('relays', 'answer', 'Orders', receiver.url, '--otherwise', '99')).toMatchObject({ code: 2 });
  expect((await run('relays', 'answer', 'Orders', 'bin')).stdout).not.toContain('The sender gets');
  expect(await run('relays', 'differences', 'Orders')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no shadow') });
  const two = await run(
    'relays',
    'create',
    'Builds',
    '--bin',
    'shop',
    '--to',
    `${receiver.url}/old`,
    '--to',
    `${receiver.url}/new`,
    '--retry',
    'none',
  );
  expect(two.code).toBe(0);
  expect(
    (await run('relays', 'shadow', 'Builds', `${receiver.url}/new`, '--of', `${receiver.url}/old`, '--tolerance', '60s')).stdout,
  ).toContain(`${receiver.url}/new is the shadow of ${receiver.url}/old`);
  expect((await run('relays', 'differences', 'Builds')).stdout).toBe('No capture was answered by both targets yet.\n');
  expect(await run('relays', 'delete', 'Orders')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Deleted rly_\w+: 0 waiting/) });
  expect(await run('relays', 'show', 'Orders')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no relay "Orders"') });

  const counted = await run('captures', 'replay', '--bin', 'shop', '--match', 'path=/orders/*', '--to', receiver.url, '--dry-run');
  expect(counted).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 would be sent; nothing was.') });
  const replayed = await run('captures', 'replay', '--bin', 'shop', '--to', `${receiver.url}/again`);
  expect(replayed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`2 of 2 scheduled, sending captures of Shop to ${receiver.url}/again`),
  });
  expect(await receiver.nextRequest()).toMatchObject({ target: '/again', body: Buffer.from('paid') });
  expect(await run('captures', 'replay', '--to', receiver.url)).toMatchObject({ code: 2, stderr: expect.stringContaining('--bin') });
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
});
