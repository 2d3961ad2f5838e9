import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hang, respond, startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';
import { startHost } from './running-host.ts';
import { hasTerminals, startOnTerminal } from './terminal.ts';

const secret = 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=';

describe('hookyard run', () => {
  it('saves deliveries as a run of the project, and runs it with a report; what breaks is named and exits 1', async () => {
    const saved = [respond(), respond({ status: 422 })];
    const receiver = await startReceiver([...saved, ...saved, respond(), respond({ body: 'Paid\nalready' })]);
    const folder = createTempFolder();
    const dataDir = createTempFolder();
    await startHost(dataDir);
    const [file, junit] = [join(folder, 'hookyard.yaml'), join(folder, 'report.xml')];
    writeFileSync(file, '# ours\nhookyard: 1\n');
    const run = async (...args: readonly string[]) =>
      await runCommand([...args, '--data-dir', dataDir], { env: { WEBHOOK_SECRET: secret } });
    const send = ['--to', receiver.url, '--secret', secret, '--data', '-'];
    for (const type of ['order.made', 'order.paid'])
      await runCommand(['send', type, ...send, '--data-dir', dataDir], { input: `{"type":"${type}"}` });
    const ids = JSON.parse((await run('deliveries', 'list', '--json')).stdout) as { items: { id: string; eventType: string }[] };
    const mine = ids.items.filter(({ eventType }) => eventType.startsWith('order.')).map(({ id }) => id);
    expect(await run('run', 'save', 'shop', '--deliveries', ...mine, '--project', file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Saved the run shop in .*: 2 steps to http.*\nSet WEBHOOK_SECRET to what .*\nRun it: hookyard run shop\n$/,
      ),
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^# ours\nhookyard: 1\nruns:\n {2}shop:\n/);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    expect(await run('run', 'save', 'shop', '--deliveries', ...mine, '--project', file)).toMatchObject({
      stderr: expect.stringContaining('has a run shop already'),
    });
    expect((await run('run', '--list', '--project', file)).stdout).toMatch(/RUN +STEPS +TO .*\nshop +2 +http/);
    const passed = await run('run', 'shop', '--project', file, '--no-gaps', '--junit', junit);
    expect(passed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Running shop: 2 steps to .*\nok +1 {2}order\.made: Answered 200\. .*\nok +2 {2}order\.paid: Answered 422\. .*\npassed {2}Both /,
      ),
    });
    expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0"');
    const failed = await run('run', 'shop', '--project', file, '--speed', '1000', '--junit', junit);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('not met  2  order.paid: Expected status 422. It is 200.') });
    expect(failed.stdout).toMatch(/^ {14}Delivery: dlv_\w+ {2}order\.paid\n {14}Its answer: Paid\n {14}already\nfailed/m);
    expect(readFileSync(junit, 'utf8')).toMatch(/status=422: It is 200\.&#10;Its answer: Paid&#10;already<\/failure>/);
    expect(readFileSync(junit, 'utf8')).toContain('<failure message="Expected status 422. It is 200."');
    // Without the secret it cannot be run.
    expect(await runCommand(['run', 'shop', '--project', file, '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/hookyard\.yaml:\d+:\d+: env:WEBHOOK_SECRET has no value/),
    });
  }, 60_000);

  it('says that Hookyard went away in the middle, in a sentence', async () => {
    const receiver = await startReceiver([respond(), hang(), hang()]);
    const folder = createTempFolder();
    const [file, dataDir] = [join(folder, 'hookyard.yaml'), createTempFolder()];
    writeFileSync(
      file,
      `hookyard: 1\nruns:\n  one: { to: "${receiver.url}", steps: [{ event: c }] }\n  two: { to: "${receiver.url}", steps: [{ event: a }, { event: b }] }\n`,
    );
    const host = await startHost(dataDir);
    const running = startCommand(['run', 'two', '--project', file, '--data-dir', dataDir, '--junit', join(folder, 'two.xml')]);
    await running.nextLine();
    expect(await running.nextLine()).toMatch(/^ok +1 /);
    // In JSON, what was decided is told in the end.
    const inJson = startCommand(['run', 'one', '--project', file, '--data-dir', dataDir, '--json']);
    for (let count = 0; count < 3; count += 1) await receiver.nextRequest();
    host.command.signal('SIGKILL');
    const { code, stderr } = await running.ended;
    // 1 would say that a step is not met.
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hookyard: Hookyard stopped before this had ended, .*\n$/);
    expect(readFileSync(join(folder, 'two.xml'), 'utf8')).toContain('<error message="Hookyard stopped before this had ended, ');
    const ended = await inJson.ended;
    expect(ended).toMatchObject({ code: 2, stderr });
    expect(JSON.parse(ended.stdout)).toMatchObject({ events: [{ kind: 'started', name: 'one' }] });
  }, 60_000);

  it('leaves a file as it is that is not UTF-8, whose characters would be lost', async () => {
    const file = join(createTempFolder(), 'hookyard.yaml');
    const bytes = Buffer.from('hookyard: 1\n# caf\xe9\n', 'latin1');
    writeFileSync(file, bytes);
    const saved = await runCommand(['run', '--list', '--project', file, '--data-dir', createTempFolder()]);
    expect(saved).toMatchObject({ code: 2, stderr: expect.stringContaining('is not UTF-8') });
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('starts an engine of its own, takes bodies from files beside the project, ends at Ctrl-C with 130, and keeps runs when the project is exported', async () => {
    const receiver = await startReceiver([respond()]);
    const folder = createTempFolder();
    writeFileSync(join(folder, 'body.json'), '{"a":1}');
    const text = `hookyard: 1\nruns:\n  file: { to: "${receiver.url}", steps: [{ event: a, bodyFile: body.json }, { event: b, afterMs: 600000 }] }\n`;
    const file = join(folder, 'hookyard.yaml');
    writeFileSync(file, text);
    // For a group, and more than a usual umask leaves.
    chmodSync(file, 0o664);
    const dataDir = join(folder, 'data');
    const running = startCommand(['run', 'file', '--project', file, '--data-dir', dataDir]);
    expect(await running.nextLine()).toContain('gaps of 10 m');
    expect(await running.nextLine()).toMatch(/^ok +1 {2}a: Answered 200/);
    expect(receiver.requests[0]?.body.toString('utf8')).toBe('{"a":1}');
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('Stopped after 1 of 2 steps') });
    expect(await runCommand(['export', '--project', folder, '--data-dir', dataDir])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8').endsWith(text.slice(text.indexOf('runs:')))).toBe(true);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o664);
    expect(existsSync(join(folder, 'hookyard.schema.json'))).toBe(true);
    expect(await runCommand(['run', '--project', file, '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Say which run'),
    });
  }, 60_000);
});

describe('hookyard run of several', () => {
  it('runs them one after the other after one list of what they read, and reports each', async () => {
    const receiver = await startReceiver([respond(), respond({ status: 500 }), respond(), respond({ status: 500 }), respond()]);
    const folder = createTempFolder();
    const [file, junit] = [join(folder, 'hookyard.yaml'), join(folder, 'report.xml')];
    const runOf = (name: string) =>
      `{ to: "${receiver.url}", signing: { scheme: github-sha256 }, secret: env:${name}, steps: [{ event: a }] }`;
    writeFileSync(file, `hookyard: 1\nruns: { one: ${runOf('ONE')}, two: ${runOf('TWO')}, three: ${runOf('ONE')} }\n`);
    const run = async (args: readonly string[], env: Readonly<Record<string, string>> = { ONE: 'one', TWO: 'two' }) =>
      await runCommand(['run', ...args, '--project', file, '--data-dir', join(folder, 'data')], { env });
    const all = await run(['--all', '--junit', junit]);
    expect(all.code).toBe(1);
    expect(all.stderr.match(/The runs read:/g)).toHaveLength(1);
    expect(all.stderr.match(/^env:/gm)).toHaveLength(3);
    expect(all.stdout.match(/^(Running \w+|passed|failed)/gm)).toEqual([
      'Running one',
      'passed',
      'Running two',
      'failed',
      'Running three',
      'passed',
    ]);
    expect(readFileSync(junit, 'utf8').match(/<testsuite name="[^"]*" tests="1" failures="\d"/g)).toEqual([
      '<testsuite name="hookyard run one" tests="1" failures="0"',
      '<testsuite name="hookyard run two" tests="1" failures="1"',
      '<testsuite name="hookyard run three" tests="1" failures="0"',
    ]);
    const some = await run(['two', 'one', '--json']);
    expect(some.code).toBe(1);
    expect(
      (JSON.parse(some.stdout) as { runs: { name: string; events: unknown[] }[] }).runs.map(({ name, events }) => [name, events.length]),
    ).toEqual([
      ['two', 3],
      ['one', 3],
    ]);
    // What one of them lacks ends it, and what was decided before is told.
    const lacking = await run(['one', 'two', '--junit', junit], { ONE: 'one' });
    expect(lacking).toMatchObject({ code: 2, stderr: expect.stringContaining('env:TWO has no value') });
    expect(readFileSync(junit, 'utf8')).toMatch(/run two" tests="1" failures="0" errors="1"[^]*<error message="[^"]*env:TWO has no value/);
    // One that cannot begin is in the report, and so are those behind it.
    rmSync(junit);
    const first = await run(['two', 'one', '--junit', junit], { ONE: 'one' });
    expect(first.code).toBe(2);
    expect(readFileSync(junit, 'utf8').match(/<testsuite name="[^"]*" tests="1" failures="\d" errors="\d" skipped="\d"/g)).toEqual([
      '<testsuite name="hookyard run two" tests="1" failures="0" errors="1" skipped="0"',
      '<testsuite name="hookyard run one" tests="1" failures="0" errors="0" skipped="1"',
    ]);
    // So is one whose file cannot be taken, or that there is not; the others ran. The same is told where the report has no room.
    writeFileSync(
      file,
      `hookyard: 1\nruns: { one: ${runOf('ONE')}, out: { to: "${receiver.url}", steps: [{ event: a, bodyFile: /etc/hostname }] }, three: ${runOf('ONE')} }\n`,
    );
    for (const [name, why] of [
      ['out', /is outside of/],
      ['nope', /The project has no run nope/],
    ] as const) {
      const { code, stdout, stderr } = await run(['one', name, '--json', '--junit', junit], { ONE: 'one' });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(why) });
      expect((JSON.parse(stdout) as { runs: { events: unknown[] }[] }).runs.map(({ events }) => events.length)).toEqual([3, 0]);
      const report = readFileSync(junit, 'utf8');
      expect(report).toContain('run one" tests="1" failures="0" errors="0" skipped="0"');
      expect(report).toContain(`run ${name}" tests="1" failures="0" errors="1"`);
      expect(report).toMatch(why);
    }
    if (existsSync('/dev/full')) {
      const full = await run(['one', 'nope', '--json', '--junit', '/dev/full'], { ONE: 'one' });
      expect(full).toMatchObject({ code: 2, stderr: expect.stringMatching(/\(ENOSPC\): there is no room left.*\n.*no run nope/) });
      expect(JSON.parse(full.stdout)).toMatchObject({ runs: [{ name: 'one' }, { name: 'nope' }] });
      const alone = await run(['one', '--json', '--junit', '/dev/full'], { ONE: 'one' });
      expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--junit cannot write /dev/full (ENOSPC)') });
      expect(JSON.parse(alone.stdout)).toHaveProperty('events.length', 3);
    }
    expect(await run(['one', '--all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Give names, or --all; not both.') });
    expect(await run([])).toMatchObject({ code: 2, stderr: expect.stringContaining('hookyard run NAME, or --all') });
    expect(await run(['one', 'tow'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The project has no run tow; it has one, out, three.'),
    });
    writeFileSync(file, 'hookyard: 1\n');
    expect(await run(['--all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('The project has no runs') });
  }, 60_000);
});

describe.runIf(hasTerminals)('hookyard run while it waits (skipped where there is no script of util-linux)', () => {
  it('says in one line of the terminal what for, and nothing of it in a pipe or in JSON; Ctrl-C takes the line away and exits 130', async () => {
    const broken = respond({ status: 503 });
    const receiver = await startReceiver([respond(), broken, broken, respond(), broken, respond()]);
    const folder = createTempFolder();
    const [file, dataDir] = [join(folder, 'hookyard.yaml'), createTempFolder()];
    const endpoint = (delayMs: number) =>
      `{ url: "${receiver.url}", signing: null, retryPolicy: { kind: schedule, delaysMs: [${delayMs}] } }`;
    const steps = '[{ event: order.made }, { event: order.paid, expect: { withinMs: 600000 } }]';
    const runs = `{ shop: { to: Shop, steps: ${steps} }, quick: { to: Quick, steps: [{ event: order.sent }] } }`;
    writeFileSync(file, `hookyard: 1\nendpoints: { Shop: ${endpoint(3_600_000)}, Quick: ${endpoint(10)} }\nruns: ${runs}\n`);
    const common = ['--project', file, '--data-dir', dataDir];
    expect(await runCommand(['apply', ...common])).toMatchObject({ code: 0 });
    const running = startOnTerminal(['run', 'shop', ...common]);
    await running.shows('waiting  2  order.paid: 1 attempt made (503), next in ');
    running.type('\u0003');
    const { code, shown } = await running.ended;
    expect(code).toBe(130);
    expect(shown).toMatch(/, next in (1 h|59 m \d+ s), (10 m|9 m \d+ s) left/);
    expect(shown.endsWith('\r\u001b[KStopped after 1 of 2 steps; what was under way is cancelled.\n')).toBe(true);
    const piped = await runCommand(['run', 'quick', ...common]);
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    expect(piped.stdout).toMatch(/^Running quick: 1 step .*\nok +1 {2}order\.sent: Answered 200 at attempt 2\. .*\npassed .*\n$/);
    const json = await runCommand(['run', 'quick', ...common, '--json']);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(json.stdout) as { events: { kind: string }[] }).events.map(({ kind }) => kind)).toEqual([
      'started',
      'step',
      'ended',
    ]);
  }, 60_000);
});
