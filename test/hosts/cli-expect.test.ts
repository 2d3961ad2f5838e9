import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';
import { startHost } from './running-host.ts';

const secret = 'correct-horse-battery-staple-7Q2x9Lw4';

async function withHost() {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', {
    name: 'Orders',
    signing: { scheme: 'github-sha256' },
    secrets: [secret],
  });
  const run = (...args: readonly string[]) => runCommand(['expect', ...args, '--data-dir', dataDir]);
  return { dataDir, host, bin, run };
}

describe('hookyard expect', () => {
  it('exits 0 and prints what matched', async () => {
    const { host, bin, run } = await withHost();
    await fetch(bin.url, { method: 'POST', body: '{"type":"invoice.paid"}' });
    const met = await run('--bin', 'orders', '--match', 'json.$.type=invoice.paid', '--since', '1h');
    expect(met).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^met {2}1 capture matched\. .*\n.*ID .*\ncap_\w+ .*POST \/orders/),
    });
    const typed = async (condition: string) => await run('--bin', 'orders', '--match', condition, '--since', '1h', '--within', '1ms');
    expect(await typed('json.$.type:="invoice.*"')).toMatchObject({ code: 0 });
    expect((await typed('json.$.type:=1')).stdout).toContain('json.$.type:=1: It is "invoice.paid", a text');
    const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', '/captures');
    const json = await run('--bin', 'orders', '--since', '1h', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ for: 'captures', isMet: true, matched: [{ id: items[0]?.id }] });
  });

  it('waits for what comes while it runs', async () => {
    const { dataDir, host, bin } = await withHost();
    const running = startCommand(['expect', '--bin', 'orders', '--count', '2', '--within', '2m', '--data-dir', dataDir]);
    // It is met whenever it begins: more come until it ends.
    let isOver = false;
    const ended = running.ended.finally(() => (isOver = true));
    while (!isOver) await fetch(bin.url, { method: 'POST', body: '{}' });
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('captures matched.') });
    expect((await host.call<{ readonly status: string }>('GET', '/health')).status).toBe('ok');
  });

  it('exits 1 with what came closest, in a JUnit report too', async () => {
    const { dataDir, bin, run } = await withHost();
    const expected = join(dataDir, 'expected.json');
    const report = join(dataDir, 'report.xml');
    writeFileSync(expected, '{"type": "invoice.paid", "amount": 10}');
    await fetch(bin.url, { method: 'POST', body: '{"amount":11,"type":"invoice.paid"}' });
    const args = ['--bin', 'orders', '--since', '1h', '--within', '1ms'];
    const body = await run(...args, '--body', expected, '--junit', report, '--name', 'An invoice is paid');
    expect(body.code).toBe(1);
    expect(body.stdout).toMatch(/^not met {2}None of 1 capture matched; 1 was expected within 1 ms\./);
    expect(body.stdout).toMatch(
      /Closest: cap_\w+ {2}POST \/orders\n {2}body: It has 1 other value\.\n {4}\$\.amount: expected 10, got 11\n/,
    );
    expect(readFileSync(report, 'utf8')).toMatch(/name="An invoice is paid" time="[\d.]+">\n {6}<failure message="None of 1 capture/);
    const verified = await run(...args, '--verify');
    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('verdict=valid: It is unsigned') });
    expect(await run(...args, '--none')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 capture matched; none was expected.'),
    });
  });

  it('takes an order, and deliveries by their state', async () => {
    const { host, bin, run } = await withHost();
    for (const type of ['created', 'paid']) await fetch(bin.url, { method: 'POST', body: `{"type":"${type}"}` });
    const inOrder = (first: string, then: string) =>
      run('--bin', 'orders', '--match', `json.$.type=${first}`, '--then', `json.$.type=${then}`, '--since', '1h', '--within', '1ms');
    expect(await inOrder('created', 'paid')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 captures came in this order.') });
    expect(await inOrder('paid', 'created')).toMatchObject({ code: 1, stdout: expect.stringContaining('step 2 did not') });
    const receiver = await startReceiver([respond({ status: 200 })]);
    onTestFinished(receiver.close);
    await host.call('POST', '/endpoints', { name: 'Shop', url: receiver.url });
    const { id } = await host.call<{ readonly id: string }>('POST', '/messages', { type: 'invoice.paid' });
    expect(await run('--endpoint', 'shop', '--message', id, '--status', 'delivered', '--answer', '200', '--within', '1m')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^met {2}1 delivery matched\. .*\n.*\ndlv_\w+ .*invoice\.paid to Shop +delivered +1/),
    });
  });

  it('runs the engine itself where no host runs, and ends with Ctrl-C', async () => {
    const dataDir = createTempFolder();
    const running = startCommand(['expect', '--bin', 'sample-bin', '--within', '2m', '--data-dir', dataDir, '--json']);
    await running.noted('this command captures at http://127.0.0.1:');
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
  });

  const bad: readonly (readonly [readonly string[], string])[] = [
    [[], 'Say what is to come'],
    [['--bin', 'orders', '--status', 'delivered'], '--bin is about captures and --status about deliveries'],
    [['--bin', 'orders', '--none', '--count', '1'], '--none goes without'],
    [['--bin', 'orders', '--ignore', 'dates'], '--ignore needs --body'],
    [['--bin', 'ordres'], 'Did you mean orders?'],
    [['--bin', 'orders', '--match', 'type'], '--match "type" is no condition'],
    [['--bin', 'orders', '--then', 'type'], '--then "type" is no condition'],
    [['--bin', 'orders', '--since', '1h', '--after', 'cap_1'], 'Give sinceMs or afterId'],
    [['--bin', 'orders', '--since', '1h', '--junit', '/nowhere/x.xml'], '--junit cannot write'],
  ];
  it('exits 2 where something in the call has to change', async () => {
    const { bin, run } = await withHost();
    await fetch(bin.url, { method: 'POST', body: '{}' });
    for (const [args, sentence] of bad) expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});
