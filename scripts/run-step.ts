import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { root } from './build.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Environment in which `node` and the project's tools are the checkout's own. */
export function toolEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/** How a tool is run. */
export interface ToolOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Stands before each line that it prints, so that tools that run at once can be told apart; without it the tool has the terminal itself. */
  readonly prefix?: string;
}

/** Runs a JavaScript tool of `node_modules` on this Node, on this terminal; returns its exit code. */
export async function runTool(script: string, args: readonly string[], { env = {}, prefix }: ToolOptions = {}): Promise<number> {
  const output = prefix === undefined ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['inherit', output, output],
    env: toolEnvironment(env),
  });
  if (prefix !== undefined) {
    printLines(child.stdout, process.stdout, prefix);
    printLines(child.stderr, process.stderr, prefix);
  }
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await new Promise<number>((done, fail) => {
      child.once('error', fail);
      child.once('close', (code) => done(code ?? 1));
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}

function printLines(from: Readable | null, to: NodeJS.WriteStream, prefix: string): void {
  if (from !== null) createInterface({ input: from }).on('line', (line) => to.write(`${prefix}${line}\n`));
}

/** The scripts of the tools that the checks run. */
export const tools = {
  typescript: 'typescript/bin/tsc',
  oxlint: 'oxlint/bin/oxlint',
  oxfmt: 'oxfmt/bin/oxfmt',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
} as const;
