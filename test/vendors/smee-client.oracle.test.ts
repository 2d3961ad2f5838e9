import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { verify } from '@octokit/webhooks-methods';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasVendorLibraries, vendorCommand, vendorFolder } from '../../scripts/vendor-libraries.ts';
import { openTestServer } from '../contract/doors.ts';
import { receive } from '../engine/replays/replay-support.ts';
import { startClockedEngine, type ClockedEngine } from '../support/clocked-engine.ts';

const isReady = hasVendorLibraries();
if (!isReady) console.warn(`smee-client is not installed, so streams are not checked with it. Install it with: ${vendorCommand}`);

/** The program of smee-client from npm, as people run it; ends with the test. */
async function runSmeeClient(url: string, target: string) {
  const { HTTP_PROXY: _http, HTTPS_PROXY: _https, http_proxy: _httpLower, https_proxy: _httpsLower, ...environment } = process.env;
  const file = join(vendorFolder, 'node_modules/smee-client/bin/smee.js');
  const child = spawn(process.execPath, [file, '--url', url, '--target', target], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('Forwarding')) break;
  // What it prints later must not fill the pipe.
  child.stdout.resume();
}

async function startShop(): Promise<{
  readonly engine: ClockedEngine;
  readonly binUrl: string;
  readonly keyPath: string;
  readonly keyId: string;
}> {
  const engine = await startClockedEngine({ capturePort: 0 });
  const bin = await engine.client.bins.create({ name: 'Hub' });
  const { path, id } = await engine.client.streamKeys.create({ binId: bin.id });
  return { engine, binUrl: bin.url, keyPath: path, keyId: id };
}

const secret = 'it-is-a-secret';
const github = (body: string) => ({
  'Content-Type': 'application/json',
  'X-GitHub-Event': 'push',
  'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

describe.skipIf(!isReady)('smee-client from npm', () => {
  it("follows a bin of a Hookyard, and GitHub's official check passes at its target", async () => {
    const { engine, binUrl, keyPath } = await startShop();
    const server = await openTestServer(engine.router, undefined, engine.streams);
    const target = await receive();
    await runSmeeClient(`${server.url}${keyPath}`, `${target.url}/hooks`);
    const body = JSON.stringify({ ref: 'refs/heads/main', commits: [{ message: 'Ünï "quoted" \\ / <&>' }], n: 1.5 });
    await fetch(`${binUrl}/any?env=test`, { method: 'POST', body, headers: github(body) });
    const request = await target.nextRequest();
    expect(request.target).toBe('/hooks?env=test');
    expect(request.header('hookyard-body')).toBe('as-received');
    expect(await verify(secret, request.body.toString('utf8'), request.header('x-hub-signature-256') ?? '')).toBe(true);
  });

  it('goes on from its last event after the host was away, without a loss', async () => {
    const { engine, binUrl, keyPath } = await startShop();
    const first = await openTestServer(engine.router, undefined, engine.streams);
    const target = await receive();
    await runSmeeClient(`${first.url}${keyPath}`, target.url);
    const send = (n: number) =>
      fetch(binUrl, { method: 'POST', body: JSON.stringify({ n }), headers: { 'Content-Type': 'application/json' } });
    await send(1);
    await target.nextRequest();
    await first.close();
    await send(2);
    await openTestServer(engine.router, undefined, engine.streams, first.port);
    await send(3);
    expect([await target.nextRequest(), await target.nextRequest()].map(({ body }) => body.toString())).toEqual(['{"n":2}', '{"n":3}']);
  });
});
