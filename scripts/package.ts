import { build } from './build.ts';
import { runTool } from './run-step.ts';

// Packages for this system into dist/; more arguments go to electron-builder, such as --dir for an unpacked app.
if (!build()) process.exit(1);
process.exitCode = await runTool('electron-builder/cli.js', ['--publish', 'never', ...process.argv.slice(2)]);
