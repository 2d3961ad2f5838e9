import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SchemeId } from '#shared/contract/signing.ts';
import type { Snippet } from '#shared/contract/snippets.ts';
import { parseOptions } from '#engine/signing/registry.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { hasAttempts, startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { languageRuns } from './language-runs.ts';

/** A secret of each scheme: the one that receivers know, and another. */
const secrets: Readonly<Partial<Record<SchemeId, readonly [string, string]>>> = {
  'standard-webhooks': ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
  stripe: ['whsec_known to the receiver', 'whsec_of someone else'],
  'github-sha256': ["It's a Secret to Everybody", 'of someone else'],
};

/** How the program of a snippet, or of its code for a framework, is started in its folder. */
interface Program {
  readonly name: string;
  readonly language: Snippet['language'];
  readonly framework: string | null;
  readonly schemes: readonly SchemeId[];
  readonly command: (file: string) => readonly [string, ...string[]];
}

const every: readonly SchemeId[] = ['standard-webhooks', 'stripe', 'github-sha256'];
const programs: readonly Program[] = [
  { name: 'Node.js', language: 'node', framework: null, schemes: every, command: (file) => [process.execPath, file] },
  { name: 'Express', language: 'node', framework: 'Express', schemes: ['standard-webhooks'], command: (file) => [process.execPath, file] },
  { name: 'Fastify', language: 'node', framework: 'Fastify', schemes: ['standard-webhooks'], command: (file) => [process.execPath, file] },
  { name: 'Python', language: 'python', framework: null, schemes: every, command: (file) => ['python3', file] },
  { name: 'Java', language: 'java', framework: null, schemes: every, command: (file) => ['java', '-XX:TieredStopAtLevel=1', file] },
];

/** The bare receiver of a scheme, as the engine hands it out. */
async function snippetOf(client: EngineClient, scheme: SchemeId, language: Snippet['language']): Promise<Snippet> {
  const { items } = await client.snippets.write({ scheme, language });
  const bare = items.find(({ variant }) => variant === 'standard');
  if (bare === undefined) throw new Error(`There is no bare receiver of ${scheme} in ${language}.`);
  return bare;
}

/** Starts a receiver in a folder of its own and gives its URL; it ends with the test. */
async function startReceiver(program: Program, snippet: Snippet, secret: string): Promise<string> {
  const folder = createTempFolder();
  writeFileSync(join(folder, snippet.filename), snippet.code);
  const framework = snippet.frameworks.find(({ name }) => name === program.framework);
  if (framework !== undefined) {
    writeFileSync(join(folder, framework.filename), framework.code);
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
  }
  const [command, ...flags] = program.command(join(folder, framework?.filename ?? snippet.filename));
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
    const port = /Listening on port (\d+)/.exec(heard.join(''))?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}/webhooks`);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  child.on('error', reject);
  void ended.then(() => reject(new Error(`The receiver ended before it listened: ${heard.join('')}`)));
  return promise;
}

describe.each(programs)('a receiver on $name', (program) => {
  const missing = languageRuns.find(({ language }) => language === program.language)?.missing ?? null;

  it.skipIf(missing !== null).each(program.schemes)(
    'takes deliveries of %s, and answers 401 to forged and to late ones',
    async (scheme) => {
      const clock = createFakeClock(Date.now());
      const { client, deliveryWhen } = await startClockedEngine({ clock });
      const [secret, stranger] = secrets[scheme] ?? ['', ''];
      const url = await startReceiver(program, await snippetOf(client, scheme, program.language), secret);
      const deliver = async (key: string, body: Buffer) => {
        const target = {
          name: 'Receiver',
          url,
          signing: parseOptions(scheme),
          secret: key,
          retryPolicy: 'none' as const,
          contentType: 'application/octet-stream',
        };
        const { deliveries } = await client.messages.send({ type: 'thing.done', bodyBase64: body.toString('base64'), target });
        const { attempts } = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
        return attempts[0]?.response?.status;
      };
      const binary = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256));
      const json = Buffer.from('{ "amount": 1.0, "path": "a\\/b" }\r\n');
      expect(await deliver(secret, json)).toBe(204);
      expect(await deliver(secret, binary)).toBe(204);
      expect(await deliver(stranger, json)).toBe(401);

      const { headers } = await client.verifying.sign({
        scheme,
        secrets: [secret],
        request: { bodyBase64: json.toString('base64') },
        nowMs: Date.now(),
      });
      const post = async (body: Buffer, fields: readonly (readonly [string, string])[]) =>
        (
          await fetch(url, {
            method: 'POST',
            body: new Uint8Array(body),
            headers: { 'content-type': 'application/json', ...Object.fromEntries(fields) },
          })
        ).status;
      expect(await post(json, headers)).toBe(204);
      expect(await post(Buffer.from(json.toString().replace('1.0', '1.1')), headers)).toBe(401);
      expect(await post(json, [])).toBe(401);

      if (scheme === 'github-sha256') return;
      const old = await client.verifying.sign({
        scheme,
        secrets: [secret],
        request: { bodyBase64: json.toString('base64') },
        nowMs: Date.now() - 600_000,
      });
      expect(await post(json, old.headers)).toBe(401);
      clock.advance(600_000);
      expect(await deliver(secret, json)).toBe(401);
    },
  );
});
