import { expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

it('hookyard endpoints shows why an endpoint is disabled, and switches it on and off', async () => {
  const dataDir = createTempFolder();
  const receiver = await startReceiver([respond({ status: 410 })]);
  onTestFinished(() => receiver.close());
  const { call, answerWhen } = await startHost(dataDir);
  const { id } = await call<{ readonly id: string }>('POST', '/endpoints', {
    name: 'Shop',
    url: receiver.url,
    disableOn410: true,
    verifyTls: false,
    retryPolicy: 'quick',
  });
  await call('POST', '/messages', { type: 'order.made' });
  await answerWhen<{ readonly health: string }>(`/endpoints/${id}`, ({ health }) => health === 'disabled');

  const endpoints = async (...words: readonly string[]) => (await runCommand(['endpoints', ...words, '--data-dir', dataDir])).stdout;
  expect(await endpoints('list')).toContain('disabled (gone)');
  expect(await endpoints('list')).toContain(`${receiver.url} (TLS certificate not checked)`);
  const shown = await endpoints('show', 'Shop');
  expect(shown).toContain('Switched off because its receiver answered 410 Gone.');
  expect(shown).toContain('1 waiting');
  expect(await endpoints('enable', 'Shop')).toContain('No event was sent to it since it was switched on; tests do not count.');
  await receiver.nextRequest();
  await receiver.nextRequest();
  expect(await endpoints('disable', 'Shop')).toContain('Shop is disabled. Switched off by');
  expect((await call<{ readonly items: unknown }>('GET', `/endpoints/${id}/history`)).items).toMatchObject([
    { kind: 'disabled' },
    { kind: 'enabled' },
    { kind: 'disabled' },
    { kind: 'failing' },
  ]);
});
