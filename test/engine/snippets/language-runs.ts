import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Snippet, SnippetLanguage } from '#shared/contract/snippets.ts';
import { missingProgram, outputOf } from '../../support/programs.ts';
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

/** What a command printed, run with what receivers read from their environment. */
export function output(command: string, flags: readonly string[], cwd: string): Promise<string> {
  return outputOf(command, flags, { cwd, env: environment });
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
    missing: missingProgram(command, '--version'),
    packages,
    judge: async (folder, trials) => linesOf(await output(command, [join(runners, runner), writeTrials(folder, trials)], folder)),
  };
}

/** Jackson where Debian's package puts it: it reads JSON, which the library of Java does not. */
const jackson = ['core', 'annotations', 'databind'].map((part) => `/usr/share/java/jackson-${part}.jar`);
const classPath = ['classes', ...jackson].join(delimiter);

const java: LanguageRun = {
  language: 'java',
  missing: missingProgram('javac', '--version'),
  packages: jackson.every((jar) => existsSync(jar)) ? ['com.fasterxml.jackson.core:jackson-databind'] : [],
  judge: async (folder, trials) => {
    const requests = writeTrials(folder, trials, ({ name }) => `${packageName(name)}.Receiver`);
    copyFileSync(join(runners, 'Runner.java'), join(folder, 'Runner.java'));
    const sources = [...new Set(trials.map(({ name }) => join(packageName(name), 'Receiver.java')))];
    await output('javac', ['-parameters', '-proc:none', '-cp', classPath, '-d', 'classes', 'Runner.java', ...sources], folder);
    return linesOf(await output('java', ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'Runner', requests], folder));
  },
};

/** Parts of a request as the function of a receiver names them, in its order. */
function parametersOf(definition: RegExp, code: string): readonly string[] {
  const [, list] = definition.exec(code) ?? [];
  if (list === undefined) throw new Error(`No function that verifies is to be found in: ${code}`);
  return list.split(', ');
}

const go: LanguageRun = {
  language: 'go',
  missing: missingProgram('go', 'version'),
  packages: [],
  judge: async (folder, trials) => {
    const requests = writeTrials(folder, trials, ({ name }) => packageName(name));
    const names = [...new Set(trials.map(({ name }) => packageName(name)))];
    for (const { name, snippet } of trials) {
      // Receivers share their names, so each is a package; the function that serves requests stays in it, called by nothing.
      const parts = parametersOf(/^func verify\(([^)]*)\) error/m, snippet.code).map((parameter) => parameter.split(' ')[0]);
      const judge = `func Judge(method, target string, headers http.Header, body []byte, secrets []string) error {\n\treturn verify(${parts.join(', ')})\n}\n`;
      const code = snippet.code.replace(/^package main$/m, `package ${packageName(name)}`);
      writeFileSync(join(folder, packageName(name), snippet.filename), `${code}\n${judge}`);
    }
    const imports = names.map((name) => `\t"receivers/${name}"\n`).join('');
    const entries = names.map((name) => `\t"${name}": ${name}.Judge,\n`).join('');
    writeFileSync(
      join(folder, 'receivers.go'),
      `package main\n\nimport (\n${imports})\n\nvar receivers = map[string]judge{\n${entries}}\n`,
    );
    writeFileSync(join(folder, 'go.mod'), 'module receivers\n\ngo 1.18\n');
    copyFileSync(join(runners, 'runner.go'), join(folder, 'runner.go'));
    // Vetting finds what compiling does not, and trimmed paths let a second run take what the first has built.
    await output('go', ['vet', './...'], folder);
    return linesOf(await output('go', ['run', '-trimpath', '.', requests], folder));
  },
};

/**
 * Receivers are written for .NET 8, which Debian does not have. Mono's compiler reads an older C# and its library lacks the newer
 * classes, so the few newer marks are rewritten, what serves requests is left out, and Modern.cs stands in for the classes.
 */
const csharp: LanguageRun = {
  language: 'csharp',
  missing: missingProgram('mcs', '--version') ?? missingProgram('mono', '--version'),
  packages: ['NSec.Cryptography', 'System.IO.Hashing'],
  judge: async (folder, trials) => {
    const requests = writeTrials(folder, trials, ({ name }) => `${packageName(name)}.Receiver`);
    for (const { name, snippet } of trials) {
      const receiver = snippet.code.slice(snippet.code.indexOf('public static class Receiver'));
      const older = receiver
        .replaceAll(/\b(string|JsonNode|JsonObject)\? /g, '$1 ')
        .replaceAll(')!.', ').')
        .replaceAll(')!;', ');')
        .replaceAll('using var ', 'var ');
      const imports = [...implicitUsings.map((space) => `using ${space};`), ...(snippet.code.match(/^using .*;$/gm) ?? [])];
      const code = `${[...new Set(imports)].join('\n')}\nnamespace ${packageName(name)} {\n${older}}\n`;
      writeFileSync(join(folder, packageName(name), snippet.filename), code);
    }
    for (const file of ['Runner.cs', 'Modern.cs']) copyFileSync(join(runners, file), join(folder, file));
    const sources = [...new Set(trials.map(({ name, snippet }) => join(packageName(name), snippet.filename)))];
    await output('mcs', ['-nowarn:0436,0618', '-r:System.Web.Extensions', '-out:runner.exe', 'Runner.cs', 'Modern.cs', ...sources], folder);
    return linesOf(await output('mono', ['runner.exe', requests], folder));
  },
};

/** Namespaces that a .NET project of ASP.NET uses without saying so, as far as receivers need them. */
const implicitUsings = ['System', 'System.Collections.Generic', 'System.IO', 'System.Linq'];

const pythonPackages = spawnSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' }).status === 0 ? ['cryptography'] : [];

/** Every language, with those that cannot be run here. */
export const languageRuns: readonly LanguageRun[] = [
  {
    ...scripted('node', process.execPath, 'runner.mjs'),
    missing: null,
  },
  scripted('python', 'python3', 'runner.py', pythonPackages),
  java,
  go,
  csharp,
  scripted('ruby', 'ruby', 'runner.rb'),
  scripted('php', 'php', 'runner.php'),
];
