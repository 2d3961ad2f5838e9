import { describe, expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver, type ScriptedReceiver, type Step } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';
import { startHost, type RunningHost } from './running-host.ts';

async function receive(...script: readonly Step[]): Promise<ScriptedReceiver> {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  return receiver;
}

const failing = (count: number) => Array.from({ length: count }, () => respond({ status: 500 }));

/** A host with an endpoint at which this many deliveries are exhausted. */
async function withExhausted(count: number, dataDir: string) {
  const receiver = await receive(...failing(count));
  const host = await startHost(dataDir);
  await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy: 'none' });
  for (let number = 0; number < count; number += 1) {
    await host.call('POST', '/messages', { type: 'order.made', data: { number } });
    await receiver.nextRequest();
  }
  await idle(host);
  return { receiver, host };
}

/** Waits until nothing is to be sent any more. */
async function idle(host: RunningHost): Promise<void> {
  await host.answerWhen<{ pendingDeliveries: number; inFlightAttempts: number }>(
    '/health',
    ({ pendingDeliveries, inFlightAttempts }) => pendingDeliveries === 0 && inFlightAttempts === 0,
  );
}

describe('hookyard replay', () => {
  it('counts with --dry-run and sends nothing, then redelivers and follows to the end', async () => {
    const dataDir = createTempFolder();
    const { receiver, host } = await withExhausted(3, dataDir);
    const flags = ['--status', 'exhausted', '--since', '2h', '--data-dir', dataDir];
    const dry = await runCommand(['replay', ...flags, '--dry-run']);
    expect(dry.stdout).toContain('3 of 3 would be sent; nothing was.');
    expect(dry.stdout).toMatch(/^status +exhausted +3$/m);
    expect(dry.stdout).toMatch(/^endpoint +Shop +3$/m);
    expect(receiver.requests).toHaveLength(3);
    const run = await runCommand(['replay', ...flags, '--rate', 'max', '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'completed', total: 3, replayed: 3 });
    const { id } = JSON.parse(run.stdout) as { readonly id: string };
    await idle(host);
    expect(await runCommand(['replays', 'verdict', id, '--data-dir', dataDir])).toMatchObject({ code: 0, stdout: `${id}  3 fixed\n` });
    const each = await runCommand(['replays', 'deliveries', id, '--verdict', 'fixed', '--data-dir', dataDir]);
    expect(each.stdout.match(/^dlv_\w+ +fixed +500 +200 +order\.made +Shop$/gm)).toHaveLength(3);
    const list = await runCommand(['replays', 'list', '--data-dir', dataDir]);
    expect(list.stdout).toMatch(/^rpl_\w+ +\S+ \S+ +completed +3 +0 +3 +redelivering exhausted deliveries from \S+ \S+$/m);
  });

  it('does nothing without a filter unless it is told to mean everything', async () => {
    const dataDir = createTempFolder();
    const { receiver } = await withExhausted(1, dataDir);
    const bare = await runCommand(['replay', '--data-dir', dataDir]);
    expect({ code: bare.code, stderr: bare.stderr }).toEqual({
      code: 2,
      stderr: 'hookyard: This would be every delivery of the log: narrow it, such as with --status exhausted, or say --all.\n',
    });
    expect(receiver.requests).toHaveLength(1);
    expect((await runCommand(['replay', '--all', '--rate', 'max', '--data-dir', dataDir])).stdout).toContain(
      '1 of 1 scheduled, redelivering all deliveries',
    );
  });

  it('recovers what failed, and replays what is missing, by the name of an endpoint', async () => {
    const dataDir = createTempFolder();
    const { receiver, host } = await withExhausted(2, dataDir);
    const recovered = await runCommand(['recover', 'shop', '--since', '1d', '--rate', 'max', '--data-dir', dataDir]);
    expect(recovered).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 scheduled, recovering Shop since ') });
    await host.call('POST', '/endpoints', { name: 'Late', url: `${receiver.url}/late` });
    const missing = await runCommand(['replay-missing', 'Late', '--since', '1d', '--rate', 'max', '--data-dir', dataDir]);
    expect(missing).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 scheduled, missing at Late since ') });
    await idle(host);
    expect(receiver.requests.filter(({ target }) => target === '/late')).toHaveLength(2);
  });

  it('pauses on Ctrl-C, and is resumed and cancelled by its id', async () => {
    const dataDir = createTempFolder();
    await withExhausted(3, dataDir);
    const command = startCommand(['replay', '--status', 'exhausted', '--rate', '0.1', '--data-dir', dataDir]);
    const id = /^Started (rpl_\w+): 3 found$/.exec(await command.nextLine())?.[1] ?? '';
    command.signal('SIGINT');
    const ended = await command.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain(`Paused; go on with: hookyard replays resume ${id}`);
    expect((await runCommand(['replays', 'resume', id, '--data-dir', dataDir])).stdout).toContain('running');
    expect((await runCommand(['replays', 'cancel', id, '--data-dir', dataDir])).stdout).toContain('cancelled');
    const again = await runCommand(['replays', 'cancel', id, '--data-dir', dataDir]);
    expect(again).toMatchObject({ code: 2, stderr: 'hookyard: This replay is cancelled; there is nothing to cancel.\n' });
  });
});

describe('hookyard deliveries groups', () => {
  it('lists what failed by its causes, and a replay takes one of them', async () => {
    const dataDir = createTempFolder();
    const broken = (body: string) => respond({ status: 422, body });
    const first = [broken('No order 1'), broken('Down'), broken('No order 22')];
    const receiver = await receive(...first, respond(), respond(), broken('No order 7'), broken('No order 8'));
    const host = await startHost(dataDir);
    const { id } = await host.call<{ id: string }>('POST', '/endpoints', {
      name: 'Shop',
      url: receiver.url,
      retryPolicy: 'none',
      maxConcurrency: 1,
    });
    for (let number = 0; number < 3; number += 1) await host.call('POST', '/messages', { type: 'order.made', data: { number } });
    await idle(host);
    const listed = await runCommand(['deliveries', 'groups', '--endpoint', 'Shop', '--data-dir', dataDir]);
    const [, key = ''] = /^2 +(grp_\w+) +Shop +\S+ \S+ +\S+ \S+ +dlv_\w+ +422 No order \{number\}$/m.exec(listed.stdout) ?? [];
    expect(listed.stdout).toMatch(/^1 +grp_\w+ .* 422 Down$/m);
    expect(listed.stderr).toBe(`hookyard: Replay a group by its key: hookyard replay --group ${key}\n`);
    const run = await runCommand(['replay', '--group', key, '--rate', 'max', '--data-dir', dataDir]);
    expect(run.stdout).toContain(`2 of 2 scheduled, redelivering deliveries of failure group ${key}`);
    await idle(host);
    const rest = await runCommand(['deliveries', 'groups', '--json', '--data-dir', dataDir]);
    expect(JSON.parse(rest.stdout)).toMatchObject({ failed: 1, groups: [{ answer: 'Down', count: 1 }] });
    const again = await runCommand(['replay', '--group', key, '--data-dir', dataDir]);
    expect(again.stderr).toContain('No delivery that this filter finds fails in the way of this group any more');
    // A test that fails is no cause, unless one asks for it.
    const ofTest = { endpointId: id, type: 'order.made', data: {}, test: { kind: 'duplicates', copies: 2 } };
    await host.call('POST', '/receiver-tests', ofTest);
    await idle(host);
    const without = await runCommand(['deliveries', 'groups', '--data-dir', dataDir]);
    expect(without.stderr).toMatch(
      /^hookyard: 2 failed tests are left out: --test shows tests\.\nhookyard: Replay a group .* --group grp_\w+\n$/,
    );
    const tests = await runCommand(['deliveries', 'groups', '--test', '--data-dir', dataDir]);
    expect(tests.stdout).toMatch(/^2 +grp_\w+ +Shop/m);
    expect(tests.stderr).toMatch(/hookyard replay --group grp_\w+ --test\n$/);
  });

  it('says how many were cancelled after they failed, and not that nothing did, as does a watch', async () => {
    const dataDir = createTempFolder();
    const receiver = await receive(...failing(2));
    const host = await startHost(dataDir);
    const retryPolicy = { kind: 'schedule', delaysMs: [3_600_000] };
    await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy });
    for (let sent = 0; sent < 2; sent += 1) await host.call('POST', '/messages', { type: 'order.made' });
    await host.answerWhen<{ items: readonly unknown[] }>('/deliveries?status=failed', ({ items }) => items.length === 2);
    await host.call('POST', '/deliveries/cancel', {});
    const leftOut =
      '2 deliveries that failed and were then cancelled are left out: hookyard deliveries list --status cancelled lists cancelled ones.';
    expect(await runCommand(['deliveries', 'groups', '--data-dir', dataDir])).toMatchObject({
      stdout: 'Nothing else that matches is failed or exhausted.\n',
      stderr: `hookyard: ${leftOut}\n`,
    });
    const watched = await runCommand(['watch', dataDir, '--once', '--data-dir', dataDir]);
    expect(watched.code).toBe(2);
    expect(watched.stderr).toContain(`Nothing that matches is failed or exhausted, so there is nothing to replay`);
    expect(watched.stderr).toContain(leftOut);
    const listed = await runCommand(['deliveries', 'list', '--status', 'cancelled', '--data-dir', dataDir]);
    expect(listed.stdout.match(/dlv_/g)).toHaveLength(2);
  });
});

describe('hookyard deliveries cancel', () => {
  it('counts and cancels what waits', async () => {
    const dataDir = createTempFolder();
    const receiver = await receive(...failing(2));
    const host = await startHost(dataDir);
    await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
    for (let sent = 0; sent < 2; sent += 1) await host.call('POST', '/messages', { type: 'order.made' });
    await host.answerWhen<{ items: readonly unknown[] }>('/deliveries?status=failed', ({ items }) => items.length === 2);
    const dry = await runCommand(['deliveries', 'cancel', '--endpoint', 'Shop', '--dry-run', '--data-dir', dataDir]);
    expect(dry.stdout).toBe('Would cancel 2 that waited and 0 under way.\n');
    const done = await runCommand(['deliveries', 'cancel', '--endpoint', 'Shop', '--data-dir', dataDir]);
    expect(done.stdout).toBe('Cancelled 2 that waited and 0 under way.\n');
  });
});

describe('hookyard test-receiver', () => {
  it('shows the plan, sends it, and tells how each was answered', async () => {
    const dataDir = createTempFolder();
    const receiver = await receive();
    const host = await startHost(dataDir);
    await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy: 'none' });
    const common = ['Shop', '--event', 'order.made', '--data-dir', dataDir];
    const plan = await runCommand(['test-receiver', 'out-of-order', ...common, '--count', '3', '--gap', '1ms', '--seed', '7', '--dry-run']);
    expect(plan.stdout).toMatch(/^Order by --seed 7\n {2}1 {2}message \d {2}after 0 s\n/);
    expect(receiver.requests).toEqual([]);
    const order = [...plan.stdout.matchAll(/message (\d)/g)].map(([, number]) => number);
    const sent = await runCommand(['test-receiver', 'out-of-order', ...common, '--count', '3', '--gap', '1ms', '--seed', '7']);
    expect(sent.code).toBe(0);
    // As they ended, which is in any order.
    const ended = [...sent.stdout.matchAll(/(\d) {2}message (\d) {2}delivered/g)].toSorted(
      ([, one], [, other]) => Number(one) - Number(other),
    );
    expect(ended.map(([, , number]) => number)).toEqual(order);
    receiver.append(respond({ status: 500 }));
    const twice = await runCommand(['test-receiver', 'duplicates', ...common, '--copies', '2', '--json']);
    expect(twice.code).toBe(1);
    const lines = twice.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { messageId: string; status: string });
    expect(lines.map(({ status }) => status).toSorted()).toEqual(['delivered', 'exhausted']);
    expect(new Set(lines.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('prints each as it ends, and cancels what is left on Ctrl-C or when its time is over', async () => {
    const dataDir = createTempFolder();
    const receiver = await receive();
    const host = await startHost(dataDir);
    await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy: 'none' });
    const test = ['test-receiver', 'duplicates', 'Shop', '--event', 'order.made', '--copies', '3', '--gap', '1h', '--data-dir', dataDir];
    const stopped = startCommand(test);
    expect(await stopped.nextLine()).toMatch(/^ {2}1 {2}message 1 {2}delivered {2}200 /);
    stopped.signal('SIGINT');
    const { code, stdout } = await stopped.ended;
    expect({ code, cancelled: stdout.match(/cancelled/g)?.length }).toEqual({ code: 130, cancelled: 2 });
    const timed = await runCommand([...test, '--timeout', '50ms', '--json']);
    expect(timed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Not all had ended after 50 ms: cancelling the [23] that had not/),
    });
    expect(timed.stdout.match(/"status":"cancelled"/g)?.length).toBeGreaterThanOrEqual(2);
    const { items } = await host.call<{ items: readonly unknown[] }>('GET', '/deliveries?status=pending');
    expect(items).toEqual([]);
  });
});

describe('a host that is killed in the middle of a replay', () => {
  it('goes on after the restart and makes no delivery due twice', async () => {
    const dataDir = createTempFolder();
    const count = 30;
    const { receiver, host } = await withExhausted(count, dataDir);
    const started = await host.call<{ id: string }>('POST', '/replays', {
      source: { kind: 'redeliver', filter: { status: 'exhausted' } },
      ratePerSecond: 25,
    });
    for (let arrived = 0; arrived < 10; arrived += 1) await receiver.nextRequest();
    host.command.signal('SIGKILL');
    await host.command.ended;
    expect(receiver.requests.length).toBeLessThan(2 * count);

    const next = await startHost(dataDir);
    const replay = await next.answerWhen<{ status: string }>(`/replays/${started.id}`, ({ status }) => status !== 'running');
    expect(replay).toMatchObject({ status: 'completed', total: count, replayed: count, skipped: [] });
    await idle(next);
    const { items } = await next.call<{ items: readonly { id: string; status: string }[] }>(
      'GET',
      `/deliveries?replayId=${started.id}&limit=200`,
    );
    expect(items.map(({ status }) => status)).toEqual(Array(count).fill('delivered'));
    for (const { id } of items) {
      const { attempts } = await next.call<{ attempts: readonly { trigger: string }[] }>('GET', `/deliveries/${id}?bodies=false`);
      expect(attempts.filter(({ trigger }) => trigger === 'redelivery')).toHaveLength(1);
    }
  });
});
