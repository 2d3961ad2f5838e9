import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startGuarded } from '#engine/tunnels/guarded-process.ts';
import { tunnelPrograms } from '#engine/tunnels/programs.ts';
import type { Tunnel } from '#shared/contract/tunnels.ts';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { makeStandIn } from '../../support/stand-in-program.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { until } from '../replays/replay-support.ts';

afterEach(() => vi.unstubAllEnvs());

/** An engine on whose path these programs are, in the place of those that are installed. */
async function startWith(...names: readonly string[]) {
  const folder = createTempFolder();
  const programs = await Promise.all(names.map((name) => makeStandIn(folder, name)));
  vi.stubEnv('PATH', [folder, '/usr/bin', '/bin'].join(delimiter));
  vi.stubEnv('HOOKYARD_SECRET', 'not-for-others');
  const engine = await startClockedEngine({ capturePort: 0 });
  const bin = await engine.client.bins.create({ name: 'Shop' });
  return { engine, bin, programs };
}

function tunnelWhen(engine: ClockedEngine, id: string, isReached: (tunnel: Tunnel) => boolean): Promise<Tunnel> {
  return until(
    engine,
    async () => (await engine.client.tunnels.list()).items.find((tunnel) => tunnel.id === id && isReached(tunnel)) ?? null,
  );
}

describe.skipIf(process.platform === 'win32')('the output of a program', () => {
  it('is read line by line, and of a line without an end only its beginning is kept', async () => {
    const lines: string[] = [];
    const { promise: wasRead, resolve: read } = Promise.withResolvers<void>();
    const onLine = (line: string) => {
      lines.push(line);
      if (line === 'last') read();
    };
    const script = String.raw`head -c 20000000 /dev/zero | tr "\0" a; printf "\nü one\r\n\nlast"`;
    await startGuarded('/bin/sh', ['-c', script], { environment: process.env, onLine }).ended;
    await wasRead;
    expect(lines).toEqual(['a'.repeat(4000), 'ü one', '', 'last']);
  });
});

describe('a tunnel', () => {
  it('leads to its bin and to nothing else, shows its public URL, and gives the program nothing of ours', async () => {
    const { engine, bin, programs } = await startWith('cloudflared');
    await engine.client.bins.create({ name: 'Other' });
    const { id } = await engine.client.tunnels.start({ binId: bin.id });
    const run = await programs[0]?.nextRun();
    expect(run?.args.slice(0, 3)).toEqual(['tunnel', '--no-autoupdate', '--url']);
    expect(run?.environment).not.toHaveProperty('HOOKYARD_SECRET');
    run?.print('2026-11-29T10:00:00Z INF |  https://quiet-river-1234.trycloudflare.com                    |', 'stderr');
    expect(await tunnelWhen(engine, id, ({ state }) => state === 'up')).toMatchObject({
      publicUrl: 'https://quiet-river-1234.trycloudflare.com/shop',
      program: 'cloudflared',
    });
    const local = run?.args[3] ?? '';
    expect((await fetch(`${local}/shop/a`, { method: 'POST', body: 'through' })).status).toBe(200);
    expect((await fetch(`${local}/other`)).status).toBe(404);
    expect((await engine.client.captures.list({ binId: bin.id })).items).toMatchObject([{ target: '/shop/a' }]);
    await engine.client.tunnels.stop({ id });
    await run?.gone;
    await expect(fetch(`${local}/shop`)).rejects.toThrow();
    expect((await engine.client.tunnels.list()).items).toEqual([]);
  });

  it('is started again with longer waits when its program ends, and given up when it never comes up', async () => {
    const { engine, bin, programs } = await startWith('ngrok');
    const { id } = await engine.client.tunnels.start({ binId: bin.id, program: 'ngrok' });
    const first = await programs[0]?.nextRun();
    first?.print('{"lvl":"info","msg":"started tunnel","url":"https://ab12.ngrok-free.app"}');
    await tunnelWhen(engine, id, ({ publicUrl }) => publicUrl === 'https://ab12.ngrok-free.app/shop');
    first?.exit(1);
    expect((await tunnelWhen(engine, id, ({ state }) => state === 'restarting')).publicUrl).toBeNull();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      engine.clock.advance(60_000);
      const run = await programs[0]?.nextRun();
      run?.print('{"lvl":"eror","err":"authentication failed: your token 2abcdefghijklmnopqrstuvwxyz0123 is wrong"}');
      run?.exit(1);
      await tunnelWhen(engine, id, ({ state, restarts }) => state === 'failed' || restarts === attempt + 1);
    }
    const failed = await tunnelWhen(engine, id, ({ state }) => state === 'failed');
    expect(failed.message).toContain('ended with the exit code 1: authentication failed: your token … is wrong.');
  });

  it('ends with the engine and with its bin', async () => {
    const { engine, bin, programs } = await startWith('zrok');
    const other = await engine.client.bins.create({ name: 'Other' });
    await engine.client.tunnels.start({ binId: bin.id });
    const first = await programs[0]?.nextRun();
    await engine.client.tunnels.start({ binId: other.id });
    const second = await programs[0]?.nextRun();
    await engine.client.bins.remove({ id: bin.id });
    await first?.gone;
    await engine.stop();
    await second?.gone;
  });

  it('says what to install when nothing is', async () => {
    const { engine, bin } = await startWith();
    await expect(engine.client.tunnels.start({ binId: bin.id })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('Install cloudflared'),
    });
    await expect(engine.client.tunnels.start({ binId: bin.id, program: 'zrok' })).rejects.toThrow('zrok is not installed on this machine');
    expect((await engine.client.tunnels.programs()).items.map(({ isInstalled }) => isInstalled)).toEqual([false, false, false, false]);
  });

  it('is one for each bin also when two are started at once', async () => {
    const { engine, bin } = await startWith('cloudflared');
    const started = await Promise.allSettled([
      engine.client.tunnels.start({ binId: bin.id }),
      engine.client.tunnels.start({ binId: bin.id }),
    ]);
    expect(started.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(started[1]).toMatchObject({ reason: { code: 'CONFLICT', message: expect.stringContaining('has a tunnel already') } });
    expect((await engine.client.tunnels.list()).items).toHaveLength(1);
  });

  it('is one for each bin', async () => {
    const { engine, bin } = await startWith('cloudflared');
    await engine.client.tunnels.start({ binId: bin.id });
    await expect(engine.client.tunnels.start({ binId: bin.id })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

it.skipIf(process.platform === 'win32')('leaves no program behind when the host is ended by kill -9', async () => {
  const folder = createTempFolder();
  const program = await makeStandIn(folder, 'cloudflared');
  const module = resolve(import.meta.dirname, '../../../src/main/engine/tunnels/guarded-process.ts');
  const code = `const { startGuarded } = await import(${JSON.stringify(module)});
    startGuarded(${JSON.stringify(join(folder, 'cloudflared'))}, ['tunnel'], { environment: process.env, onLine: () => {} });
    setInterval(() => {}, 1000000);`;
  const host = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
  onTestFinished(() => void host.kill('SIGKILL'));
  const run = await program.nextRun();
  host.kill('SIGKILL');
  await once(host, 'exit');
  await run.gone;
});

describe('the output of programs for tunnels', () => {
  const read = (name: string, lines: readonly string[]) => {
    const facts = tunnelPrograms.find((program) => program.name === name) ?? expect.unreachable();
    return (
      lines
        .map((line, index) => facts.publicUrlIn(line, lines.slice(Math.max(0, index - 3), index).join('\n')))
        .find((url) => url !== null) ?? null
    );
  };

  it.each([
    [
      'cloudflared',
      ['INF Requesting new quick Tunnel on trycloudflare.com...', 'INF |  https://a-b-1.trycloudflare.com   |'],
      'https://a-b-1.trycloudflare.com',
    ],
    [
      'ngrok',
      ['{"lvl":"info","msg":"client session established"}', '{"msg":"started tunnel","url":"https://x.ngrok.app"}'],
      'https://x.ngrok.app',
    ],
    ['ngrok', ['{"msg":"started tunnel","url":"tcp://1.tcp.ngrok.io:1"}'], null],
    [
      'tailscale',
      ['Available on the internet:', '', 'https://host.tail1.ts.net/', '|-- proxy http://127.0.0.1:1'],
      'https://host.tail1.ts.net',
    ],
    ['tailscale', ['Visit https://login.tailscale.com/f/funnel to enable it'], null],
    [
      'zrok',
      ['{"level":"INFO","msg":"access your zrok share at the following endpoints:\\n abc.shares.zrok.io"}'],
      'https://abc.shares.zrok.io',
    ],
    [
      'zrok',
      ['[ 1.8] INFO main.run: access your zrok share at the following endpoints:', ' https://abc.share.zrok.io'],
      'https://abc.share.zrok.io',
    ],
    ['zrok', ['connecting to https://api-v2.zrok.io'], null],
  ])('of %s is read: %j', (name, lines, url) => {
    expect(read(name, lines)).toBe(url);
  });
});
