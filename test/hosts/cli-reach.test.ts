import { expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { startSmeeServer } from '../support/smee-server.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand, type RunningCommand } from './command.ts';
import { startHost } from './running-host.ts';

async function smeeServer() {
  const smee = await startSmeeServer();
  onTestFinished(smee.close);
  return smee;
}

async function lineWith(command: RunningCommand, text: string): Promise<string> {
  for (;;) {
    const line = await command.nextLine();
    if (line.includes(text)) return line;
  }
}

it('streams list says what a follower was told that it had missed', async () => {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  await host.call('POST', '/bins', { name: 'Shop' });
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  const [url = ''] = (await run('streams', 'create', 'shop')).stdout.split('\n');
  expect((await run('streams', 'list')).stdout).not.toContain('was told');
  const following = await fetch(url, { headers: { 'Last-Event-ID': 'of-another-stream' } });
  let told = '';
  for await (const piece of following.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    told += piece;
    if (told.includes('event: gap')) break;
  }
  expect((await run('streams', 'list')).stdout).toMatch(
    /\nstk_\w+: \d{4}-\S+ \S+ a follower was told: The id to go on from is not of this stream/,
  );
});

it('a bin of a host is followed by listen --from, which forwards, goes on where it was, and ends with the stream', async () => {
  const [dataDir, ownDir] = [createTempFolder(), createTempFolder()];
  const host = await startHost(dataDir);
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  const bin = await host.call<{ readonly url: string }>('POST', '/bins', { name: 'Shop' });
  const receiver = await startReceiver();
  onTestFinished(receiver.close);

  const made = await run('streams', 'create', 'shop', '--name', 'Ann');
  const [url = '', id = ''] = made.stdout.trim().split('\n');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stream\/hsk_/);
  const follow = () =>
    startCommand(['listen', '--port', '0', '--bin', 'mine', '--from', url, '--forward', receiver.url, '--data-dir', ownDir]);
  const first = follow();
  await lineWith(first, 'It is connected.');
  expect((await run('streams', 'list')).stdout).toMatch(/stk_\w+ +bin_\w+ +Ann +[0-9a-f]{8} +1 +\d{4}-/);
  await fetch(`${bin.url}/orders`, { method: 'POST', body: 'one' });
  expect(await receiver.nextRequest()).toMatchObject({ target: '/orders', body: Buffer.from('one') });
  expect(await lineWith(first, '/orders')).toContain('answered 200 there');
  first.signal('SIGINT');
  expect((await first.ended).code).toBe(130);
  await fetch(`${bin.url}/orders`, { method: 'POST', body: 'two' });
  const second = follow();
  expect(await receiver.nextRequest()).toMatchObject({ body: Buffer.from('two') });
  expect((await run('streams', 'revoke', id)).stdout).toContain('1 follower was cut off');
  expect(await lineWith(second, 'revoked')).toMatch(/It is tried again at .*, and this bin goes on receiving; Ctrl\+C ends it\./);
  second.signal('SIGINT');
  await second.ended;
});

it('sources of a running host are added, shown, paused, resumed and removed', async () => {
  const dataDir = createTempFolder();
  const [host, smee] = [await startHost(dataDir), await smeeServer()];
  const run = (...args: readonly string[]) => runCommand([...args, '--data-dir', dataDir]);
  await host.call('POST', '/bins', { name: 'Hub' });
  const added = await run('sources', 'add', 'hub', '--url', smee.channel, '--name', 'Mine');
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining(smee.channel) });
  const id = /src_\w+/.exec(added.stdout)?.[0] ?? '';
  await host.answerWhen(`/sources/${id}`, ({ state }: { readonly state: string }) => state === 'connected');
  await fetch(smee.channel, { method: 'POST', body: '{"a":1}' });
  await host.answerWhen(`/sources/${id}`, ({ captured }: { readonly captured: number }) => captured === 1);
  expect((await run('sources', 'list')).stdout).toMatch(/src_\w+ +smee +connected +1 +\d{4}-\S+ \S+ +0 +http/);
  expect((await run('sources', 'pause', id)).stdout).toContain('It is paused.');
  await smee.left();
  expect((await run('sources', 'resume', id)).code).toBe(0);
  expect((await run('sources', 'show', id)).stdout).toContain('1 captured, last at');
  expect((await run('sources', 'remove', id)).stdout).toBe(`Removed ${id}\n`);
  expect(await run('sources', 'add', 'hub', '--url', smee.channel, '--remote-bin', 'x')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--remote-bin needs --token-file'),
  });
  expect((await run('tunnels', 'programs')).stdout).toContain('cloudflared');
});
