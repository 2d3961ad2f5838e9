import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver, type Step } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { startCommand } from './command.ts';

async function receive(...script: readonly Step[]) {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** A listening command, and the URL of its bin. */
async function listen(...flags: readonly string[]) {
  const command = startCommand(['listen', '--port', '0', '--bin', 'orders', '--data-dir', createTempFolder(), ...flags]);
  const url = /^Listening at (\S+)$/.exec(await command.nextLine())?.[1] ?? '';
  return { command, url };
}

it('sends each request on as it came, below the path of the target, and tries again until it is taken', async () => {
  const receiver = await receive(respond({ status: 503 }), respond({ status: 204 }));
  const { command, url } = await listen('--forward', `${receiver.url}?own=1`, '--retry', '1ms');
  await fetch(`${url}/sub?b=2`, { method: 'PUT', body: Uint8Array.from([0xff, 0x00]), headers: { 'x-own': 'yes' } });
  expect(await command.nextLine()).toMatch(/PUT +\/orders\/sub\?b=2 +2 B/);
  expect(await command.nextLine()).toMatch(/-> \S+\/sub\?own=1&b=2 {2}503 in .*, (?:again in 0 s|tried again)$/);
  expect(await command.nextLine()).toMatch(/-> \S+\/sub\?own=1&b=2 {2}204 in \S+ ms$/);
  expect(receiver.requests[1]).toMatchObject({ method: 'PUT', body: Buffer.from([0xff, 0x00]) });
  expect(receiver.requests[1]?.header('x-own')).toBe('yes');
  command.signal('SIGINT');
  expect(await command.ended).toMatchObject({ code: 130, stderr: '' });
});

it('says that nobody listens at the target and what is still to be sent on, and stops on Ctrl-C', async () => {
  // A port that was free a moment ago.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { command, url } = await listen('--forward', `http://127.0.0.1:${port}/hooks`);
  await fetch(url, { method: 'POST', body: 'hello' });
  expect(await command.nextLine()).toContain('POST');
  expect(await command.nextLine()).toMatch(/-> http:\/\/127\.0\.0\.1:\d+\/hooks {2}.*, again in /);
  command.signal('SIGINT');
  const ended = await command.ended;
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain('1 request is still to be sent on; that goes on whenever Hookyard runs on this data folder.');
});

it.each([
  [['--retry', '1s'], '--retry needs --forward: it says how often a request is sent on.'],
  [['--forward', 'No such endpoint'], 'No such endpoint'],
])('says what to change: %j', async (flags, message) => {
  const ended = await startCommand(['listen', '--port', '0', '--data-dir', createTempFolder(), ...flags]).ended;
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(message);
});

it('forwards nothing to itself', async () => {
  const dataDir = createTempFolder();
  const first = startCommand(['listen', '--port', '0', '--bin', 'orders', '--data-dir', dataDir]);
  const url = /^Listening at (\S+)$/.exec(await first.nextLine())?.[1] ?? '';
  first.signal('SIGINT');
  await first.ended;
  const ended = await startCommand(['listen', '--bin', 'orders', '--data-dir', dataDir, '--forward', url]).ended;
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('leads back to the port that captures');
});
