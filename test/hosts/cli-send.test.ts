import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver, type ScriptedReceiver, type Step } from '../support/scripted-receiver.ts';
import { exactSample } from '../support/exact-json.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand, type RunningCommand } from './command.ts';

async function receive(script: readonly Step[] = []): Promise<ScriptedReceiver> {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  return receiver;
}

async function startServe(dataDir: string): Promise<{ readonly command: RunningCommand; readonly url: string; readonly token: string }> {
  const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
  const match = /^Ready at (.*)\/\?token=(.*)$/.exec(await command.nextLine());
  return { command, url: match?.[1] ?? '', token: match?.[2] ?? '' };
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

describe('hookyard send', () => {
  it('sends data as its file has it, with every digit, name and their order', async () => {
    const receiver = await receive();
    const folder = createTempFolder();
    const data = exactSample(7, 100);
    const file = join(folder, 'data.json');
    writeFileSync(file, `${data}\n`);
    const { code } = await runCommand(['send', 'a.b', '--to', receiver.url, '--data', file, '--data-dir', join(folder, 'data')]);
    const body = receiver.requests[0]?.body.toString('utf8') ?? '';
    expect(code).toBe(0);
    expect(body.slice(body.indexOf('"data":'))).toBe(`"data":${data}}`);
  });

  it('prints a line for each attempt and exits 0 once delivered', async () => {
    const receiver = await receive([
      respond({ status: 500, body: 'try \u001b[31mlater\r\nplease\n' }),
      respond({ status: 500, body: Uint8Array.from([0xff, 0x00]) }),
    ]);
    const { code, stdout } = await runCommand(
      [
        'send',
        'invoice.paid',
        '--to',
        `${receiver.url}/hook`,
        '--retry',
        '20ms,20ms,20ms',
        '--data',
        '-',
        '--data-dir',
        createTempFolder(),
      ],
      { input: '{"total": 3}' },
    );
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/^Sent invoice\.paid as msg_\w+, delivery dlv_\w+$/);
    // Whether it says when the next one comes depends on whether that has begun by the time the line is printed.
    expect(lines[1]).toMatch(/^ {2}1 {2}http_status +500 +\d+.*ms {2}/);
    expect(lines.slice(2, 4)).toEqual([String.raw`     try \u{1b}[31mlater`, '     please']);
    expect(lines[5]).toBe('     (binary, 2 bytes)');
    expect(lines[6]).toMatch(/^ {2}3 {2}ok +200 /);
    expect(lines[7]).toBe('delivered after 3 attempts');
    expect(JSON.parse(receiver.requests[0]?.body.toString() ?? '')).toMatchObject({ type: 'invoice.paid', data: { total: 3 } });
  });

  it('exits 1 when it is not delivered, and says why', async () => {
    const receiver = await receive([respond({ status: 404 })]);
    const { code, stdout } = await runCommand(['send', 'a.b', '--to', receiver.url, '--data-dir', createTempFolder()]);
    expect(code).toBe(1);
    expect(stdout).toContain('404');
    expect(stdout).toContain('exhausted after 1 attempt\n');
  });

  it('signs with a secret from a file, and adds headers, method and content type', async () => {
    const receiver = await receive();
    const folder = createTempFolder();
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    writeFileSync(join(folder, 'secret'), `${secret}\n`);
    const signed = ['--scheme', 'standard-webhooks', '--secret-file', join(folder, 'secret'), '--id', 'order-1'];
    const shaped = ['--header', 'X-Shop: 7', '--method', 'put', '--content-type', 'application/vnd.shop+json'];
    const { code } = await runCommand(['send', 'a.b', '--to', receiver.url, ...signed, ...shaped, '--data-dir', join(folder, 'data')]);
    expect(code).toBe(0);
    const [request] = receiver.requests;
    expect(request?.method).toBe('PUT');
    expect(request?.header('x-shop')).toBe('7');
    expect(request?.header('content-type')).toBe('application/vnd.shop+json');
    expect(request?.header('webhook-id')).toBe('order-1');
    const headers = Object.fromEntries((request?.rawHeaders ?? []).map(([name, value]) => [name.toLowerCase(), value]));
    expect(new Webhook(secret).verify(request?.body.toString() ?? '', headers)).toMatchObject({ type: 'a.b' });
  });

  it('sends exactly the bytes of --body, whatever they are', async () => {
    const receiver = await receive();
    const bytes = Uint8Array.from([0xff, 0x00, 0xc3, 0x28]);
    expect(
      await runCommand(['send', 'a.b', '--to', receiver.url, '--body', '-', '--data-dir', createTempFolder()], { input: bytes }),
    ).toMatchObject({ code: 0 });
    expect(receiver.requests[0]?.body).toEqual(Buffer.from(bytes));
  });

  it('prints JSON Lines when asked to', async () => {
    const receiver = await receive([respond({ status: 503, body: 'é'.repeat(40_000) })]);
    const { stdout } = await runCommand([
      'send',
      'a.b',
      '--to',
      receiver.url,
      '--retry',
      '10ms',
      '--json',
      '--data-dir',
      createTempFolder(),
    ]);
    expect(jsonLines(stdout)).toMatchObject([
      {
        event: 'attempt',
        number: 1,
        outcome: { code: 'http_status', status: 503 },
        response: { bodyText: 'é'.repeat(32_768), bodyBytes: 80_000, bodyLeftOutBytes: 80_000 - 65_536 },
      },
      { event: 'attempt', number: 2, outcome: { code: 'ok' }, nextAttemptAtMs: null },
      { event: 'delivery', status: 'delivered', attemptCount: 2 },
    ]);
  });

  it('cancels the delivery on Ctrl-C and exits 130', async () => {
    const receiver = await receive([respond({ status: 500 })]);
    const command = startCommand(['send', 'a.b', '--to', receiver.url, '--retry', '1h', '--data-dir', createTempFolder()]);
    await command.nextLine();
    expect(await command.nextLine()).toMatch(/next in (1 h|59 m)/);
    command.signal('SIGINT');
    const { code, stdout } = await command.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('cancelled after 1 attempt\n');
    expect(receiver.requests).toHaveLength(1);
  });

  it('waits no longer than --within says, leaves the delivery as it is, and exits 1', async () => {
    const receiver = await receive([respond({ status: 500 })]);
    const args = ['send', 'a.b', '--to', receiver.url, '--retry', '1h', '--data-dir', createTempFolder()];
    const { code, stdout, stderr } = await runCommand([...args, '--within', '2s']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/next in .*\nfailed after 1 attempt\n$/) });
    expect(stderr).toMatch(/^hookyard: dlv_\w+ was waited for no longer: it goes on while Hookyard runs on this workspace\.$/m);
    expect(await runCommand([...args, '--within', '1m'])).toMatchObject({ code: 0, stdout: expect.stringContaining('delivered after 1') });
  });

  it('says how to end a long wait for the next attempt', async () => {
    const receiver = await receive([respond({ status: 500 })]);
    const command = startCommand(['send', 'a.b', '--to', receiver.url, '--retry', '1h', '--data-dir', createTempFolder()]);
    await command.nextLine();
    await command.nextLine();
    command.signal('SIGINT');
    expect((await command.ended).stderr).toContain('Ctrl-C cancels the delivery; with --within 10s this command would wait no longer.');
    expect((await runCommand(['send', '--help'])).stdout).toContain('--within <time>');
  });

  it.each<readonly [string, readonly string[], string]>([
    ['a malformed URL', ['--to', 'http://exa mple/'], 'URL'],
    ['another protocol', ['--to', 'ftp://x.example/'], 'http'],
    ['a header with a line break', ['--to', 'http://127.0.0.1:9/', '--header', 'X-A: b\nc: d'], 'line'],
    ['a header without a name', ['--to', 'http://127.0.0.1:9/', '--header', 'X-A'], 'Name: value'],
    ['data that is not JSON', ['--to', 'http://127.0.0.1:9/', '--data', '-'], '--data'],
    ['data and body at once', ['--to', 'http://127.0.0.1:9/', '--data', '-', '--body', '-'], '--body'],
    ['a policy that is none', ['--to', 'http://127.0.0.1:9/', '--retry', 'often'], '--retry'],
    ['a scheme without a secret', ['--to', 'http://127.0.0.1:9/', '--scheme', 'standard-webhooks'], 'secret'],
    ['an endpoint that is not there', ['--to', 'Shop'], 'Shop'],
    ['a retry policy for an endpoint', ['--to', 'Shop', '--retry', 'none'], '--retry'],
    ['nowhere', [], '--to'],
  ])('exits 2 with a sentence for %s', async (_name, args, part) => {
    const { code, stderr, stdout } = await runCommand(['send', 'a.b', '--data-dir', createTempFolder(), ...args], { input: '{"half":' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hookyard: .{15,}\n$/);
    expect(stderr).toContain(part);
  });

  it('goes through the host that runs on the data folder, to an endpoint by its name', async () => {
    const dataDir = createTempFolder();
    const receiver = await receive();
    const host = await startServe(dataDir);
    const headers = { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' };
    await fetch(`${host.url}/api/endpoints`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'My shop', url: receiver.url, retryPolicy: 'none' }),
    });
    const { code, stdout } = await runCommand(['send', 'a.b', '--to', 'my shop', '--data-dir', dataDir]);
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: 'delivered after 1 attempt' });
    const listed = await runCommand(['deliveries', 'list', '--data-dir', dataDir, '--json']);
    const [delivery] = (JSON.parse(listed.stdout) as { readonly items: readonly { readonly id: string }[] }).items;
    expect(await runCommand(['deliveries', 'show', delivery?.id ?? '', '--data-dir', dataDir])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('My shop'),
    });
    expect(await runCommand(['endpoints', 'list', '--data-dir', dataDir])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('My shop'),
    });
    expect(await runCommand(['deliveries', 'show', 'dlv_none', '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('dlv_none'),
    });
    expect(await runCommand(['send', 'a.b', '--to', receiver.url, '--time-scale', '2', '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--time-scale'),
    });
  });
});

describe('hookyard listen', () => {
  it('prints its URL, then a line for each request with the verdict on its signature', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const command = startCommand(['listen', '--port', '0', '--bin', 'orders', '--secret', secret, '--data-dir', createTempFolder()]);
    const url = /^Listening at (http:\/\/127\.0\.0\.1:\d+\/orders)$/.exec(await command.nextLine())?.[1] ?? '';
    await fetch(`${url}/a?b=1`, { method: 'POST', body: 'hello' });
    expect(await command.nextLine()).toMatch(/POST +\/orders\/a\?b=1 +5 B {2}200 {2}unsigned {2}/);
    const sentAt = new Date();
    const signature = new Webhook(secret).sign('msg_1', sentAt, 'hello');
    await fetch(url, {
      method: 'POST',
      body: 'hello',
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)), 'webhook-signature': signature },
    });
    expect(await command.nextLine()).toMatch(/ {2}200 {2}valid$/);
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 130, stderr: '' });
  });

  it('prints JSON Lines with bodies in base64, also through a running host', async () => {
    const dataDir = createTempFolder();
    const host = await startServe(dataDir);
    const command = startCommand(['listen', '--json', '--data-dir', dataDir]);
    const listening = JSON.parse(await command.nextLine()) as { readonly url: string };
    expect(listening).toMatchObject({ event: 'listening', url: expect.stringMatching(/\/inbox$/) });
    await fetch(listening.url, { method: 'PUT', body: Uint8Array.from([0xff, 0x00]) });
    expect(JSON.parse(await command.nextLine())).toMatchObject({ event: 'capture', method: 'PUT', bodyBase64: '/wA=', bodyBytes: 2 });
    host.command.signal('SIGTERM');
    expect(await command.ended).toMatchObject({ code: 2, stderr: expect.stringContaining('stopped') });
    expect((await host.command.ended).code).toBe(0);
  });

  it('prints what is refused, which `captures list --refused` and `captures show` tell more of', async () => {
    const dataDir = createTempFolder();
    const host = await startServe(dataDir);
    const command = startCommand(['listen', '--bin', 'orders', '--data-dir', dataDir]);
    const url = /^Listening at (\S+)$/.exec(await command.nextLine())?.[1] ?? '';
    await fetch(url.slice(0, -1), { method: 'POST', body: 'hello' });
    const line = await command.nextLine();
    expect(line).toMatch(/ {2}refused {2}404 {2}There is no bin with the slug order\. {2}\(hookyard captures show ref_\w+\)$/);
    const id = /ref_\w+/.exec(line)?.[0] ?? '';
    const list = await runCommand(['captures', 'list', '--refused', '--data-dir', dataDir]);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`${id} .* 404 +no-bin +There is no bin`)) });
    const shown = await runCommand(['captures', 'show', id, '--data-dir', dataDir]);
    expect(shown.stdout).toContain('There is a bin with the slug orders.');
    expect(shown.stdout).toMatch(/\nPOST \/order HTTP\/1\.1\r?\n[^]*hello\s*$/);
    // What a terminal would obey is written out, in whatever a command prints.
    await fetch(url, { method: 'POST', body: 'a\u001b]0;title\u0007b\u009b2Jc\u202ed', headers: { 'x-note': 'n\u009b31m' } });
    await command.nextLine();
    const [capture] = (
      JSON.parse((await runCommand(['captures', 'list', '--json', '--data-dir', dataDir])).stdout) as {
        readonly items: readonly { readonly id: string }[];
      }
    ).items;
    const seen = await runCommand(['captures', 'show', capture?.id ?? '', '--data-dir', dataDir]);
    expect(seen.stdout).toContain(String.raw`a\u{1b}]0;title\u{7}b\u{9b}2Jc\u{202e}d`);
    expect(seen.stdout).toContain(String.raw`x-note: n\u{9b}31m`);
    const packed = gzipSync('{"order":"packed"}');
    await fetch(url, { method: 'POST', body: packed, headers: { 'content-encoding': 'gzip' } });
    const newest = JSON.parse((await runCommand(['captures', 'list', '--json', '--limit', '1', '--data-dir', dataDir])).stdout) as {
      readonly items: readonly [{ readonly id: string }];
    };
    const show = ['captures', 'show', newest.items[0].id, '--data-dir', dataDir];
    expect((await runCommand(show)).stdout).toContain(`(${packed.byteLength} bytes that are not UTF-8 text; --decoded unpacks them`);
    const decoded = (await runCommand([...show, '--decoded'])).stdout;
    expect(decoded).toContain('{"order":"packed"}');
    expect(decoded).toMatch(/\n\(.*gzip.*\)\n/);
    command.signal('SIGINT');
    await command.ended;
    host.command.signal('SIGTERM');
    await host.command.ended;
  });

  it('exits 2 when a host already captures on another port', async () => {
    const dataDir = createTempFolder();
    await startServe(dataDir);
    expect(await runCommand(['listen', '--port', '1', '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--port'),
    });
  });
});
