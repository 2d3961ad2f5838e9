import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text, buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { TestFile } from '#shared/contract/test-files.ts';

/** A test file, and the variables that it is run with. */
export interface RunnableFile {
  readonly file: TestFile;
  readonly variables: Readonly<Record<string, string>>;
}

/** A request as a receiver gets it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly [string, string][];
  readonly body: Buffer;
}

/** A receiver that answers what a check says; ends with the test. */
export async function startReceiver(check: (request: ReceivedRequest) => Promise<number> | number): Promise<string> {
  const take = async (request: IncomingMessage) => {
    const { method = '', url: target = '', rawHeaders } = request;
    const headers = rawHeaders.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []));
    return await check({ method, target, headers, body: await buffer(request) });
  };
  const server = createServer((request, response) => void take(request).then((status) => response.writeHead(status).end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a command to its end; rejects with what it printed where that is not a good one. */
async function run(
  command: string,
  flags: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const outer = Object.entries(process.env).filter(([name]) => !/^VITEST|^NODE_OPTIONS$|^TEST$/.test(name));
  const env = { ...Object.fromEntries(outer), ...variables };
  const child = spawn(command, flags, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complained, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}:\n${printed.slice(-6000)}\n${complained.slice(-6000)}`);
}

/** Writes each file into a folder of its own, behind lines that set its variables where the language has such lines. */
function writeAll(
  folder: string,
  files: readonly RunnableFile[],
  lineOf: ((name: string, value: string) => string) | null = null,
): readonly string[] {
  return files.map(({ file, variables }, index) => {
    const own = join(folder, `t${index}`);
    mkdirSync(own, { recursive: true });
    const set = lineOf === null ? [] : Object.entries(variables);
    const preface = set.map(([name, value]) => `${lineOf?.(name, JSON.stringify(value)) ?? ''}\n`);
    const path = join(own, file.filename);
    writeFileSync(path, `${preface.join('')}${file.code}`);
    return path;
  });
}

/** Runs files by Vitest itself. */
export async function runVitest(folder: string, files: readonly RunnableFile[]): Promise<void> {
  const modules = join(import.meta.dirname, '../../../node_modules');
  symlinkSync(modules, join(folder, 'node_modules'));
  writeAll(folder, files, (name, value) => `process.env.${name} = ${value};`);
  await run(process.execPath, [join(modules, 'vitest/vitest.mjs'), 'run', '--root', folder, '--no-isolate'], folder);
}

/** Jest is not installed here: its two globals, of Node's own test runner, in a process for all files, each of which finds its variables. */
const jestStandIn = `const { test } = require('node:test');
const { strictEqual } = require('node:assert');
const ended = [];
globalThis.test = (...given) => void ended.push(test(...given));
globalThis.expect = (value) => ({ toBe: (wanted) => strictEqual(value, wanted) });
(async () => {
  for (const { path, variables } of require('./files.json')) {
    Object.assign(process.env, variables);
    require(path);
    if (ended.length === 0) throw new Error('There is no test in ' + path);
    await Promise.all(ended.splice(0));
    for (const name of Object.keys(variables)) delete process.env[name];
  }
})();
`;

/** Runs files for Jest by Node's test runner. */
export async function runJest(folder: string, files: readonly RunnableFile[]): Promise<void> {
  const paths = writeAll(folder, files);
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files.map(({ variables }, index) => ({ path: paths[index], variables }))));
  writeFileSync(join(folder, 'jest.cjs'), jestStandIn);
  await run(process.execPath, ['jest.cjs'], folder);
}

/** Runs files by pytest. */
export async function runPytest(folder: string, files: readonly RunnableFile[]): Promise<void> {
  const paths = writeAll(folder, files, (name, value) => `import os; os.environ["${name}"] = ${value}`);
  await run('python3', ['-m', 'pytest', '-q', '--import-mode=importlib', '-p', 'no:cacheprovider', ...paths], folder);
}

/** Runs files by Go's own test tool, each as a package of its own. */
export async function runGo(folder: string, files: readonly RunnableFile[]): Promise<void> {
  writeFileSync(join(folder, 'go.mod'), 'module webhooks\n\ngo 1.19\n');
  for (const [index, path] of writeAll(folder, files).entries()) {
    const lines = Object.entries(files[index]?.variables ?? {}).map(([name, value]) => `os.Setenv("${name}", ${JSON.stringify(value)})`);
    const code = `package webhooks_test\nimport "os"\nfunc init() {\n${['_ = os.Args', ...lines].join('\n')}\n}\n`;
    writeFileSync(join(path, '../variables_test.go'), code);
  }
  const home = { HOME: folder, GOPATH: join(folder, 'go'), GOFLAGS: '-mod=mod -modcacherw', GOTOOLCHAIN: 'local' };
  await run('go', ['test', '-count=1', './...'], folder, home);
}

/** Runs files by RSpec. */
export async function runRspec(folder: string, files: readonly RunnableFile[]): Promise<void> {
  for (const file of files) {
    const [path = ''] = writeAll(folder, [file]);
    await run('rspec', [path], folder, file.variables);
  }
}

/** Runs files by PHPUnit. */
export async function runPhpunit(folder: string, files: readonly RunnableFile[]): Promise<void> {
  for (const file of files) {
    const [path = ''] = writeAll(folder, [file]);
    await run('phpunit', ['--do-not-cache-result', path], folder, file.variables);
  }
}

/** JUnit is not installed here: what a test names of it, and a program that calls the tests of classes. */
const junit = {
  'org/junit/jupiter/api/Test.java':
    'package org.junit.jupiter.api;\n@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)\npublic @interface Test {}\n',
  'org/junit/jupiter/api/Assertions.java':
    'package org.junit.jupiter.api;\npublic class Assertions {\n    public static void assertEquals(int wanted, int found) {\n        if (wanted != found) throw new AssertionError(found + " in place of " + wanted);\n    }\n}\n',
  // Each argument is a class and its variables, by tabs. One machine of Java runs all, and lets no program change its environment.
  'Run.java': `public class Run {
    public static void main(String[] orders) throws Exception {
        var inner = System.getenv().getClass().getDeclaredField("m");
        inner.setAccessible(true);
        @SuppressWarnings("unchecked")
        var environment = (java.util.Map<String, String>) inner.get(System.getenv());
        for (var order : orders) {
            var parts = order.split("\\t");
            for (int at = 1; at < parts.length; at += 2) environment.put(parts[at], parts[at + 1]);
            var type = Class.forName(parts[0]);
            var maker = type.getDeclaredConstructor();
            maker.setAccessible(true);
            for (var method : type.getDeclaredMethods()) {
                if (!method.isAnnotationPresent(org.junit.jupiter.api.Test.class)) continue;
                method.setAccessible(true);
                method.invoke(maker.newInstance());
            }
            for (int at = 1; at < parts.length; at += 2) environment.remove(parts[at]);
        }
    }
}
`,
};

/** A machine of Java that is to end soon neither compiles much for speed nor cleans its memory beside. */
const brief = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Compiles files for JUnit, and runs those of these places by a stand-in. */
export async function runJunit(folder: string, files: readonly RunnableFile[], isRun: (place: number) => boolean): Promise<void> {
  for (const [name, code] of Object.entries(junit)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), code);
  }
  const paths = files.map(({ file }, index) => {
    mkdirSync(join(folder, `t${index}`));
    const path = join(folder, `t${index}`, file.filename);
    writeFileSync(path, `package t${index};\n${file.code}`);
    return path;
  });
  const sources = [...Object.keys(junit).map((name) => join(folder, name)), ...paths];
  // As on a machine whose own character set is another.
  const strict = ['-encoding', 'US-ASCII', '-proc:none', '-Xlint:all', '-Werror'];
  await run('javac', [...brief.map((flag) => `-J${flag}`), ...strict, '-d', 'classes', ...sources], folder);
  const orders = files.flatMap(({ file, variables }, index) =>
    isRun(index) ? [[`t${index}.${file.filename.replace(/\.java$/, '')}`, ...Object.entries(variables).flat()].join('\t')] : [],
  );
  await run('java', [...brief, '--add-opens', 'java.base/java.util=ALL-UNNAMED', '-cp', 'classes', 'Run', ...orders], folder);
}
