import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

it('hookyard endpoints lists earlier templates, prints one, restores it, and shows what a newer profile says', async () => {
  const dataDir = createTempFolder();
  const { call } = await startHost(dataDir);
  const { id: profile } = await call<{ readonly id: string }>('POST', '/profiles', { name: 'Shop', fields: { timeoutMs: 1000 } });
  const { id } = await call<{ readonly id: string }>('POST', '/endpoints', {
    profile,
    name: 'Shop',
    url: 'http://127.0.0.1:9/',
    template: '{"v":1}',
  });
  await call('PATCH', `/endpoints/${id}`, { template: '{"v":2}' });
  await call('PATCH', `/profiles/${profile}`, { fields: { timeoutMs: 2000 } });
  const endpoints = async (...words: readonly string[]) => (await runCommand(['endpoints', ...words, '--data-dir', dataDir])).stdout;

  expect(await endpoints('template-versions', 'Shop')).toMatch(/2 \(current\).*7.*changed by.*\n1 .*7.*created by/);
  expect(await endpoints('template-versions', 'Shop', '--show', '1')).toBe('{"v":1}\n');
  expect(await endpoints('restore-template', 'Shop', '1')).toContain('To undo: hookyard endpoints restore-template "Shop" 2');
  expect(await call('GET', `/endpoints/${id}`)).toMatchObject({ template: '{"v":1}' });

  expect(await endpoints('profile-changes', 'Shop')).toMatch(
    /timeoutMs\n {2}yours: +1000 {2}\(from the profile as it was\)\n {2}profile: +2000/,
  );
  expect(await endpoints('profile-changes', 'Shop', '--take', 'all')).toContain('Done; nothing is left to decide.');
  expect(await call('GET', `/endpoints/${id}`)).toMatchObject({ timeoutMs: 2000, changedInProfile: [] });
});

it('hookyard send makes a form of fields and files, byte for byte, and one request of a batch', async () => {
  const dataDir = createTempFolder();
  const receiver = await startReceiver([]);
  onTestFinished(() => receiver.close());
  const file = join(dataDir, 'report.bin');
  writeFileSync(file, Buffer.from([0, 255, 13, 10]));
  const send = (...words: readonly string[]) => runCommand(['send', ...words, '--to', receiver.url, '--data-dir', dataDir]);
  await send('report.ready', '--part', 'title=March', '--part', `report=@${file};type=image/png;filename=a.png`);
  const { header, body } = await receiver.nextRequest();
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(header('Content-Type') ?? '')?.[1] ?? '';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nMarch\r\n--${boundary}\r\nContent-Disposition: form-data; name="report"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`;
  expect(body.equals(Buffer.concat([Buffer.from(head), Buffer.from([0, 255, 13, 10]), Buffer.from(`\r\n--${boundary}--\r\n`)]))).toBe(true);
  expect((await send('report.ready', '--part', 'nameless')).stderr).toContain('--part nameless has no name');

  const batch = join(dataDir, 'batch.json');
  writeFileSync(batch, '[{"objectId":1.10},{"objectId":2}]');
  const env = { HOOKYARD_SECRET: 'a-secret-of-the-app' };
  const preview = ['preview', 'contact.creation', '--to', 'https://127.0.0.1:9/', '--profile', 'hubspot', '--batch', batch];
  const { stdout } = await runCommand([...preview, '--data-dir', dataDir], { env });
  expect(stdout).toContain('"objectId":1.10},{"eventId"');
});
