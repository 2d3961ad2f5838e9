import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';
import { startHost } from './running-host.ts';

/** A receiver in a process of its own, whose code says by the event's number which status it answers with. */
function receiverIn(folder: string) {
  const handler = join(folder, 'src', 'handler.mjs');
  mkdirSync(join(folder, 'src', 'node_modules', 'left'), { recursive: true });
  const server = join(folder, 'server.mjs');
  writeFileSync(
    server,
    `import { createServer } from 'node:http';
    import { statusOf } from './src/handler.mjs';
    createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      response.writeHead(statusOf(JSON.parse(body).data.number)).end();
    }).listen(Number(process.argv[2]), '127.0.0.1', function () { console.log(this.address().port); });`,
  );
  return {
    source: join(folder, 'src'),
    ignored: join(folder, 'src', 'node_modules', 'left', 'index.js'),
    write: (code: string) => writeFileSync(handler, `export const statusOf = (number) => ${code};`),
    start: async (port: number) => {
      const child = spawn(process.execPath, [server, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
      return {
        port: Number(line.value),
        stop: async () => {
          child.kill('SIGKILL');
          await once(child, 'exit');
        },
      };
    },
  };
}

/** A host at which this many deliveries to the receiver are exhausted. */
async function withFailed(count: number) {
  const [dataDir, receiver] = [createTempFolder(), receiverIn(createTempFolder())];
  receiver.write('500');
  const process = await receiver.start(0);
  const host = await startHost(dataDir);
  await host.call('POST', '/endpoints', { name: 'Shop', url: `http://127.0.0.1:${process.port}/hooks`, retryPolicy: 'none' });
  for (let number = 0; number < count; number += 1) await host.call('POST', '/messages', { type: 'order.made', data: { number } });
  await host.answerWhen<{ items: readonly unknown[] }>('/deliveries?status=exhausted', ({ items }) => items.length === count);
  return { dataDir, receiver, process, host };
}

describe('hookyard watch', () => {
  it('replays what still fails after each change, once the receiver is back, and says what came of each event', async () => {
    const { dataDir, receiver, process } = await withFailed(3);
    const command = startCommand(['watch', receiver.source, '--replay', 'last-failed', '--delay', '50ms', '--data-dir', dataDir]);
    expect(await command.nextLine()).toMatch(/^3 failed; watching /);

    // One of three is fixed; the receiver is away when its code changes.
    await process.stop();
    receiver.write('number === 0 ? 200 : number === 1 ? 500 : 503');
    await command.noted(`Waiting for 127.0.0.1:${process.port}`);
    const second = await receiver.start(process.port);
    expect(await command.nextLine()).toMatch(/handler\.mjs changed; replaying 3$/);
    const lines = [await command.nextLine(), await command.nextLine(), await command.nextLine()].toSorted();
    expect(lines[0]).toMatch(/^another failure +500 → 503 {2}order\.made to Shop {2}dlv_\w+$/);
    expect(lines[1]).toMatch(/^fixed +500 → 200 {2}order\.made to Shop {2}dlv_\w+$/);
    expect(lines[2]).toMatch(/^same failure +500 → 500 {2}order\.made to Shop {2}dlv_\w+$/);
    expect(await command.nextLine()).toBe('1 fixed, 1 same failure, 1 another failure, 2 of 3 fail');

    // What was fixed is not sent again.
    await second.stop();
    receiver.write('200');
    await receiver.start(process.port);
    expect(await command.nextLine()).toMatch(/handler\.mjs changed; replaying 2$/);
    expect([await command.nextLine(), await command.nextLine()].toSorted()).toEqual([
      expect.stringMatching(/^fixed +500 → 200 /),
      expect.stringMatching(/^fixed +503 → 200 /),
    ]);
    expect(await command.nextLine()).toBe('2 fixed, both are delivered');
    command.signal('SIGINT');
    expect((await command.ended).code).toBe(130);
  });

  it('runs once as JSON Lines, exits 1 while something fails, and sees what breaks again', async () => {
    const { dataDir, receiver, process } = await withFailed(2);
    const watch = ['watch', receiver.source, '--once', '--delay', '50ms', '--json', '--data-dir', dataDir];
    const command = startCommand([...watch, '--replay', 'whole-set']);
    expect(JSON.parse(await command.nextLine())).toMatchObject({ event: 'watching', failing: 2 });
    // Nothing below node_modules counts.
    writeFileSync(receiver.ignored, '');
    await process.stop();
    receiver.write('number === 0 ? 200 : 500');
    const second = await receiver.start(process.port);
    expect(JSON.parse(await command.nextLine())).toMatchObject({
      event: 'round',
      changed: [expect.stringMatching(/handler\.mjs$/)],
      replaying: 2,
    });
    const ended = await command.ended;
    expect(ended.code).toBe(1);
    const last = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '') as unknown;
    expect(last).toMatchObject({ event: 'end', counts: { fixed: 1, 'same-failure': 1 }, failing: 1 });

    await second.stop();
    receiver.write('200');
    await receiver.start(process.port);
    expect(await runCommand([...watch, '--now'])).toMatchObject({ code: 0 });
    expect(await runCommand([...watch, '--now'])).toMatchObject({
      code: 2,
      stderr:
        'hookyard: Nothing that matches failed, so there is nothing to replay: let it fail first, or widen the options (tests need --test).\n',
    });
  });

  it('says which receiver does not come back, and needs paths that exist', async () => {
    const { dataDir, receiver, process } = await withFailed(1);
    await process.stop();
    const run = await runCommand(['watch', receiver.source, '--now', '--once', '--ready-within', '200ms', '--data-dir', dataDir]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      `127.0.0.1:${process.port} accepted no connection within 200 ms, so nothing was replayed: start the receiver, then run this again.`,
    );
    // It waits for the next change where it goes on.
    const going = startCommand(['watch', receiver.source, '--now', '--ready-within', '200ms', '--data-dir', dataDir]);
    await going.noted('so nothing was replayed: start the receiver, then change a file.');
    going.signal('SIGINT');
    expect(await going.ended).toMatchObject({ code: 130 });
    const url = `http://127.0.0.1:${process.port}/healthz`;
    const unhealthy = await runCommand([
      'watch',
      receiver.source,
      '--now',
      '--once',
      '--ready-within',
      '200ms',
      '--health',
      url,
      '--data-dir',
      dataDir,
    ]);
    expect(unhealthy.stderr).toContain(`${url} did not answer with a 2xx within 200 ms, so nothing was replayed`);
    const health = await runCommand(['watch', receiver.source, '--health', 'healthz', '--data-dir', dataDir]);
    expect(health.stderr).toContain('--health healthz is no URL');
    const missing = await runCommand(['watch', join(receiver.source, 'none'), '--data-dir', dataDir]);
    expect(missing).toMatchObject({
      code: 2,
      stderr: `hookyard: ${join(receiver.source, 'none')} does not exist: name files or folders that do.\n`,
    });
  });
});
