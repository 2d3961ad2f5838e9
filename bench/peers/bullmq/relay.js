import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';

// A process of its own that keeps each request as a job before it answers, and posts it on to a target. Plain JavaScript for the same
// reason as worker.js.

const timeoutMs = 15_000;
/** Headers of one connection, which the request to the target has its own of. */
const ownHeaders = new Set(['host', 'connection', 'content-length', 'keep-alive', 'transfer-encoding']);

process.on('disconnect', () => process.exit());
process.once('message', (order) => {
  begin(order).catch(fail);
});
process.send('ready');

/** Connects, begins to receive and to forward, and reports where and how Redis persists its data. */
async function begin({ redisPort, target, connections }) {
  const connection = { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null };
  const redis = new Redis(connection);
  const url = new URL(target);
  const pool = new Pool(url.origin, { connections, pipelining: 1 });
  const queue = new Queue('relay', {
    connection: redis,
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 } },
  });
  const worker = new Worker('relay', (job) => forward(pool, url.pathname, job), { connection, concurrency: connections });
  worker.on('failed', (_job, error) => fail(error));
  worker.on('error', fail);
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    take(queue, request, response).catch(fail);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.on('message', (question) => {
    answer(question, queue, redis).catch(fail);
  });
  process.send({ url: `http://127.0.0.1:${server.address().port}`, kept: await howItKeeps(redis) });
}

/** How many jobs are done, or an empty Redis with a short file, so that no round pays for those before it. */
async function answer(question, queue, redis) {
  if (question === 'empty') {
    await queue.drain();
    await queue.clean(0, 0, 'completed');
    await redis.bgrewriteaof();
    while (!(await redis.info('persistence')).includes('aof_rewrite_in_progress:0')) await delay(10);
  }
  process.send({ completed: await queue.getCompletedCount() });
}

async function howItKeeps(redis) {
  const [, appendonly] = await redis.config('GET', 'appendonly');
  const [, appendfsync] = await redis.config('GET', 'appendfsync');
  return { appendonly, appendfsync };
}

/** Answers once the request is kept. */
async function take(queue, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('base64');
  const headers = request.rawHeaders.filter((_, at) => !ownHeaders.has(request.rawHeaders[at - (at % 2)].toLowerCase()));
  await queue.add('request', { method: request.method, headers, body });
  response.end();
}

async function forward(pool, path, job) {
  const { method, headers, body } = job.data;
  const startedAtMs = Date.now();
  const sentMs = performance.now();
  const bytes = Buffer.from(body, 'base64');
  const response = await pool.request({ path, method, headers, body: bytes, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const firstByteMs = performance.now() - sentMs;
  const attempt = {
    number: job.attemptsMade + 1,
    startedAtMs,
    response: { status: response.statusCode, headers: response.headers, body: await response.body.text() },
    timings: { firstByteMs, totalMs: performance.now() - sentMs },
  };
  if (response.statusCode >= 200 && response.statusCode < 300) return attempt;
  throw new Error(`The target answered ${response.statusCode}.`);
}

function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
