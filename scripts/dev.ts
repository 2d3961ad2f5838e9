import { desktopProblem, fetchElectron, sandboxArguments } from './electron-binary.ts';
import { runTool } from './run-step.ts';

// The desktop app with the window reloaded and the main process restarted as their sources change.
const problem = desktopProblem(fetchElectron());
if (problem !== null) {
  process.stderr.write(
    `${problem}, so the desktop app cannot run here. "npm run serve" builds the window and serves it to your browser.\n`,
  );
  process.exit(1);
}
const sandbox = sandboxArguments().length > 0 ? ['--noSandbox'] : [];
process.exitCode = await runTool('electron-vite/bin/electron-vite.js', ['dev', '--watch', ...sandbox, ...process.argv.slice(2)]);
