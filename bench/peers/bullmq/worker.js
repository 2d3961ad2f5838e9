import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { eventData } from '../../support/payload.ts';

// A process of its own that the benchmark asks for rounds. Plain JavaScript, because its packages are installed only
// where the benchmark runs, and the types of what is not there cannot be checked.

/** Jobs in one call of addBulk, which is one round trip to Redis. */
const jobsInBatch = 500;
const timeoutMs = 15_000;

process.on('disconnect', () => process.exit());
process.once('message', (order) => {
  begin(order).catch(fail);
});
process.send('ready');

/** Connects, reports how Redis persists its data, and then runs each requested round. */
async function begin(order) {
  // Auto-pipelining was tried and costs a little more CPU than it saves.
  const connection = { host: '127.0.0.1', port: order.redisPort, maxRetriesPerRequest: null };
  const redis = new Redis(connection);
  const url = new URL(order.url);
  const pool = new Pool(url.origin, { connections: order.connections, pipelining: 1 });
  const peer = { ...order, connection, redis, pool, path: url.pathname, key: Buffer.from(order.secret.replace('whsec_', ''), 'base64') };
  process.on('message', (asked) => {
    answerRound(peer, asked).catch(fail);
  });
  process.send(await howItKeeps(redis));
}

async function answerRound(peer, asked) {
  process.send(await round(peer, asked));
}

async function howItKeeps(redis) {
  const [, appendonly] = await redis.config('GET', 'appendonly');
  const [, appendfsync] = await redis.config('GET', 'appendfsync');
  return { appendonly, appendfsync, redisVersion: /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] };
}

/** Adds and delivers messages at the same time; for a backlog, adds all before the worker begins. */
async function round(peer, { name, first, messages, isBacklog }) {
  const { redis, connection, connections } = peer;
  const queue = new Queue(name, {
    connection: redis,
    // Completed jobs stay: they are the log, and what they returned is the record of the attempt.
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 } },
  });
  const worker = new Worker(name, (job) => deliver(peer, job), { connection, concurrency: connections, autorun: false });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const recorded = untilCompleted(worker, messages);
  const data = Array.from({ length: messages }, (_, index) => eventData(first + index, peer.dataBytes));

  const accepting = await startTimer(redis);
  if (!isBacklog) worker.run().catch(fail);
  await addAll(peer, queue, first, data);
  const accepted = await accepting(messages);
  const delivering = isBacklog ? await startTimer(redis) : accepting;
  if (isBacklog) worker.run().catch(fail);
  await recorded;
  const delivered = await delivering(messages);

  const [sample] = await queue.getCompleted(0, 0);
  const completed = await queue.getCompletedCount();
  await worker.close();
  await queue.close();
  await emptyLog(redis);
  return { accepted, delivered, completed, sample: { id: sample.id, body: sample.data.body, attempt: sample.returnvalue } };
}

/** The body is made when the message is accepted, so that every attempt sends the same bytes. */
async function addAll({ eventType }, queue, first, data) {
  for (let done = 0; done < data.length; done += jobsInBatch) {
    const timestamp = new Date().toISOString();
    await queue.addBulk(
      data.slice(done, done + jobsInBatch).map((each, index) => ({
        name: eventType,
        data: { body: JSON.stringify({ type: eventType, timestamp, data: each }) },
        opts: { jobId: `msg_${String(first + done + index).padStart(26, '0')}` },
      })),
    );
  }
}

/** Signs by Standard Webhooks, sends, and returns all there is to know of the attempt. */
async function deliver({ pool, path, url, key }, job) {
  const { body } = job.data;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'bullmq-peer/1.0',
    'webhook-id': job.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', key).update(`${job.id}.${timestamp}.${body}`).digest('base64')}`,
  };
  const startedAtMs = Date.now();
  const sentMs = performance.now();
  const response = await pool.request({ path, method: 'POST', headers, body, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const firstByteMs = performance.now() - sentMs;
  const responseBody = await response.body.text();
  const attempt = {
    number: job.attemptsMade + 1,
    startedAtMs,
    request: { url, headers, bodyBytes: Buffer.byteLength(body) },
    response: { status: response.statusCode, headers: response.headers, body: responseBody },
    timings: { firstByteMs, totalMs: performance.now() - sentMs },
  };
  if (response.statusCode >= 200 && response.statusCode < 300) return attempt;
  await job.log(JSON.stringify(attempt));
  throw new Error(`The receiver answered ${response.statusCode}.`);
}

function untilCompleted(worker, messages) {
  return new Promise((resolve, reject) => {
    let left = messages;
    // Comes after Redis has answered that the job and its record are kept.
    worker.on('completed', () => (left -= 1) === 0 && resolve());
    worker.on('failed', (_job, error) => reject(error));
    worker.on('error', reject);
  });
}

/** Counts the CPU of Redis too, which works for this process alone. */
async function startTimer(redis) {
  const cpuBefore = await cpuMicros(redis);
  const startedMs = performance.now();
  return async (messages) => {
    const elapsedMs = performance.now() - startedMs;
    const cpu = (await cpuMicros(redis)) - cpuBefore;
    return { perSecond: (messages * 1000) / elapsedMs, cpuMicrosPerMessage: cpu / messages };
  };
}

async function cpuMicros(redis) {
  const info = await redis.info('cpu');
  const seconds = ['used_cpu_sys', 'used_cpu_user'].map((name) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]));
  const { user, system } = process.cpuUsage();
  return user + system + (seconds[0] + seconds[1]) * 1e6;
}

/** Each round begins with an empty Redis and a short file, so that none pays for those before it. */
async function emptyLog(redis) {
  await redis.flushall();
  await redis.bgrewriteaof();
  while (!(await redis.info('persistence')).includes('aof_rewrite_in_progress:0')) await delay(10);
}

function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
