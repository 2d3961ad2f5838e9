import { createServer, isIP } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSender } from '#engine/http/sender.ts';
import type { SendResult, WireRequest } from '#engine/http/sender.types.ts';
import { wireHeaders } from '#engine/http/wire-headers.ts';
import { respond, startReceiver } from '../../../support/scripted-receiver.ts';
import { sendOptions, testNowMs, wireRequest } from '../sender-support.ts';
import { answerFaults } from './answer-faults.ts';
import { connectionFaults } from './connection-faults.ts';
import type { Fault, Reached } from './fault.ts';
import { watchResources } from './open-resources.ts';
import { certificateFaults, tlsFaults, trusted } from './tls-faults.ts';

const faults: readonly Fault[] = [...connectionFaults, ...answerFaults, ...certificateFaults, ...tlsFaults];
const stages: readonly Reached[] = ['nothing', 'connected', 'secured', 'sent', 'answering', 'answered'];

beforeAll(() => {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, trusted.cert]);
  afterAll(() => setDefaultCACertificates(before));
});

describe('an attempt', () => {
  it.each(faults)('that meets $name ends in $code, with its evidence, and leaves nothing open', async (fault) => {
    const resources = watchResources();
    onTestFinished(resources.stop);
    const receiver = fault.script === null ? null : await startReceiver(fault.script, { tls: fault.tls, otherwise: respond() });
    const sender = createSender({ now: () => testNowMs });
    onTestFinished(async () => {
      await sender.close();
      await receiver?.close();
    });
    const port = receiver?.port ?? (await unusedPort());
    const request = wireRequest(fault.url?.(port) ?? `${receiver?.url ?? `http://127.0.0.1:${port}`}/hook`, fault.request);
    for (let count = 0; count < (fault.attemptsBefore ?? 0); count += 1)
      expect((await sender.send(request, sendOptions())).outcome.code).toBe('ok');

    const result = await sender.send(request, sendOptions(fault.options));
    expectOutcome(fault, request, result);
    expectEvidence(fault, port, request, result);

    receiver?.readOn();
    // A connection that something went wrong on is gone, without the sender being closed.
    if (fault.isKept !== true) await receiver?.allClosed();
    if (fault.isLasting !== true) {
      const next = await sender.send(wireRequest(request.url), sendOptions({ verifyTls: fault.options?.verifyTls ?? true }));
      expect(next.outcome.code).toBe('ok');
      expect(next.connection?.isReused).toBe(fault.isKept === true);
    }
    await sender.close();
    await receiver?.allClosed();
    await receiver?.close();
    await resources.settle();
    expect({ sockets: resources.sockets(), timers: resources.timers() }).toEqual({ sockets: 0, timers: 0 });
  });

  it('meets more than sixty faults, each once', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThan(60);
  });
});

function expectOutcome(fault: Fault, request: WireRequest, { outcome }: SendResult): void {
  const { hostname, port } = new URL(request.url);
  const target = `${hostname}:${port === '' ? '80' : port}`;
  expect({ code: outcome.code, status: outcome.status, phase: outcome.phase }).toEqual({
    code: fault.code,
    status: fault.status ?? null,
    phase: fault.phase ?? null,
  });
  if (fault.reason instanceof RegExp) expect(outcome.reason).toMatch(fault.reason);
  else expect(outcome.reason).toBe(fault.reason ?? null);
  expect(outcome.message).toContain(target);
  const sentence = outcome.message.replaceAll(target, '{target}');
  if (fault.sentence instanceof RegExp) expect(sentence).toMatch(fault.sentence);
  else expect(sentence).toBe(fault.sentence);
}

/** What must have been seen follows from how far the attempt came. */
function expectEvidence(fault: Fault, port: number, request: WireRequest, result: SendResult): void {
  const came = (stage: Reached) => stages.indexOf(fault.reached) >= stages.indexOf(stage);
  const url = new URL(request.url);
  const isReused = (fault.attemptsBefore ?? 0) > 0 || result.redirects.length > 0;
  const isTls = url.protocol === 'https:';
  const when = (isExpected: boolean) => (isExpected ? expect.any(Number) : null);
  expect(result.timings).toEqual({
    queuedMs: null,
    dnsMs: when(isIP(url.hostname) === 0 && !isReused),
    connectMs: when(came('connected') && !isReused),
    tlsMs: when(isTls && came('secured') && !isReused),
    firstByteMs: when(came('answering')),
    downloadMs: when(came('answered')),
    totalMs: expect.any(Number),
  });
  const isConnected = came(isTls ? 'secured' : 'connected');
  const address = { remoteAddress: '127.0.0.1', remotePort: port, isReused };
  expect(result.connection).toEqual(isConnected ? { ...address, tls: isTls ? expect.objectContaining(fault.tlsFacts ?? {}) : null } : null);
  expect(result.sentHeaders).toEqual(came('sent') ? wireHeaders(request) : request.headers);
  if (fault.bodyBytes === undefined) expect(result.response).toBeNull();
  else
    expect(result.response).toMatchObject({
      status: fault.status,
      bodyBytes: fault.bodyBytes ?? expect.any(Number),
      headers: expect.any(Array),
    });
}

/** A port of loopback on which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The server had no port.');
  return address.port;
}
