import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createTempFolder } from '../support/temp-workspace.ts';
import { freePort } from '../support/free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The first block of code of this language in a page. */
function codeOf(page: string, language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';
}

function run(command: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const { HOOKYARD_DATA_DIR: _dataDir, ...inherited } = process.env;
  return spawnSync(command, { cwd, shell: true, encoding: 'utf8', env: { ...inherited, PATH: path, CI: 'true', ...env } });
}

/** What `npm install` makes of the packed files in an empty folder, without asking a registry for the rest. */
function installPacked(folder: string): void {
  const packed = join(folder, 'node_modules/hookyard');
  const listed = run('npm pack --ignore-scripts --dry-run --json', root);
  const [{ files } = { files: [] }] = z
    .array(z.object({ files: z.array(z.object({ path: z.string() })) }))
    .parse(JSON.parse(listed.stdout));
  for (const { path } of files) {
    mkdirSync(dirname(join(packed, path)), { recursive: true });
    cpSync(join(root, path), join(packed, path));
  }
  const { bin } = z
    .object({ bin: z.object({ hookyard: z.string() }) })
    .parse(JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')));
  chmodSync(join(packed, bin.hookyard), 0o755);
  mkdirSync(join(folder, 'node_modules/.bin'));
  symlinkSync(join(packed, bin.hookyard), join(folder, 'node_modules/.bin/hookyard'));
  for (const name of ['better-sqlite3', 'vitest']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(join(root, 'node_modules/vitest/vitest.mjs'), join(folder, 'node_modules/.bin/vitest'));
}

/** What the report has to say of each receiver. */
const reports = {
  'not-there': /status=delivered: It is failed: .*127\.0\.0\.1:9/,
  'no-such-path': /Its answer to attempt \d was 404: there is no \/no-such-path/,
  crashes: /Its answer to attempt \d was 500: TypeError: undefined is not a function/,
  silent: /status=delivered: It is failed: .*3/,
  cuts: /status=delivered: It is failed: /,
  'other-secret': /Its answer to attempt \d was 401: no signature matches/,
  'not-verifying': /answer=401: It is 200\./,
  'ships-twice': /2 captures matched; at most 1 was expected\.(?:\nMatched: cap_\w+ {2}\S+Z {2}POST \/shipping-ships-twice\/parcels){2}$/,
  'wrong-total': /json\.total:=4900: It is 49/,
  'total-as-text': /json\.total:=4900: It is "4900", a text/,
  'ships-nothing': /No capture came to the bin shipping-ships-nothing; 1 was expected within 10\.0 s\./,
} as const;

const typed = `import { bin, NotMetError, type Capture } from 'hookyard/client';
const capture: Capture = await (await bin('a')).waitForCapture({ verdict: 'valid' });
const total: number = capture.body.length;
// @ts-expect-error -- there is no such verdict
await (await bin('a')).waitForCapture({ verdict: 'fine' });
export { total, NotMetError };
`;

/** The workflow of the guide: its environment and the commands of its steps. */
const workflow = z
  .object({
    jobs: z.object({
      webhooks: z.object({ env: z.record(z.string(), z.string()), steps: z.array(z.object({ run: z.string().optional() })) }),
    }),
  })
  .transform(({ jobs: { webhooks } }) => ({ env: webhooks.env, commands: webhooks.steps.flatMap(({ run: line }) => line ?? []) }))
  .parse(parse(codeOf(read('docs/guide/ci.md'), 'yaml')));

const readme = read('README.md').slice(read('README.md').indexOf('In a test, with Vitest'));

/** A folder like that of somebody's code, with the script of the guide and the test of the README once for each of some receivers. */
async function codeFolder(names: readonly string[], path = '/hooks') {
  const folder = createTempFolder();
  installPacked(folder);
  for (const file of ['receiver.js', 'server.js', 'vitest.config.js']) cpSync(join(root, 'test/fixtures/ci', file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  // They run side by side, so each has a bin of its own.
  for (const name of names)
    writeFileSync(join(folder, `${name}.test.js`), codeOf(readme, 'js').replace("bin('shipping')", `bin('shipping-${name}')`));
  const port = String(await freePort());
  const script = codeOf(read('docs/guide/ci.md'), 'sh').replaceAll('3000', port).replace('/hooks', path);
  writeFileSync(join(folder, 'webhooks.sh'), script);
  const [install, command = '', ...others] = workflow.commands;
  expect({ install, others }).toEqual({ install: 'npm ci', others: [] });
  return { folder, test: () => run(command, folder, { ...workflow.env, PORT: port }) };
}

it('the README’s test passes with a receiver that is right, and says what is wrong with each of eleven that are not, by the commands of the GitHub workflow', async () => {
  const { folder, test } = await codeFolder(['right', ...Object.keys(reports)]);
  expect(existsSync(join(folder, 'node_modules/hookyard/src'))).toBe(false);
  // Its types can be read where it is installed.
  writeFileSync(join(folder, 'typed.mts'), typed);
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(run(`node ${tsc} --noEmit --strict --module nodenext --types node typed.mts`, folder)).toMatchObject({ stdout: '', status: 0 });

  const { status, stdout, stderr } = test();
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^hookyard: \d+ captures, \d+ deliveries: /m) });
  const suites = readFileSync(join(folder, 'webhooks.xml'), 'utf8').split('<testsuite ').slice(1);
  const suiteOf = (name: string) => suites.find((suite) => suite.includes(`${name}.test.js`)) ?? stdout;
  expect(suiteOf('right')).toMatch(/tests="2" failures="0" errors="0"/);
  const told = Object.fromEntries(Object.keys(reports).map((name) => [name, decoded(suiteOf(name)).split('\n ❯')[0]]));
  expect(told).toEqual(Object.fromEntries(Object.entries(reports).map(([name, line]) => [name, expect.stringMatching(line)])));
});

it.each([
  ['right', 0, /^\d+ passed/m],
  ['takes-unsigned', 1, /^failed +missing-signature /m],
  ['ignores-time', 1, /^failed +stale-time /m],
])('the check of the workflow finds what the README’s test does not see: %s exits with %i', async (name, code, line) => {
  const { folder, test } = await codeFolder([name], `/${name}`);
  const { status, stdout, stderr } = test();
  expect(readFileSync(join(folder, 'webhooks.xml'), 'utf8'), stderr).toMatch(/tests="2" failures="0" errors="0"/);
  expect({ status, stdout }).toEqual({ status: code, stdout: expect.stringMatching(line) });
  expect(readFileSync(join(folder, 'check.xml'), 'utf8')).toContain('<testsuite ');
});

it('the commands of the README are those of the guide', () => {
  const script = codeOf(read('docs/guide/ci.md'), 'sh');
  const [install = '', vitest = '', check = ''] = codeOf(readme, 'sh').trim().split('\n');
  expect(read('docs/guide/ci.md')).toContain(install);
  expect(script).toContain(vitest.replace('npx hookyard with -- ', ''));
  expect(script).toContain(check.split(' --secret-file')[0]);
});

function decoded(xml: string): string {
  return xml.replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
