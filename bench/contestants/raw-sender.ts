import { Pool } from 'undici';
import { keepBusy } from '../support/keep-busy.ts';
import { eventData } from '../support/payload.ts';
import { connections, dataBytes, eventType, startTimer, type Pace } from './contestant.ts';

/** Requests to make, numbered from `first` on. */
export interface RawOrder {
  readonly url: string;
  readonly first: number;
  readonly messages: number;
}

// Runs in its own process, so that no other heap slows it down. All orders go to the server of the first.
let pool: Pool | null = null;
process.on('message', (order: RawOrder) => {
  void send(order).then((pace) => process.send?.(pace));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** POSTs of bodies and headers that are made before the clock starts. */
async function send({ url, first, messages }: RawOrder): Promise<Pace> {
  const { origin, pathname } = new URL(url);
  const open = (pool ??= new Pool(origin, { connections, pipelining: 1 }));
  const requests = Array.from({ length: messages }, (_, index) => ({
    path: pathname,
    method: 'POST' as const,
    headers: headersOf(first + index),
    body: Buffer.from(JSON.stringify({ type: eventType, timestamp: new Date().toISOString(), data: eventData(first + index, dataBytes) })),
  }));
  const timed = startTimer();
  await keepBusy(messages, connections, async (index) => {
    const request = requests[index];
    if (request === undefined) return;
    const answer = await open.request(request);
    await answer.body.dump();
  });
  return timed(messages);
}

/** Headers as long as those of a signed request. */
function headersOf(number: number): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Hookyard/0.1',
    'webhook-id': `msg_${String(number).padStart(26, '0')}`,
    'webhook-timestamp': '1700000000',
    'webhook-signature': `v1,${'A'.repeat(43)}=`,
  };
}
