import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';
import { ensureChromium } from './chromium.ts';
import { desktopProblem } from './electron-binary.ts';
import { runTool, tools } from './run-step.ts';
import { installVendorLibraries, vendorCommand } from './vendor-libraries.ts';
import { addCounts, noTests, readPlaywrightReport, readVitestReport, type Counts } from './test-report.ts';

/** One check of a contribution: how it is named in the summary and what runs it. */
interface Step {
  readonly name: string;
  readonly run: () => boolean | Promise<boolean>;
}

const reports = mkdtempSync(join(tmpdir(), 'hookyard-test-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');

const steps: readonly Step[] = [
  { name: 'build', run: build },
  { name: 'typecheck', run: () => succeeds(tools.typescript, ['-b']) },
  { name: 'lint', run: () => succeeds(tools.oxlint, ['--deny-warnings']) },
  { name: 'format', run: () => succeeds(tools.oxfmt, ['--check']) },
  { name: 'browser', run: findBrowser },
  { name: 'vendor libraries', run: prepareVendorLibraries },
  {
    name: 'vitest',
    run: () => succeeds(tools.vitest, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`]),
  },
  {
    name: 'playwright',
    run: () => succeeds(tools.playwright, ['test'], { HOOKYARD_TEST_REPORT: playwrightReport }),
  },
];

const skipped: string[] = [];
const failed: string[] = [];
const tookSeconds = new Map<string, number>();
for (const step of steps) {
  process.stdout.write(`\n== ${step.name}\n`);
  const startedMs = performance.now();
  if (!(await step.run())) failed.push(step.name);
  tookSeconds.set(step.name, Math.round((performance.now() - startedMs) / 1000));
}
const counts = addCounts(countsOf(vitestReport, readVitestReport), countsOf(playwrightReport, readPlaywrightReport));
rmSync(reports, { recursive: true, force: true });

const noDesktop = desktopProblem();
if (noDesktop !== null) skipped.push(`The desktop suite was skipped: ${noDesktop}.`);
for (const sentence of skipped) process.stdout.write(`\n${sentence}\n`);
const ended = steps.map(({ name }) => `${failed.includes(name) ? 'FAILED' : 'ok'} ${name} (${tookSeconds.get(name)} s)`);
process.stdout.write(`\n${ended.join(', ')}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function succeeds(tool: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  return (await runTool(tool, args, env)) === 0;
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

/** Counts of one runner; a runner that died before its report counts as one failure, for silence is no success. */
function countsOf(file: string, read: (report: unknown) => Counts): Counts {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { ...noTests, failed: 1 };
  }
}
