import { Buffer } from 'node:buffer';
import { bodyBytes, type HostileAct } from './act.ts';
import { captureUrlOf, makeBin, slugFor } from './bins.ts';
import { holdOpen, sendRaw } from '../crowds.ts';

/** What strangers can do to the two ports with many requests, chunks, heads or connections. */
export function crowdActs(): readonly HostileAct[] {
  const slug = slugFor(null);
  const get = (path: string, host = 'x') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const atCaptures = (name: string, act: (port: number) => Promise<string>): HostileAct => ({
    name,
    group: 'crowds',
    prepare: (host) => makeBin(host, null),
    act: async (host) => act(Number(new URL(await captureUrlOf(host)).port)),
  });
  const manyNamed = `GET /${slug} HTTP/1.1\r\n${'a:\r\n'.repeat(62_000)}\r\n`;
  const openHead = `GET /${slug} HTTP/1.1\r\n${`a: ${'x'.repeat(1000)}\r\n`.repeat(250)}`;
  const openBody = Buffer.concat([
    Buffer.from(`POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bodyBytes}\r\n\r\n`),
    Buffer.alloc(bodyBytes - 1, 'x'),
  ]);
  return [
    atCaptures('10,000 requests to a bin, sent ahead', (port) =>
      sendRaw(port, [{ bytes: get(`/${slug}`).repeat(10_000), answers: 10_000 }]),
    ),
    atCaptures('10,000 requests to no bin, sent ahead', (port) => sendRaw(port, [{ bytes: get('/none').repeat(10_000), answers: 10_000 }])),
    atCaptures('1,000 requests sent ahead on each of 50 connections', (port) =>
      sendRaw(
        port,
        Array.from({ length: 50 }, () => ({ bytes: get(`/${slug}`).repeat(1000), answers: 1000 })),
      ),
    ),
    atCaptures('a body of 1,000,000 chunks of one byte', (port) =>
      sendRaw(port, [
        { bytes: `POST /${slug} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(1_000_000)}0\r\n\r\n`, answers: 1 },
      ]),
    ),
    atCaptures('20 heads of 62,000 headers', (port) =>
      sendRaw(
        port,
        Array.from({ length: 20 }, () => ({ bytes: manyNamed, answers: 1 })),
      ),
    ),
    atCaptures('3,000 heads of 250 kB that do not end', (port) => holdOpen(port, 3000, openHead)),
    atCaptures('3,000 connections on which nothing comes', (port) => holdOpen(port, 3000, '')),
    atCaptures('100 bodies of 15 MiB that do not end', (port) => holdOpen(port, 100, openBody)),
    {
      name: '10,000 calls without the token, sent ahead',
      group: 'crowds',
      act: (host) =>
        sendRaw(Number(new URL(host.url).port), [{ bytes: get('/api/settings', new URL(host.url).host).repeat(10_000), answers: 10_000 }]),
    },
  ];
}
