#!/usr/bin/env node
import { createProgram } from '#hosts/cli/program.ts';
import { appVersion } from '#hosts/shared/app-root.ts';
import { runCommandLine } from '#hosts/shared/command-line.ts';

// Installed from the package it runs on whatever Node there is, and would fail at a module that an older one does not have.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `hookyard: This needs Node 24 or newer, and ${process.execPath} is Node ${process.versions.node}: run it with a newer one.\n`,
  );
  process.exit(2);
}
// The whole command line; each command loads what it needs when it runs.
await runCommandLine(await createProgram(appVersion(), process.argv.slice(2)));
