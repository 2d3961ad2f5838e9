import { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers/promises';
import { parseOptions, schemes } from '#engine/signing/registry.ts';
import { callRest, mib, rest, run, type HostileAct } from './act.ts';
import { captureUrlOf, makeBin, slugFor } from './bins.ts';
import { largeBase64, largeText, manyNames } from './data.ts';
import type { BenchHost } from '../host.ts';

/** A message that nobody listens to: sent, sent again under its id, and read. */
function actsOfMessage(name: string, id: string, content: () => object): readonly HostileAct[] {
  const send = (host: BenchHost, given: object) => rest(host, 'POST', '/messages', { type: 'none.listens', ...content(), ...given });
  return [
    { name, group: 'messages', act: (host) => send(host, {}) },
    {
      name: `${name}, sent again under its id`,
      group: 'messages',
      prepare: async (host) => void (await send(host, { id })),
      act: (host) => send(host, { id }),
    },
    { name: `${name}, read`, group: 'messages', act: (host) => rest(host, 'GET', `/messages/${id}`) },
  ];
}

/** Large bodies that are signed, sent to a bin and recorded, by schemes that hash them and that parse them. */
export const deliveryActs: readonly HostileAct[] = (
  [
    ['standard-webhooks', () => run('{"a":"b"},', 15 * mib)],
    ['adyen-payments', () => `{"notificationItems":[{"NotificationRequestItem":{"pspReference":"1"}}],"a":[${run('1,', 14 * mib)}1]}`],
    ['twilio-json', () => run('{"a":"b"},', 15 * mib)],
  ] as const
).map(([scheme, make]) => ({
  name: `15 MiB signed by ${scheme}, sent and recorded`,
  group: 'deliveries',
  prepare: (host) => makeBin(host, null),
  act: async (host) => {
    const known = schemes.find(({ id }) => id === scheme);
    const signing = parseOptions(scheme);
    const target = {
      name: 'Large',
      url: `${await captureUrlOf(host)}/${slugFor(null)}`,
      signing,
      secret: known?.makeSecret(new Uint8Array(32).fill(7), signing),
    };
    const bodyBase64 = Buffer.from(make()).toString('base64');
    const { text } = await callRest(host, 'POST', '/messages', { type: 'a.b', bodyBase64, target });
    const { id } = JSON.parse(text) as { readonly id?: string };
    if (id === undefined) return text.slice(0, 200);
    for (;;) {
      const page = await callRest(host, 'GET', `/deliveries?messageId=${id}`);
      const { items } = JSON.parse(page.text) as { readonly items: readonly { readonly id: string; readonly status: string }[] };
      const [first] = items;
      if (first === undefined) return page.text.slice(0, 200);
      if (first.status !== 'pending') return `${first.status}, read with ${await rest(host, 'GET', `/deliveries/${first.id}`)}`;
      await setTimeout(50);
    }
  },
}));

/** Large messages: sent, sent again under their ids, and read. */
export const messageActs: readonly HostileAct[] = [
  ...actsOfMessage('500,000 names', 'msg_bench_names', () => ({ data: manyNames() })),
  ...actsOfMessage('one text of 15 MB', 'msg_bench_text', () => ({ data: largeText() })),
  ...actsOfMessage('15 MiB in base64', 'msg_bench_base64', () => ({ bodyBase64: largeBase64() })),
];
