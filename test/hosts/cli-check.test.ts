import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveReceivers, stripeSecret } from '../engine/checks/receivers.ts';
import { stripeReceiver } from '../engine/checks/planted.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';
import { startHost } from './running-host.ts';
import { hasTerminals, startOnTerminal } from './terminal.ts';

describe('hookyard check', () => {
  it('names what is wrong with a receiver, with its evidence, right code and reports, and exits 1', async () => {
    const server = await serveReceivers({ lenient: stripeReceiver({ onMissing: () => 200 }) });
    const dataDir = createTempFolder();
    const [secretFile, junit, html] = ['secret.txt', 'report.xml', 'report.html'].map((name) => join(dataDir, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(secretFile, `${stripeSecret}\n`);
    const args = ['--profile', 'stripe', '--secret-file', secretFile, '--only', 'signature', '--only', 'old-secret-only', '--seed', '5'];
    const ended = await runCommand([
      'check',
      server.urlOf('lenient'),
      ...args,
      '--code',
      'node',
      '--junit',
      junit,
      '--html',
      html,
      '--data-dir',
      dataDir,
    ]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^passed {5}genuine .*A genuine request/);
    expect(ended.stdout).toMatch(/\nfailed {5}missing-signature .*\n {11}It was answered 200\.\n/);
    expect(ended.stdout).toMatch(/\n1[12] passed, 1 failed, 1 skipped: 14 of 14 cases in .* \(--seed 5\)\n/);
    expect(ended.stdout).toContain('wrong  It takes requests without a signature\n');
    const seen =
      /\n {2}Seen in:\n {4}missing-signature {2}(dlv_\w+)\n {2}While it did this right:\n {4}wrong-secret {7}dlv_\w+\n {2}To do: /.exec(
        ended.stdout,
      );
    // It ran by itself, so the printed commands serve the log first; they work as they stand.
    const [, serve, show] =
      /\nTo see what was sent and answered, [^\n]*\n {2}hookyard (serve [^\n]+)\n {2}hookyard (deliveries show [^\n]+)\n/.exec(
        ended.stdout,
      ) ?? [];
    expect(serve).toBe(`serve --data-dir ${dataDir}`);
    await startHost(dataDir);
    expect(show).toContain(seen?.[1] ?? 'none');
    const shown = await runCommand(show?.split(' ') ?? []);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(seen?.[1] ?? 'none') });
    expect(ended.stdout).toContain('constructEvent(');
    expect(ended.stdout).toMatch(/\nskipped {4}old-secret-only .* \(nothing was sent\)\n/);
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toContain('tests="14" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('<skipped message="The secret from before a rotation was not given."/>');
    const page = readFileSync(html, 'utf8');
    expect(page).toContain(
      'Seen in: <a href="#missing-signature">“No signature header”</a><br>While it did this right: <a href="#wrong-secret">',
    );
    expect(page).toContain('<details id="missing-signature" class="failed" open>');
    expect(page).toMatch(/<summary><b>skipped<\/b> [^\n]* \(nothing was sent\)<\/summary>/);
    for (const text of [ended.stdout, xml, page]) expect(text).not.toContain(stripeSecret);
  });

  it('exits 0 where nothing is wrong, 2 where nobody answers, and says what to change about options', async () => {
    const server = await serveReceivers({ right: stripeReceiver() });
    const dataDir = createTempFolder();
    const run = (...args: readonly string[]) =>
      runCommand(['check', ...args, '--data-dir', dataDir], { env: { HOOKYARD_SECRET: stripeSecret } });
    const right = await run(server.urlOf('right'), '--profile', 'stripe', '--only', 'time', '--json');
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout)).toMatchObject({ status: 'completed', defects: [], counts: { failed: 0 } });
    const gone = await run('http://127.0.0.1:1/', '--profile', 'stripe', '--only', 'time');
    expect(gone).toMatchObject({ code: 2, stdout: expect.stringContaining('wrong  Nothing listens at its address\n') });
    expect(await run('http://127.0.0.1:1/', '--profile', 'stripe', '--only', 'tim')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no case and no family of cases tim'),
    });
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('Say what to check') });
  });

  it('tells once what several cases have in common, and what the receiver answered', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(401).end(`no signature matches\n${stripeSecret}`));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const dataDir = createTempFolder();
    const html = join(dataDir, 'report.html');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const args = ['--profile', 'stripe', '--html', html, '--data-dir', dataDir];
    const { code, stdout } = await runCommand(['check', url, ...args], { env: { HOOKYARD_SECRET: stripeSecret } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {5}genuine .*\n {11}127.* answered 401 .*\n {11}It answered: no signature matches \[secret\]\n/);
    expect(stdout).toMatch(/\nfailed {5}compact-json .*: as genuine\nfailed {5}spaced-json .*: as genuine\n/);
    expect(stdout.split('check the signing secret').length - 1).toBeLessThanOrEqual(2);
    expect(stdout).toContain('\nwrong  It takes no genuine request\n');
    expect(stdout).not.toContain('not enough to name');
    expect(readFileSync(html, 'utf8')).toContain('<p>It answered: no signature matches [secret]</p>');
  });

  it('exits 2 and says so in each report where the rate limit of the receiver leaves open what it must do', async () => {
    let isOpen = true;
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(isOpen ? 200 : 429, { 'Retry-After': '3600' }).end();
      isOpen = false;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const dataDir = createTempFolder();
    const [junit, html] = ['report.xml', 'report.html'].map((name) => join(dataDir, name)) as [string, string];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const args = ['check', url, '--profile', 'stripe', '--only', 'wrong-secret', '--only', 'burst', '--data-dir', dataDir];
    const { code, stdout } = await runCommand([...args, '--junit', junit, '--html', html], { env: { HOOKYARD_SECRET: stripeSecret } });
    expect(code).toBe(2);
    const said =
      '2 of 3 cases are undecided: the receiver limits its rate (429). Raise its limit for the check, or give the check more time.';
    expect(stdout).toContain('1 passed, 0 failed, 2 undecided: 3 of 3 cases');
    expect(stdout).toContain(`\n${said}\nNothing wrong was found in the cases that came out.\n`);
    const xml = readFileSync(junit, 'utf8');
    // What it must do is an error, as the exit code says; the burst is only advice.
    expect(xml).toContain('tests="3" failures="0" errors="1" skipped="1"');
    expect(xml).toContain('<skipped message="Undecided: ');
    const page = readFileSync(html, 'utf8');
    expect(page).toContain(`<p>${said}</p>`);
    expect(page).toContain('<details id="wrong-secret" class="undecided">');
    isOpen = true;
    const json = await runCommand([...args, '--without', 'burst', '--json'], { env: { HOOKYARD_SECRET: stripeSecret } });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ counts: { skipped: 0, undecided: 1 }, defects: [] });
    const genuine = await runCommand(args, { env: { HOOKYARD_SECRET: stripeSecret } });
    expect(genuine).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('stopped: Whether it takes the genuine request is not known.'),
    });
  });

  it('tells which variant of an event is not taken, in its reports too, and saves it as a sample', async () => {
    const server = await serveReceivers({
      careless: ({ body }) =>
        (JSON.parse(body.toString()) as { readonly data: { readonly email: unknown } }).data.email === null ? 500 : 200,
    });
    const dataDir = createTempFolder();
    const [junit, html] = ['report.xml', 'report.html'].map((name) => join(dataDir, name)) as [string, string];
    const schema = join(dataDir, 'user.made.json');
    writeFileSync(
      schema,
      JSON.stringify({
        type: 'object',
        required: ['email'],
        properties: { email: { type: ['string', 'null'], examples: ['ada@example.com'] } },
      }),
    );
    await startHost(dataDir);
    expect(await runCommand(['events', 'import', schema, '--data-dir', dataDir])).toMatchObject({ code: 0 });
    const args = ['check', server.urlOf('careless'), '--event', 'user.made', '--only', 'variants', '--variants', '12', '--save-samples'];
    const run = () => runCommand([...args, '--junit', junit, '--html', html, '--data-dir', dataDir]);
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/\nfailed {5}variant-null .*\n {11}It answers 500 when `email` is null; with "[^"]+" there it answers 200\.\n/);
    expect(stdout).toContain('wrong  It does not take an event in which email is null\n');
    // The delivery that was not taken, and not one that was.
    const told = /\n {4}variant-null {2}(dlv_\w+)[^\n]*\n/.exec(stdout)?.[1] ?? '';
    // Here a Hookyard serves the log already.
    expect(stdout).toContain(`\nTo see what was sent and answered:\n  hookyard deliveries show ${told} --data-dir ${dataDir}\n`);
    const shown = await runCommand(['deliveries', 'show', told, '--data-dir', dataDir]);
    expect(shown.stdout).toContain('500');
    expect(stdout).toContain('Saved as samples of user.made: email is null.\n');
    expect(readFileSync(junit, 'utf8')).toContain('{&quot;email&quot;:null}');
    expect(readFileSync(html, 'utf8')).toContain('<a href="#variant-null">“Fields that may be null”</a>');
    expect((await run()).stdout).toContain('user.made has one of the samples already.');
  });

  it('says at its head and in its summary that requests to a URL without a scheme are not signed', async () => {
    const server = await serveReceivers({ open: () => 200 });
    const args = [server.urlOf('open'), '--only', 'missing-signature', '--data-dir', createTempFolder()];
    const { stdout } = await runCommand(['check', ...args]);
    const said =
      'Requests are not signed: give --scheme, or a --profile that signs, with --secret-file to check what the receiver does with signatures.';
    expect(stdout.startsWith(`${said}\n\npassed `)).toBe(true);
    expect(stdout).toContain(`(--seed ${/--seed (\d+)/.exec(stdout)?.[1] ?? ''})\n${said}\n`);
  });

  it('is cancelled by Ctrl-C, tells what was seen, and exits 130', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const server = await serveReceivers({
      hanging: (request) => {
        if (request.headers['stripe-signature'] !== undefined) arrive();
        return new Promise<number>(() => undefined);
      },
    });
    const dataDir = createTempFolder();
    const running = startCommand([
      'check',
      server.urlOf('hanging'),
      '--profile',
      'stripe',
      '--secret',
      stripeSecret,
      '--data-dir',
      dataDir,
    ]);
    await arrived;
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('cancelled: It was cancelled.');
  });
});

describe.runIf(hasTerminals)('hookyard check at a terminal (skipped where there is no script of util-linux)', () => {
  it('breaks lines between words where the terminal ends, behind their indent', async () => {
    const server = await serveReceivers({ lenient: stripeReceiver({ onMissing: () => 200 }) });
    const dataDir = createTempFolder();
    const args = ['--profile', 'stripe', '--only', 'signature', '--data-dir', dataDir];
    const { code, shown } = await startOnTerminal(['check', server.urlOf('lenient'), ...args], { HOOKYARD_SECRET: stripeSecret }).ended;
    expect(code).toBe(1);
    const defect = shown.slice(shown.indexOf('It takes requests without a signature')).split('\n').slice(1);
    const end = defect.indexOf('');
    expect(end).toBeGreaterThan(3);
    for (const line of defect.slice(0, end)) {
      expect(line.length, line).toBeLessThanOrEqual(80);
      expect(line).toMatch(/^ {2}( {2})?\S.*\S$/);
    }
  }, 60_000);
});
