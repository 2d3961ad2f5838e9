import { createProgram } from '#hosts/cli/program.ts';
import { serveCommand } from '#hosts/headless/command.ts';
import { appVersion } from '#hosts/shared/app-root.ts';
import { runCommandLine } from '#hosts/shared/command-line.ts';

// The whole command line; each command loads what it needs when it runs.
await runCommandLine(createProgram(appVersion(), [serveCommand()]));
