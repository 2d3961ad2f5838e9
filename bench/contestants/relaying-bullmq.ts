import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { startChild } from '../support/child.ts';
import { startRedis, type AppendFsync } from '../support/redis.ts';
import { bullmqFolder, keeping } from './bullmq.ts';
import { connections } from './contestant.ts';
import type { RelayContestant } from './relay-contestant.ts';

const ready = z.object({ url: z.string(), kept: keeping });
const state = z.object({ completed: z.number() });

type Question = string | Readonly<Record<string, string | number>>;

/** A server and a worker on BullMQ in a process of their own, beside a Redis of its own. */
export async function startRelayingBullmq(target: string, appendFsync: AppendFsync, requests: number): Promise<RelayContestant> {
  const redis = await startRedis(appendFsync);
  const peer = await startChild<Question, unknown>(resolve(bullmqFolder, 'relay.js'));
  const { url, kept } = ready.parse(await peer.ask({ redisPort: redis.port, target, connections }));
  if (kept.appendfsync !== appendFsync) throw new Error(`Redis syncs ${kept.appendfsync} and not ${appendFsync}.`);
  return {
    url,
    recorded: async () => {
      while (state.parse(await peer.ask('state')).completed < requests) await delay(5);
    },
    rest: async () => void (await peer.ask('empty')),
    stop: async () => {
      await peer.stop();
      await redis.stop();
    },
  };
}
