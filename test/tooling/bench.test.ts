import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { benches, takeReport, type Flags } from '../../bench/benches.ts';
import { summarise } from '../../bench/support/figures.ts';
import { toMarkdown, type BenchName } from '../../bench/support/report.ts';
import { placeTable } from '../../bench/support/write-to-docs.ts';

const root = resolve(import.meta.dirname, '../..');

const summary = {
  median: z.number().positive(),
  min: z.number().positive(),
  max: z.number().positive(),
  p99: z.number().positive(),
  samples: z.number().int(),
};
const report = z.strictObject({
  bench: z.enum(['dispatch', 'capture', 'relay', 'log', 'log-sizes', 'due', 'memory']),
  command: z.string(),
  takenAt: z.iso.datetime(),
  machine: z.strictObject({
    cores: z.number().int().positive(),
    cpu: z.string(),
    memoryGiB: z.number().positive(),
    os: z.string(),
    node: z.string(),
    loadBefore: z.number(),
    syncMs: z.number().positive(),
  }),
  method: z.array(z.string()),
  sizes: z.record(z.string(), z.number()),
  figures: z.array(z.strictObject({ name: z.string(), unit: z.enum(['per second', 'ms', 'µs', 'MiB', 'bytes per delivery']), ...summary })),
  ratios: z.array(z.strictObject({ name: z.string(), of: z.string(), ...summary })),
  table: z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
});

/** Names, sizes and times of all files under the folders that a benchmark could write to. */
function treeState(): readonly string[] {
  return ['bench', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => {
      const { size, mtimeMs } = statSync(join(root, folder, name));
      return `${folder}/${name} ${size} ${mtimeMs}`;
    }),
  );
}

describe('npm run bench', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookyard-bench-test-'));
    for (const name of ['cwd', 'temp']) mkdirSync(join(folder, name));
    const temp = join(folder, 'temp');
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temp);
    // No Redis is found on this PATH, so the peer that needs it stays away and nothing is installed for it.
    vi.stubEnv('PATH', temp);
    // What a benchmark starts need not be compiled anew.
    vi.stubEnv('NODE_OPTIONS', `--import ${pathToFileURL(join(root, 'test/support/built-code.ts')).href}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The command in a process of its own, which loads the whole engine from its sources. */
  const bench = async (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'bench/main.ts'), ...args], { cwd: join(folder, 'cwd') });
  /** What the command prints, taken in this process, which has the engine loaded. */
  const take = async (name: BenchName, flags: Flags) => {
    const chosen = benches.find((each) => each.name === name);
    if (chosen === undefined) throw new Error(`There is no benchmark ${name}.`);
    // Which peers are left out here is said there.
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    return takeReport(chosen, flags).finally(() => vi.restoreAllMocks());
  };
  const takeJson = async (name: BenchName, flags: Flags) => report.parse(JSON.parse(JSON.stringify(await take(name, flags))));
  const leftovers = () =>
    ['cwd', 'temp'].flatMap((name) => readdirSync(join(folder, name)).filter((file) => !file.startsWith('node-compile-cache')));

  it('sets durable dispatch against raw undici, says which peer is left out and why, and leaves nothing behind', async () => {
    const before = treeState();
    const { stdout, stderr } = await bench('dispatch', '--rounds', '2', '--messages', '30', '--json');
    const found = report.parse(JSON.parse(stdout));
    const reason = 'redis-server is not on the PATH (on Debian: apt-get install redis-server)';
    expect(stderr).toBe(`BullMQ is left out: ${reason}.\n`);
    expect(found.method).toContain(`BullMQ is left out of this run: ${reason}.`);
    expect(found.command).toBe('npm run bench -- dispatch --rounds 2 --messages 30');
    expect(found.sizes).toEqual({ rounds: 2, messages: 30, connections: 64, bodyBytes: 1000 });
    expect(found.figures.map(({ name, samples }) => [name, samples])).toContainEqual(['durable dispatch', 2]);
    expect(found.ratios.map(({ name, of }) => [name, of])).toContainEqual(['durable dispatch', 'raw undici']);
    expect(leftovers()).toEqual([]);
    expect(treeState()).toEqual(before);
  });

  it('sets captures against a bare server and leaves nothing behind', async () => {
    const before = treeState();
    const found = await takeJson('capture', { rounds: 1, messages: 70 });
    expect(found.sizes).toEqual({ rounds: 1, requests: 70, connections: 64, bodyBytes: 1000 });
    expect(found.ratios.map(({ name, of }) => [name, of])).toContainEqual(['captures', 'bare node:http']);
    expect(leftovers()).toEqual([]);
    expect(treeState()).toEqual(before);
  });

  it('sets a relay against its peers and the way straight to the target, and leaves nothing behind', async () => {
    const before = treeState();
    const found = await takeJson('relay', { rounds: 1, messages: 70 });
    expect(found.sizes).toEqual({ rounds: 1, requests: 70, connections: 64, bodyBytes: 1000 });
    expect(found.figures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['forwarded by Hookyard', 'to the target, relayed, median', 'to the target, relayed beside what hangs, p99']),
    );
    expect(leftovers()).toEqual([]);
    expect(treeState()).toEqual(before);
  });

  it('times every kind of query on a large and a small log and leaves nothing behind', async () => {
    const before = treeState();
    const found = await takeJson('log', { rounds: 2, messages: 1200 });
    expect(found.sizes).toMatchObject({ attempts: 1200, smallAttempts: 1000, runs: 2 });
    expect(found.figures).toHaveLength(20);
    expect(found.ratios.map(({ name }) => name)).toEqual(found.table.rows.map(([name]) => name));
    expect(leftovers()).toEqual([]);
    expect(treeState()).toEqual(before);
  });

  it('opens logs of the sizes that are asked for and leaves nothing behind', async () => {
    const before = treeState();
    const found = await takeJson('log', { sizes: [1000, 1500], rounds: 1 });
    expect(found.bench).toBe('log-sizes');
    expect(found.command).toBe('npm run bench -- log --sizes 1000,1500 --rounds 1');
    expect(found.table.columns).toEqual(['', '1,000 attempts', '1,500 attempts']);
    expect(found.figures.map(({ name }) => name)).toContain('claim, for each delivery of 64, 1500 attempts');
    expect(leftovers()).toEqual([]);
    expect(treeState()).toEqual(before);
  });

  it('times scheduled deliveries idle and under load, each of which arrives, and leaves nothing behind', async () => {
    const found = await takeJson('due', { messages: 60 });
    expect(found.sizes).toMatchObject({ deliveries: 60, rounds: 1 });
    expect(found.figures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['lateness idle, p99', 'event-loop delay under full load, p99']),
    );
    expect(leftovers()).toEqual([]);
  });

  it('reads the memory at twenty places and leaves nothing behind', async () => {
    const printed = toMarkdown(await take('memory', { messages: 200 }));
    expect(printed.match(/^\| \d+ +\|/gm)).toHaveLength(20);
    expect(printed).toContain('| growth in the second half, bytes per delivery |');
    expect(leftovers()).toEqual([]);
  });

  it('measures the hostile acts that have a text in their name, beside doing nothing, and tells people of the machine', async () => {
    const { stdout } = await bench('hostile', '--rounds', '1', '--only', 'an ORDINARY one');
    expect(stdout).toMatch(/^`npm run bench -- hostile --rounds 1 --only "an ORDINARY one"`, \d{4}-\d\d-\d\d\. \d+ cores .* Node \d+/);
    expect(stdout.match(/^\| \S+: /gm)?.toSorted()).toEqual(['| nothing: ', '| templates: ']);
    await expect(take('hostile', { rounds: 1, only: 'no such act' })).rejects.toThrow(
      'Nothing that is measured has "no such act" in its name; a run without --only lists all names.',
    );
    await expect(bench('hostile', '--only', 'ordinary', '--write')).rejects.toThrow(
      'Leave out --only or --write: docs/benchmarks.md has the table of a whole run.',
    );
    expect(leftovers()).toEqual([]);
  });

  it('refuses a size that is no number and a log too short for pages, in words', async () => {
    await expect(bench('dispatch', '--rounds', 'many')).rejects.toThrow('Use a whole number of 1 or more.');
    await expect(bench('log', '--sizes', '1000,many')).rejects.toThrow('Use a whole number of 1 or more.');
    await expect(take('log', { messages: 20 })).rejects.toThrow('The log is too short to have pages: use --messages 300 or more.');
  });
});

describe('the page of benchmarks', () => {
  const page = readFileSync(join(root, 'docs/benchmarks.md'), 'utf8');

  it.each(['dispatch', 'capture', 'log'] as const)(
    'takes the table of %s in place of its last one and stays as it is elsewhere',
    (bench) => {
      const once = placeTable(page, bench, '| first |\n');
      const twice = placeTable(once, bench, '| second |\n');
      expect(once).toContain(`<!-- bench:${bench} -->\n\n| first |\n\n<!-- /bench:${bench} -->`);
      expect(twice).toBe(once.replace('| first |', '| second |'));
      expect(twice.split('<!-- bench:')[0]).toBe(page.split('<!-- bench:')[0]);
    },
  );

  it('is left alone when a marker is missing', () => {
    expect(() => placeTable('# Benchmarks\n', 'log', '| table |')).toThrow('has no <!-- bench:log --> followed by <!-- /bench:log -->');
  });
});

describe('a summary of runs', () => {
  it('has the median, the extremes and the 99th percentile by nearest rank', () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, p99: 3, samples: 3 });
    expect(summarise([4, 1, 3, 2])).toMatchObject({ median: 2.5, p99: 4 });
    expect(summarise(Array.from({ length: 200 }, (_, at) => at + 1))).toMatchObject({ median: 100.5, p99: 198 });
  });

  it('refuses to summarise nothing', () => {
    expect(() => summarise([])).toThrow('There are no values to summarise.');
  });
});
