import { buildIfStale } from './build.ts';
import { ensureChromium } from './chromium.ts';
import { desktopProblem, fetchElectron } from './electron-binary.ts';
import { runTool, tools } from './run-step.ts';

const [project = 'browser', ...others] = process.argv.slice(2);
const env: Record<string, string> = {};
if (project === 'browser') {
  const chromium = ensureChromium();
  if ('why' in chromium) fail(`${chromium.why}.`);
  else env['HOOKYARD_CHROMIUM'] = chromium.path;
}
const problem = project === 'desktop' ? desktopProblem(fetchElectron()) : null;
if (!buildIfStale()) process.exit(1);
process.exitCode = await runTool(tools.playwright, ['test', `--project=${project}`, ...others], { env });
if (problem !== null) process.stdout.write(`The desktop suite was skipped: ${problem}.\n`);

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
