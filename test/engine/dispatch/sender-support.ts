import { onTestFinished } from 'vitest';
import { createSender } from '#engine/http/sender.ts';
import type { Sender, SendOptions, WireRequest } from '#engine/http/sender.types.ts';
import { startReceiver, type ReceiverOptions, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';

/** The clock that senders of these tests compare HTTP dates to. */
export const testNowMs = Date.UTC(2026, 0, 1);

/** A sender that is closed when the test ends. */
export function senderForTest(): Sender {
  const sender = createSender({ now: () => testNowMs });
  onTestFinished(() => sender.close());
  return sender;
}

/** A receiver that is closed when the test ends. */
export async function receiverForTest(script: readonly Step[] = [], options: ReceiverOptions = {}): Promise<ScriptedReceiver> {
  const receiver = await startReceiver(script, options);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** A small POST; `changes` replace its fields. */
export function wireRequest(url: string, changes: Partial<WireRequest> = {}): WireRequest {
  return { method: 'POST', url, headers: [['Content-Type', 'application/json']], body: Buffer.from('{"a":1}'), ...changes };
}

export function sendOptions(changes: Partial<SendOptions> = {}): SendOptions {
  return { timeoutMs: 5000, verifyTls: true, keptBytes: 65_536, successRule: '2xx', signal: new AbortController().signal, ...changes };
}
