import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { startChild } from '../support/child.ts';
import { whyNotInstalled } from '../support/install-peer.ts';
import { redisVersion, startRedis, type AppendFsync } from '../support/redis.ts';
import { bodyBytes, connections, dataBytes, eventType, type Contestant, type DurableRound } from './contestant.ts';

/** Where the workers on BullMQ are, with their packages. */
export const bullmqFolder = resolve(import.meta.dirname, '../peers/bullmq');

/** How a Redis says that it keeps its data. */
export const keeping = z.object({ appendonly: z.literal('yes'), appendfsync: z.string() });
const pace = z.object({ perSecond: z.number().positive(), cpuMicrosPerMessage: z.number().positive() });
const answer = z.object({
  accepted: pace,
  delivered: pace,
  completed: z.number(),
  sample: z.object({
    id: z.string(),
    body: z.string(),
    attempt: z.object({
      number: z.literal(1),
      startedAtMs: z.number().positive(),
      request: z.object({ url: z.string(), headers: z.record(z.string(), z.string()), bodyBytes: z.literal(bodyBytes) }),
      response: z.object({ status: z.literal(200), headers: z.object({ 'content-length': z.string() }), body: z.string() }),
      timings: z.object({ firstByteMs: z.number().positive(), totalMs: z.number().positive() }),
    }),
  }),
});

type Question = Readonly<Record<string, string | number | boolean>>;

/** Why BullMQ cannot run here, in a clause, or null once it is installed. */
export async function whyNoBullmq(): Promise<string | null> {
  const hasRedis = (await redisVersion()) !== null;
  return hasRedis ? whyNotInstalled(bullmqFolder) : 'redis-server is not on the PATH (on Debian: apt-get install redis-server)';
}

/** A worker on BullMQ in a process of its own, beside a Redis of its own. */
export async function startBullmq(url: string, appendFsync: AppendFsync): Promise<Contestant> {
  const redis = await startRedis(appendFsync);
  const worker = await startChild<Question, unknown>(resolve(bullmqFolder, 'worker.js'));
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const kept = keeping.parse(await worker.ask({ redisPort: redis.port, url, connections, secret, eventType, dataBytes }));
  if (kept.appendfsync !== appendFsync) throw new Error(`Redis syncs ${kept.appendfsync} and not ${appendFsync}.`);
  let rounds = 0;
  return {
    run: async (order): Promise<DurableRound> => {
      rounds += 1;
      const { accepted, delivered, completed, sample } = answer.parse(await worker.ask({ ...order, name: `deliveries-${rounds}` }));
      if (completed !== order.messages)
        throw new Error(`BullMQ keeps ${completed} of ${order.messages} deliveries; the figures would mean nothing.`);
      // Throws when the signature does not match.
      new Webhook(secret).verify(sample.body, sample.attempt.request.headers);
      return { accepted, delivered };
    },
    // Each round has been checked, since the next one begins with an empty Redis.
    check: () => Promise.resolve(),
    stop: async () => {
      await worker.stop();
      await redis.stop();
    },
  };
}
