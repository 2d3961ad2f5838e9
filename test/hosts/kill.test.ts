import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { startCommand, type RunningCommand } from './command.ts';

interface Host {
  readonly command: RunningCommand;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Response>;
}

async function startHost(dataDir: string): Promise<Host> {
  const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  const [, url = '', token = ''] = /^Ready at (.*)\/\?token=(.*)$/.exec(await command.nextLine()) ?? [];
  return {
    command,
    call: async (method, path, body) =>
      await fetch(`${url}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      }),
  };
}

describe('a headless host that is killed under load', () => {
  it('has lost no message that it accepted: each arrives after the restart', async () => {
    const dataDir = createTempFolder();
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const first = await startHost(dataDir);
    await first.call('POST', '/endpoints', { name: 'Shop', url: receiver.url, retryPolicy: { kind: 'schedule', delaysMs: [20, 20, 20] } });

    const accepted = new Set<string>();
    // Several senders at once, so that in the middle of it some messages are answered, some on their way in, some in flight.
    const sendUntilItDies = async (sender: string): Promise<void> => {
      for (let number = 0; ; number += 1) {
        const id = `order-${sender}-${number}`;
        try {
          const answer = await first.call('POST', '/messages', { type: 'a.b', id });
          if (answer.status === 202) accepted.add(id);
        } catch {
          // The host died before it answered: nothing was promised for this one.
          return;
        }
        if (accepted.size >= 60) first.command.signal('SIGKILL');
      }
    };
    await Promise.all(Array.from('abcdefghijklmnop', sendUntilItDies));
    expect((await first.command.ended).code).toBeNull();

    const second = await startHost(dataDir);
    const arrived = new Set<string | null>();
    while (![...accepted].every((id) => arrived.has(id))) arrived.add((await receiver.nextRequest()).header('webhook-id'));
    for (const id of accepted) {
      const message = (await (await second.call('GET', `/messages/${id}`)).json()) as {
        readonly deliveries: readonly { readonly status: string }[];
      };
      expect(message.deliveries).toHaveLength(1);
      expect(['delivered', 'pending', 'failed']).toContain(message.deliveries[0]?.status);
    }
  });

  it('has lost no capture that it answered for: each is forwarded once after the restart', async () => {
    const dataDir = createTempFolder();
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const first = await startHost(dataDir);
    const bin = (await (await first.call('POST', '/bins', { name: 'Shop' })).json()) as { readonly id: string; readonly url: string };
    const targets = [{ url: receiver.url, retryPolicy: { kind: 'schedule', delaysMs: [20, 20, 20] } }];
    const made = await first.call('POST', '/relays', { name: 'App', binId: bin.id, targets });
    const relay = (await made.json()) as { readonly id: string };

    const answered = new Set<string>();
    const sendUntilItDies = async (sender: string): Promise<void> => {
      for (let number = 0; ; number += 1) {
        const id = `order-${sender}-${number}`;
        try {
          const answer = await fetch(bin.url, { method: 'POST', body: id });
          if (answer.status === 200) answered.add(id);
        } catch {
          return;
        }
        if (answered.size >= 60) first.command.signal('SIGKILL');
      }
    };
    await Promise.all(Array.from('abcdefghijklmnop', sendUntilItDies));
    expect((await first.command.ended).code).toBeNull();

    const second = await startHost(dataDir);
    const arrived = new Set<string>();
    while (![...answered].every((id) => arrived.has(id))) arrived.add((await receiver.nextRequest()).body.toString('utf8'));
    // In the log each has one delivery, however often the target had to be asked.
    const captures = new Map<string, number>();
    for (let cursor = ''; ;) {
      const page = (await (await second.call('GET', `/deliveries?relayId=${relay.id}&limit=200${cursor}`)).json()) as {
        readonly items: readonly { readonly id: string }[];
        readonly next: string | null;
      };
      for (const { id } of page.items) {
        const { sourceCaptureId } = (await (await second.call('GET', `/deliveries/${id}?bodies=false`)).json()) as {
          readonly sourceCaptureId: string;
        };
        captures.set(sourceCaptureId, (captures.get(sourceCaptureId) ?? 0) + 1);
      }
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(captures.size).toBeGreaterThanOrEqual(answered.size);
    expect([...captures.values()].every((count) => count === 1)).toBe(true);
  });
});
