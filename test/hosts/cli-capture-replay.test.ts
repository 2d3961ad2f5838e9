import { expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver, type Step } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

async function receive(...script: readonly Step[]) {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** A host with one captured request of `{"order":1}`. */
async function withCapture(dataDir: string) {
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', {
    name: 'Orders',
    signing: { scheme: 'github-sha256' },
    secrets: ['correct-horse-battery-staple-7Q2x9Lw4'],
  });
  await fetch(bin.url, { method: 'POST', headers: { 'x-github-event': 'push' }, body: '{"order":1}' });
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', '/captures');
  return { host, id: items[0]?.id ?? '' };
}

it('sends a capture to a URL and follows it, to an endpoint by its name, and signed anew', async () => {
  const dataDir = createTempFolder();
  const { host, id } = await withCapture(dataDir);
  const receiver = await receive(respond({ status: 200 }), respond({ status: 200 }), respond({ status: 410 }));
  const sent = await runCommand(['captures', 'replay', id, '--to', receiver.url, '--data-dir', dataDir]);
  expect(sent.stderr).toBe('');
  expect(sent.code).toBe(0);
  expect(sent.stdout).toMatch(new RegExp(`^Sent ${id} as msg_\\w+, delivery dlv_\\w+$`, 'm'));
  expect(sent.stdout).toMatch(/^delivered after 1 attempt$/m);
  expect(receiver.requests[0]?.body.toString()).toBe('{"order":1}');

  await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, signing: null, retryPolicy: 'none' });
  const named = await runCommand(['captures', 'replay', id, '--to', 'Shop', '--data-dir', dataDir, '--json']);
  expect(
    named.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly event: string }).event),
  ).toEqual(['attempt', 'delivery']);

  const resigned = await runCommand(['captures', 'replay', id, '--to', receiver.url, '--resigned', '--data-dir', dataDir]);
  expect(resigned).toMatchObject({ code: 1, stderr: '' });
  expect(receiver.requests[2]?.header('x-hub-signature-256')).toMatch(/^sha256=[0-9a-f]{64}$/);
});

it('says what to change where a signature is given but not asked for', async () => {
  const dataDir = createTempFolder();
  const { id } = await withCapture(dataDir);
  const run = await runCommand(['captures', 'replay', id, '--to', 'http://127.0.0.1:9/', '--secret', 'x', '--data-dir', dataDir]);
  expect(run).toMatchObject({
    code: 2,
    stderr: 'hookyard: A capture is sent with the signature that it has: add --resigned to sign it anew.\n',
  });
});

it('makes a profile from a capture, and saves it when told to', async () => {
  const dataDir = createTempFolder();
  const { host, id } = await withCapture(dataDir);
  const printed = await runCommand(['profiles', 'propose', id, '--name', 'Orders', '--data-dir', dataDir]);
  expect(printed.stderr).toContain('The signature is that of the bin.');
  expect(JSON.parse(printed.stdout)).toMatchObject({
    hookyardProfile: 1,
    profile: { name: 'Orders', fields: { headers: { 'x-github-event': '{{ type }}' } } },
  });
  const saved = await runCommand(['profiles', 'propose', id, '--name', 'Orders', '--save', '--data-dir', dataDir]);
  expect(saved.stdout).toMatch(/^Saved Orders as prf_\w+$/m);
  const { items } = await host.call<{ readonly items: readonly { readonly name: string; readonly isBuiltIn: boolean }[] }>(
    'GET',
    '/profiles',
  );
  expect(items.filter(({ isBuiltIn }) => !isBuiltIn).map(({ name }) => name)).toEqual(['Orders']);
});
