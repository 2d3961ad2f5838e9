import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

// Asks a host for something small again and again, in a thread of its own, so that nothing that the benchmark does counts as waiting.
const { url, token, pauseMs } = workerData as { readonly url: string; readonly token: string; readonly pauseMs: number };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let longestMs = 0;
let startedMs = performance.now();

const ask = () => {
  startedMs = performance.now();
  const done = () => {
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    setTimeout(ask, pauseMs);
  };
  get(`${url}/api/settings`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
    response.resume();
    response.once('end', done);
  }).once('error', done);
};

// One that is still waiting counts with what it has waited so far.
parentPort?.on('message', (kind: 'begin' | 'end') => {
  if (kind === 'end') parentPort?.postMessage(Math.max(longestMs, performance.now() - startedMs - pauseMs));
  longestMs = 0;
  if (kind === 'begin') parentPort?.postMessage(0);
});
ask();
