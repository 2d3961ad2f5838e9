import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from './build.ts';
import { ensureChromium } from './chromium.ts';
import { desktopProblem } from './electron-binary.ts';
import { runTool, tools, type ToolOptions } from './run-step.ts';
import { installVendorLibraries, vendorCommand } from './vendor-libraries.ts';
import { addCounts, filesToRepeat, noReport, readPlaywrightReport, readVitestReport, type Failure, type Outcome } from './test-report.ts';

/** One check of a contribution: its name in the summary and what runs it. */
interface Step {
  readonly name: string;
  readonly run: () => boolean | Promise<boolean>;
}

/** A test runner: how to run it, on all files or on some, with a JSON report written to a file. */
interface Runner {
  readonly name: string;
  readonly run: (reportFile: string, files: readonly string[]) => Promise<boolean>;
  readonly read: (report: unknown) => Outcome;
}

const vitest: Runner = {
  name: 'vitest',
  run: (file, files) =>
    succeeds(tools.vitest, ['run', ...files, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
      prefix: 'vitest      ',
    }),
  read: readVitestReport,
};
const playwright: Runner = {
  name: 'playwright',
  run: (file, files) => succeeds(tools.playwright, ['test', ...files], { env: { HOOKYARD_TEST_REPORT: file }, prefix: 'playwright  ' }),
  read: readPlaywrightReport,
};

const reports = mkdtempSync(join(tmpdir(), 'hookyard-test-'));
/** Each checker reads what it needs anew: on two cores a second one costs 30 s of processor time, and the steps beside it need that core. The compiler takes 4 by itself. */
const checkers = Math.max(1, Math.min(4, availableParallelism() - 1));
// Steps of one stage run at once: the compiler and Vitest leave a core idle for much of their time, and packages wait for the network.
const stages: readonly (readonly Step[])[] = [
  [{ name: 'build', run: build }],
  [
    { name: 'typecheck', run: () => succeeds(tools.typescript, ['-b', '--checkers', String(checkers)]) },
    { name: 'lint', run: () => succeeds(tools.oxlint, ['--deny-warnings']) },
    { name: 'format', run: () => succeeds(tools.oxfmt, ['--check']) },
    { name: 'vendor libraries', run: prepareVendorLibraries },
  ],
  [{ name: 'browser', run: findBrowser }],
  [vitest, playwright].map((runner) => ({ name: runner.name, run: () => runTests(runner) })),
];
const steps = stages.flat();

let counts = { passed: 0, failed: 0, skipped: 0 };
const failures: Failure[] = [];
const unsteady: Failure[] = [];
const skipped: string[] = [];
const failed: string[] = [];
const tookSeconds = new Map<string, number>();
for (const stage of stages) {
  process.stdout.write(`\n== ${stage.map(({ name }) => name).join(', ')}\n`);
  await Promise.all(stage.map(take));
}
rmSync(reports, { recursive: true, force: true });

const noDesktop = desktopProblem();
if (noDesktop !== null) skipped.push(`The desktop suite was skipped: ${noDesktop}.`);
for (const sentence of skipped) process.stdout.write(`\n${sentence}\n`);
printFailures('Failed once and passed when its file was run again. Find out why before it fails twice:', unsteady);
printFailures('Failed:', failures);
const ended = steps.map(({ name }) => `${failed.includes(name) ? 'FAILED' : 'ok'} ${name} (${tookSeconds.get(name)} s)`);
process.stdout.write(`\n${ended.join(', ')}\n`);
const flaky = unsteady.length === 0 ? '' : ` (${unsteady.length} of the passed at the second try)`;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped${flaky}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function take({ name, run }: Step): Promise<void> {
  const startedMs = performance.now();
  if (!(await run())) failed.push(name);
  tookSeconds.set(name, Math.round((performance.now() - startedMs) / 1000));
}

/** Runs all tests of a runner, then those files again in which a few tests failed: a second failure counts. */
async function runTests(runner: Runner): Promise<boolean> {
  const first = await outcomeOf(runner, []);
  const again = first.passed ? [] : filesToRepeat(first.failures);
  const second = again.length === 0 ? null : await repeated(runner, again);
  if (second?.passed === true) {
    unsteady.push(...first.failures);
    counts = addCounts(counts, { ...first.counts, passed: first.counts.passed + first.counts.failed, failed: 0 });
    return true;
  }
  failures.push(...first.failures);
  counts = addCounts(counts, first.counts);
  return first.passed;
}

function repeated(runner: Runner, files: readonly string[]): Promise<Outcome & { readonly passed: boolean }> {
  process.stdout.write(`\n== ${runner.name}, again: ${files.map(relative).join(', ')}\n`);
  return outcomeOf(runner, files);
}

async function outcomeOf(runner: Runner, files: readonly string[]): Promise<Outcome & { readonly passed: boolean }> {
  const reportFile = join(reports, `${runner.name}-${files.length}.json`);
  const passed = await runner.run(reportFile, files);
  return { ...readReport(reportFile, runner), passed };
}

function readReport(file: string, runner: Runner): Outcome {
  try {
    return runner.read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return noReport(runner.name);
  }
}

function printFailures(heading: string, list: readonly Failure[]): void {
  if (list.length === 0) return;
  const lines = list.map(({ file, test, why }) => `  ${relative(file)} › ${test}\n    ${why}\n`);
  process.stdout.write(`\n${heading}\n${lines.join('')}`);
}

function relative(file: string): string {
  return file.replace(`${root}/`, '');
}

async function succeeds(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<boolean> {
  return (await runTool(tool, args, options)) === 0;
}

function findBrowser(): boolean {
  const chromium = ensureChromium();
  process.stdout.write('path' in chromium ? `${chromium.path}\n` : `${chromium.why}.\n`);
  if ('path' in chromium) process.env['HOOKYARD_CHROMIUM'] = chromium.path;
  return 'path' in chromium;
}

async function prepareVendorLibraries(): Promise<boolean> {
  const installed = await installVendorLibraries();
  if (installed.kind === 'ready') return true;
  const sentence = `The tests against the providers' big libraries were skipped: the npm registry cannot be reached (${installed.why}).`;
  if (installed.kind === 'unreachable') skipped.push(`${sentence} Where it can be, run: ${vendorCommand}`);
  else process.stdout.write(`The providers' big libraries could not be installed: ${installed.why}. The lines above say more.\n`);
  return installed.kind === 'unreachable';
}
