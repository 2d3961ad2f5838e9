import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SchemeId } from '#shared/contract/signing.ts';
import type { Snippet } from '#shared/contract/snippets.ts';
import { parseOptions } from '#engine/signing/registry.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { hasAttempts, startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { languageRuns, output } from './language-runs.ts';

/** A scheme as receivers are tried with it: its options, the secret that they know, and another. */
interface Tried {
  readonly options: Readonly<Record<string, string | string[]>>;
  readonly secrets: readonly [string, string];
}

const tried: Readonly<Partial<Record<SchemeId, Tried>>> = {
  'standard-webhooks': {
    options: {},
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
  },
  stripe: { options: {}, secrets: ['whsec_known to the receiver', 'whsec_of someone else'] },
  'github-sha256': { options: {}, secrets: ["It's a Secret to Everybody", 'of someone else'] },
  // Covers the request line and the body, byte for byte, and thereby all that a framework could change.
  rfc9421: {
    options: { components: ['@method', '@request-target', 'content-digest'] },
    secrets: ['bsd0rQcQcFSwHuLUtfpDmqJ1UM7bGRDnCSNjxyQpCQE=', 'c29tZW9uZSBlbHNl'],
  },
};

/** How the program of a snippet, or of its code for a framework, is started in its folder. */
interface Program {
  readonly name: string;
  readonly language: Snippet['language'];
  readonly framework: string | null;
  readonly schemes: readonly SchemeId[];
  /** Why it cannot be run here, or null. */
  readonly missing: string | null;
  /** Where the receiver's own file must stand, if not under its name. */
  readonly receiver?: { readonly filename: string; readonly change: (code: string) => string };
  /** A file of this folder's runners that is put beside it, by the name that it gets. */
  readonly host?: { readonly runner: string; readonly filename: string };
  /** What is run to the end before. */
  readonly build?: readonly [string, ...string[]];
  readonly command: readonly [string, ...string[]];
}

const every: readonly SchemeId[] = ['rfc9421', 'standard-webhooks', 'stripe', 'github-sha256'];
const one: readonly SchemeId[] = ['rfc9421'];

function missingOf(language: Snippet['language']): string | null {
  return languageRuns.find((run) => run.language === language)?.missing ?? null;
}

/** The first of these commands that ends well, or why there is none. */
function firstOf(candidates: readonly string[], flags: readonly string[], what: string) {
  const found = candidates.find((command) => spawnSync(command, flags, { stdio: 'ignore' }).status === 0);
  return found === undefined ? { command: '', missing: `${what} is not installed` } : { command: found, missing: null };
}

const pythons = ['python3', '/usr/bin/python3'];
const flask = firstOf(pythons, ['-c', 'import flask'], 'Flask');
const fastapi = firstOf(pythons, ['-c', 'import fastapi, uvicorn'], 'FastAPI with uvicorn');
const puma = firstOf(['puma'], ['--version'], 'Puma');
const sinatra = firstOf(['ruby'], ['-e', "require 'sinatra/base'; require 'puma'"], 'Sinatra');

const rails = firstOf(['ruby'], ['-e', "require 'rails'; require 'action_controller/railtie'; require 'puma'"], 'Rails');

/** A receiver without what serves requests, so that a framework can load it. */
const rubyLibrary = { filename: 'receiver.rb', change: (code: string) => code.split('\nrun(lambda')[0] ?? '' };

const programs: readonly Program[] = [
  { name: 'Node.js', language: 'node', framework: null, schemes: every, missing: null, command: [process.execPath, 'receiver.mjs'] },
  { name: 'Express', language: 'node', framework: 'Express', schemes: one, missing: null, command: [process.execPath, 'express.mjs'] },
  { name: 'Fastify', language: 'node', framework: 'Fastify', schemes: one, missing: null, command: [process.execPath, 'fastify.mjs'] },
  {
    name: 'Python',
    language: 'python',
    framework: null,
    schemes: one,
    missing: missingOf('python'),
    command: ['python3', 'receiver.py'],
  },
  {
    name: 'Flask',
    language: 'python',
    framework: 'Flask',
    schemes: one,
    missing: flask.missing,
    command: [flask.command, '-m', 'flask', '--app', 'app', 'run', '--port', '0'],
  },
  {
    name: 'FastAPI',
    language: 'python',
    framework: 'FastAPI',
    schemes: one,
    missing: fastapi.missing,
    command: [fastapi.command, '-m', 'uvicorn', 'app:app', '--port', '0'],
  },
  {
    name: 'Java',
    language: 'java',
    framework: null,
    schemes: one,
    missing: missingOf('java'),
    command: ['java', '-XX:TieredStopAtLevel=1', 'Receiver.java'],
  },
  {
    name: 'Go',
    language: 'go',
    framework: null,
    schemes: one,
    missing: missingOf('go'),
    build: ['go', 'build', '-o', 'receiver', 'receiver.go'],
    command: ['./receiver'],
  },
  {
    name: 'Ruby',
    language: 'ruby',
    framework: null,
    schemes: one,
    missing: missingOf('ruby') ?? puma.missing,
    command: ['puma', '--quiet', '--bind', 'tcp://127.0.0.1:0', 'config.ru'],
  },
  {
    name: 'Sinatra',
    language: 'ruby',
    framework: 'Sinatra',
    schemes: one,
    missing: missingOf('ruby') ?? sinatra.missing,
    receiver: rubyLibrary,
    command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '0', '-s', 'puma'],
  },
  {
    name: 'Rails',
    language: 'ruby',
    framework: 'Rails',
    schemes: one,
    missing: missingOf('ruby') ?? rails.missing,
    receiver: { ...rubyLibrary, filename: 'lib/receiver.rb' },
    host: { runner: 'rails.ru', filename: 'config.ru' },
    command: ['puma', '--quiet', '--bind', 'tcp://127.0.0.1:0', 'config.ru'],
  },
  {
    name: 'PHP',
    language: 'php',
    framework: null,
    schemes: one,
    missing: missingOf('php'),
    command: ['php', '-S', '127.0.0.1:0', 'receiver.php'],
  },
];

/** The bare receiver of a scheme, as the engine hands it out. */
async function snippetOf(client: EngineClient, scheme: SchemeId, language: Snippet['language']): Promise<Snippet> {
  const { items } = await client.snippets.write({ scheme, language, options: tried[scheme]?.options ?? {} });
  const bare = items.find(({ variant }) => variant === 'standard');
  if (bare === undefined) throw new Error(`There is no bare receiver of ${scheme} in ${language}.`);
  return bare;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Starts a receiver in a folder of its own and gives its URL; it ends with the test. */
async function startReceiver(program: Program, snippet: Snippet, secret: string): Promise<string> {
  const folder = createTempFolder();
  const { filename, change } = program.receiver ?? { filename: snippet.filename, change: (code: string) => code };
  write(join(folder, filename), change(snippet.code));
  if (program.host !== undefined) {
    write(join(folder, program.host.filename), readFileSync(join(import.meta.dirname, 'runners', program.host.runner), 'utf8'));
  }
  const framework = snippet.frameworks.find(({ name }) => name === program.framework);
  if (framework !== undefined) {
    write(join(folder, framework.filename), framework.code);
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
  }
  if (program.build !== undefined) await output(program.build[0], program.build.slice(1), folder);
  const [command, ...flags] = program.command;
  const child = spawn(command, flags, {
    cwd: folder,
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  child.on('close', () => end());
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const heard: string[] = [];
  const listen = (bytes: Buffer) => {
    heard.push(bytes.toString());
    const port = /(?:Listening on port |http:\/\/127\.0\.0\.1:)([1-9]\d*)/.exec(heard.join(''))?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}/webhooks`);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  child.on('error', reject);
  void ended.then(() => reject(new Error(`The receiver ended before it listened: ${heard.join('')}`)));
  return promise;
}

describe.each(programs)('a receiver on $name', (program) => {
  if (program.missing !== null) {
    it.skip(`takes deliveries, but ${program.missing}`, () => undefined);
    return;
  }

  it.each(program.schemes)('takes deliveries of %s, and answers 401 to forged, changed and late ones', async (scheme) => {
    const { options, secrets } = tried[scheme] ?? { options: {}, secrets: ['', ''] };
    const [secret, stranger] = secrets;
    const clock = createFakeClock(Date.now());
    const { client, deliveryWhen } = await startClockedEngine({ clock });
    const url = `${await startReceiver(program, await snippetOf(client, scheme, program.language), secret)}?to=a%3Ab%20c%27&n=1`;
    const deliver = async (key: string, body: Buffer) => {
      const signing = parseOptions(scheme, options);
      const target = { name: 'Receiver', url, signing, secret: key, retryPolicy: 'none' as const, contentType: 'application/octet-stream' };
      const { deliveries } = await client.messages.send({ type: 'thing.done', bodyBase64: body.toString('base64'), target });
      const { attempts } = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
      return attempts[0]?.response?.status;
    };
    const sign = async (body: Buffer, nowMs: number) => {
      const request = { method: 'POST', url, bodyBase64: body.toString('base64') };
      return (await client.verifying.sign({ scheme, options, secrets: [secret], request, nowMs })).headers;
    };
    const post = async (target: string, type: string, body: Buffer, fields: readonly (readonly [string, string])[]) => {
      const headers = { 'content-type': type, ...Object.fromEntries(fields) };
      return (await fetch(target, { method: 'POST', body: new Uint8Array(body), headers })).status;
    };

    const binary = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256));
    const json = Buffer.from('{ "amount": 1.0, "path": "a\\/b" }\r\n');
    const form = Buffer.from('To=%2B1555&Body=+two+words+&Tag=b&Tag=a');
    expect(await deliver(secret, binary)).toBe(200);
    expect(await deliver(stranger, binary)).toBe(401);

    const headers = await sign(json, Date.now());
    expect(await post(url, 'application/json', json, headers)).toBe(200);
    expect(await post(url, 'application/json', Buffer.from(json.toString().replace('1.0', '1.1')), headers)).toBe(401);
    expect(await post(url, 'application/json', json, [])).toBe(401);
    expect(await post(url, 'application/x-www-form-urlencoded', form, await sign(form, Date.now()))).toBe(200);
    if (scheme === 'rfc9421') expect(await post(`${url}&n=2`, 'application/json', json, headers)).toBe(401);

    if (scheme === 'github-sha256') return;
    expect(await post(url, 'application/json', json, await sign(json, Date.now() - 600_000))).toBe(401);
    clock.advance(600_000);
    expect(await deliver(secret, json)).toBe(401);
  });
});
