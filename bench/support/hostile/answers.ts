import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { callRest, rest, type HostileAct } from './act.ts';
import { captureUrlOf, makeBin, slugFor } from './bins.ts';
import { sendRaw } from '../crowds.ts';
import type { BenchHost } from '../host.ts';

/** A bit less than the heads that the sender takes may have. */
const answerHeaders = 3900;
const redeliveries = 30;

const items = async <T>(host: BenchHost, path: string): Promise<readonly T[]> =>
  (JSON.parse((await callRest(host, 'GET', path)).text) as { readonly items: readonly T[] }).items;

async function captureManyHeaders(host: BenchHost): Promise<string> {
  await makeBin(host, null);
  const url = new URL(await captureUrlOf(host));
  await sendRaw(Number(url.port), [{ bytes: `GET /${slugFor(null)}/many HTTP/1.1\r\n${'a:\r\n'.repeat(62_000)}\r\n`, answers: 1 }]);
  const bin = (await items<{ readonly id: string; readonly slug: string }>(host, '/bins?limit=200')).find(
    ({ slug }) => slug === slugFor(null),
  );
  const [capture] = await items<{ readonly id: string }>(host, `/captures?binId=${bin?.id ?? ''}&limit=1`);
  return capture?.id ?? '';
}

/** Delivers one message again and again to a receiver that answers with very many headers; returns the delivery's id. */
async function deliverToTalkative(host: BenchHost): Promise<string> {
  const receiver = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      if (piece.toString('latin1').includes('\r\n\r\n'))
        socket.end(`HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n${'a:\r\n'.repeat(answerHeaders)}\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const target = { name: 'Talkative', url: `http://127.0.0.1:${port}/` };
  const { text } = await callRest(host, 'POST', '/messages', { type: 'a.b', data: {}, target });
  const { id } = JSON.parse(text) as { readonly id: string };
  const [delivery] = await items<{ readonly id: string }>(host, `/deliveries?messageId=${id}`);
  const path = `/deliveries/${delivery?.id ?? ''}`;
  for (let attempts = 0; attempts < redeliveries;) {
    await setTimeout(20);
    const read = JSON.parse((await callRest(host, 'GET', `/deliveries?messageId=${id}`)).text) as {
      readonly items: readonly [{ readonly attemptCount: number; readonly isInFlight: boolean }];
    };
    if (read.items[0].attemptCount <= attempts || read.items[0].isInFlight) continue;
    attempts = read.items[0].attemptCount;
    await callRest(host, 'POST', `${path}/redeliver`);
  }
  receiver.close();
  return delivery?.id ?? '';
}

function readAct(name: string, prepare: (host: BenchHost) => Promise<string>, path: (id: string) => string): HostileAct {
  let id = '';
  return {
    name,
    group: 'answers',
    prepare: async (host) => {
      id = await prepare(host);
    },
    act: (host) => rest(host, 'GET', path(id)),
  };
}

/** Answers of very many values. */
export const answerActs: readonly HostileAct[] = [
  readAct('a capture of 62,000 headers', captureManyHeaders, (id) => `/captures/${id}`),
  readAct(
    `a delivery of ${redeliveries} attempts, each answered with ${answerHeaders.toLocaleString('en')} headers`,
    deliverToTalkative,
    (id) => `/deliveries/${id}`,
  ),
  {
    name: 'a page of 200 deliveries',
    group: 'answers',
    act: (host) => rest(host, 'GET', '/deliveries?limit=200'),
  },
  {
    name: 'a page of 200 captures',
    group: 'answers',
    act: (host) => rest(host, 'GET', '/captures?limit=200'),
  },
  { name: 'the description of the API', group: 'answers', act: (host) => rest(host, 'GET', '/openapi.json') },
  { name: 'the schemes', group: 'answers', act: (host) => rest(host, 'GET', '/schemes') },
];
