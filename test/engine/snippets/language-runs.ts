import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snippet, SnippetLanguage } from '#shared/contract/snippets.ts';
import { origin, packageName, runnerLine, webhookId, type JudgedRequest } from './judged-requests.ts';

/** A receiver and the requests that it judges. */
export interface Trial {
  readonly name: string;
  readonly snippet: Snippet;
  readonly requests: readonly JudgedRequest[];
}

/** How receivers of a language are run on this machine. */
export interface LanguageRun {
  readonly language: SnippetLanguage;
  /** Why they cannot be, or null. */
  readonly missing: string | null;
  /** Packages that are installed here beside the standard library. */
  readonly packages: readonly string[];
  /** Has one process judge all requests; an answer for each, `genuine` or why not. */
  readonly judge: (folder: string, trials: readonly Trial[]) => Promise<readonly string[]>;
}

const runners = join(import.meta.dirname, 'runners');
const environment = {
  ...process.env,
  WEBHOOK_SECRET: 'unused',
  WEBHOOK_PUBLIC_KEY: 'unused',
  WEBHOOK_CERTIFICATE: 'unused',
  WEBHOOK_ORIGIN: origin,
  WEBHOOK_ID: webhookId,
};

function missing(command: string, ...flags: readonly string[]): string | null {
  const { status } = spawnSync(command, flags, { stdio: 'ignore' });
  return status === 0 ? null : `${command} is not installed`;
}

/** Runs a command to its end and gives what it printed; rejects with what it complained of. */
export async function output(command: string, flags: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, flags, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const complaints: string[] = [];
  child.stdout.on('data', (bytes: Buffer) => printed.push(bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const status = await promise;
  if (status !== 0)
    throw new Error(`${command} ended with ${status}: ${`${complaints.join('')}${printed.join('').slice(-2000)}`.slice(0, 4000)}`);
  return printed.join('');
}

/** Writes each receiver to a folder of its own, and the requests to a file that the runner reads. */
function writeTrials(folder: string, trials: readonly Trial[], nameOf: (trial: Trial, file: string) => string = (_, file) => file): string {
  const lines = trials.flatMap((trial) => {
    const own = join(folder, packageName(trial.name));
    mkdirSync(own, { recursive: true });
    const file = join(own, trial.snippet.filename);
    const isJava = trial.snippet.language === 'java';
    writeFileSync(file, isJava ? `package ${packageName(trial.name)};\n${trial.snippet.code}` : trial.snippet.code);
    return trial.requests.map((request) => runnerLine(nameOf(trial, file), request));
  });
  const requests = join(folder, 'requests.txt');
  writeFileSync(requests, `${lines.join('\n')}\n`);
  return requests;
}

const linesOf = (text: string) => text.trimEnd().split('\n');

function scripted(language: SnippetLanguage, command: string, runner: string, packages: readonly string[] = []): LanguageRun {
  return {
    language,
    missing: missing(command, '--version'),
    packages,
    judge: async (folder, trials) => linesOf(await output(command, [join(runners, runner), writeTrials(folder, trials)], folder)),
  };
}

const java: LanguageRun = {
  language: 'java',
  missing: missing('javac', '--version'),
  packages: [],
  judge: async (folder, trials) => {
    const requests = writeTrials(folder, trials, ({ name }) => `${packageName(name)}.Receiver`);
    copyFileSync(join(runners, 'Runner.java'), join(folder, 'Runner.java'));
    const sources = [...new Set(trials.map(({ name }) => join(packageName(name), 'Receiver.java')))];
    await output('javac', ['-parameters', '-d', 'classes', 'Runner.java', ...sources], folder);
    return linesOf(await output('java', ['-XX:TieredStopAtLevel=1', '-cp', 'classes', 'Runner', requests], folder));
  },
};

const pythonPackages = spawnSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' }).status === 0 ? ['cryptography'] : [];

/** Every language, with those that cannot be run here. */
export const languageRuns: readonly LanguageRun[] = [
  {
    ...scripted('node', process.execPath, 'runner.mjs'),
    missing: null,
  },
  scripted('python', 'python3', 'runner.py', pythonPackages),
  java,
  scripted('ruby', 'ruby', 'runner.rb'),
  scripted('php', 'php', 'runner.php'),
];

/** Languages whose receivers no test runs, with the reason. */
export const languagesNotRun: Readonly<Partial<Record<SnippetLanguage, string>>> = {
  go: 'each receiver is a program of its own, and building all of them takes longer than this suite may',
  csharp: 'each receiver is a project of its own that fetches packages',
};
