import { serveCommand } from '#hosts/headless/command.ts';
import { runCommandLine } from '#hosts/shared/command-line.ts';

// The headless host alone: `hookyard serve` without the other commands.
await runCommandLine(serveCommand());
