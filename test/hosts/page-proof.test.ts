import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pageKeyOf } from '#hosts/headless/access.ts';
import { createPageProofs } from '#hosts/headless/page-proofs.ts';
import { HostNotProven, provenProtocol } from '../../src/renderer/base/page-proof.ts';

const token = 'right-token-of-the-door';
const key = pageKeyOf(token);
const soon = () => AbortSignal.timeout(10_000);

/** A program on a port of this machine, and what it is sent. */
async function listening(answer: RequestListener) {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The challenge of a host as the server answers it. */
function hostOf(proofs: ReturnType<typeof createPageProofs>): RequestListener {
  return ({ url = '', headers }, response) => {
    const nonce = new URL(url, 'http://h').searchParams.get('nonce') ?? '';
    response.end(JSON.stringify(proofs.challenge(`http://${headers.host ?? ''}`, nonce)));
  };
}

describe('a page and its host', () => {
  it('prove to each other that they have the page key, which counts once, and never send it', async () => {
    const proofs = createPageProofs(token);
    const { origin, received } = await listening(hostOf(proofs));
    const protocol = await provenProtocol(origin, key, soon());
    expect(`${protocol}${received.map(({ url, rawHeaders }) => [url, ...rawHeaders].join()).join()}`).not.toContain(key);
    expect(proofs.isProven('http://127.0.0.1:1', [protocol]), 'by a page of another port').toBe(false);
    expect(proofs.isProven(origin, ['hookyard.rpc', protocol])).toBe(true);
    expect(proofs.isProven(origin, [protocol]), 'again').toBe(false);
  });

  it('do not take a proof of another start, of another key, or one that is a minute old', async () => {
    let nowMs = 1_000_000;
    const proofs = createPageProofs(token, () => nowMs);
    const { origin } = await listening(hostOf(proofs));
    const protocol = await provenProtocol(origin, key, soon());
    expect(createPageProofs(token, () => nowMs).isProven(origin, [protocol])).toBe(false);
    const [, nonce = ''] = /proof\.([\w-]+)\./.exec(protocol) ?? [];
    expect(proofs.isProven(origin, [`hookyard.page-proof.${nonce}.${pageKeyOf('another')}`])).toBe(false);
    expect(proofs.isProven(origin, [`hookyard.page-proof.${nonce}=.${protocol.split('.').at(-1) ?? ''}`])).toBe(false);
    nowMs += 61_000;
    expect(proofs.isProven(origin, [protocol])).toBe(false);
  });

  it('take no proof twice because the clock of the machine is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    onTestFinished(() => void vi.useRealTimers());
    const proofs = createPageProofs(token);
    const { origin } = await listening(hostOf(proofs));
    const first = await provenProtocol(origin, key, soon());
    expect(proofs.isProven(origin, [first])).toBe(true);
    vi.setSystemTime(1_061_000);
    expect(proofs.isProven(origin, [await provenProtocol(origin, key, soon())])).toBe(true);
    vi.setSystemTime(1_000_000);
    expect(proofs.isProven(origin, [first])).toBe(false);
  });

  it.each<readonly [string, RequestListener]>([
    ['says nothing that can be read', (_, response) => response.end('<!doctype html>')],
    ['makes a proof up', (_, response) => response.end(JSON.stringify({ nonce: 'a'.repeat(80), proof: 'b'.repeat(43) }))],
    ['has another token', hostOf(createPageProofs('another'))],
    ['leads elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
  ])('tell nothing to another program on the port that %s', async (_, answer) => {
    const { origin, received } = await listening(answer);
    await expect(provenProtocol(origin, key, soon())).rejects.toThrow();
    expect(received.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/page-challenge\?nonce=[\w-]{22}$/)]);
    expect(received[0]?.headers).not.toHaveProperty('cookie');
  });

  it('tell nothing to one that asks the host, which is on another port by now', async () => {
    const host = await listening(hostOf(createPageProofs(token)));
    const { origin } = await listening(({ url }, response) => {
      httpRequest(`${host.origin}${url ?? ''}`, (answer) => answer.pipe(response)).end();
    });
    await expect(provenProtocol(origin, key, soon())).rejects.toThrow(HostNotProven);
    expect(host.received).toHaveLength(1);
  });
});
