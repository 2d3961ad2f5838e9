import { setTimeout } from 'node:timers/promises';
import { callRest, rest, type HostileAct } from './act.ts';
import { captureUrlOf, madeId } from './bins.ts';
import { sendRaw } from '../crowds.ts';
import type { BenchHost } from '../host.ts';

/** Nothing listens there, and nothing is sent: the endpoints are switched off. */
const nowhere = 'http://127.0.0.1:9/';

/** Connections on which captures are sent ahead, and relays that wait for them, for three rounds of two acts. */
const connections = 50;
const pausedRelays = 6;

/** Just under what a relay reads at once. */
const bodyCharacters = 65_400;

interface Relayed {
  readonly binId: string;
  readonly slug: string;
}

async function makeRelayedBin(host: BenchHost, slug: string): Promise<Relayed> {
  return { binId: await madeId(host, '/bins', { name: slug, slug, signing: null, secrets: [] }), slug };
}

/** Targets that are endpoints which are switched off, so that only the relay works. */
async function offTargets(host: BenchHost, count: number): Promise<readonly { readonly endpointId: string }[]> {
  const targets: { readonly endpointId: string }[] = [];
  for (let number = 0; number < count; number += 1) {
    const fields = { name: `Off ${number}`, url: nowhere, events: ['nobody.sends'], signing: null, isActive: false };
    targets.push({ endpointId: await madeId(host, '/endpoints', fields) });
  }
  return targets;
}

async function captureMany(host: BenchHost, slug: string, count: number): Promise<void> {
  const port = Number(new URL(await captureUrlOf(host)).port);
  const each = Math.ceil(count / connections / 20);
  const bytes = `POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`.repeat(each);
  // Fewer than all at once, as a connection that waits too long for its answers is cut off.
  for (let turn = 0; turn < 20; turn += 1)
    await sendRaw(
      port,
      Array.from({ length: connections }, () => ({ bytes, answers: each })),
    );
}

interface RelayState {
  readonly queued: number;
  readonly forwarded: number;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
}

/** Waits until a relay has nothing left to forward; returns what became of it. */
async function emptied(host: BenchHost, relayId: string): Promise<string> {
  for (;;) {
    const { queued, forwarded, skipped } = JSON.parse((await callRest(host, 'GET', `/relays/${relayId}`)).text) as RelayState;
    if (queued === 0)
      return [`forwarded ${forwarded.toLocaleString('en')}`, ...skipped.map(({ reason, count }) => `${reason} ${count}`)].join(', ');
    await setTimeout(200);
  }
}

/** A relay of 20 targets with 20 conditions each, and 20 of its own. */
function manyConditions(kind: 'json' | 'headers' | 'query'): object {
  const value = `${'a*'.repeat(400)}b*`;
  const one = kind === 'json' ? { path: '$.long', value } : kind === 'headers' ? { name: 'X-Long', value } : { name: 'q', value };
  return { [kind]: Array.from({ length: 20 }, () => one) };
}

function conditionsAct(
  kind: 'json' | 'headers' | 'query',
  request: (slug: string) => { readonly path: string; readonly init: RequestInit },
): HostileAct {
  const slug = `bench-${kind}`;
  let relayId = '';
  return {
    name: `a capture held against 400 conditions on its ${kind}`,
    group: 'relays',
    prepare: async (host) => {
      const { binId } = await makeRelayedBin(host, slug);
      const targets = (await offTargets(host, 20)).map((target) => ({ ...target, match: manyConditions(kind) }));
      relayId = await madeId(host, '/relays', { name: kind, binId, targets });
    },
    act: async (host) => {
      const { path, init } = request(slug);
      const { status } = await fetch(`${await captureUrlOf(host)}${path}`, { method: 'POST', ...init });
      return `${status}, ${await emptied(host, relayId)}`;
    },
  };
}

/** Rules that forward captures, with `each` captures that wait for paused ones. */
export function relayActs(each: number): readonly HostileAct[] {
  const waiting = each.toLocaleString('en');
  let paused: { readonly slug: string; readonly relayIds: readonly string[] } = { slug: '', relayIds: [] };
  return [
    conditionsAct('json', (slug) => ({ path: `/${slug}`, init: { body: JSON.stringify({ long: 'a'.repeat(bodyCharacters) }) } })),
    conditionsAct('headers', (slug) => ({
      path: `/${slug}`,
      init: { headers: Array.from({ length: 15 }, (): [string, string] => ['X-Long', 'a'.repeat(15_000)]), body: '{}' },
    })),
    conditionsAct('query', (slug) => ({ path: `/${slug}?${'q=aaaa&'.repeat(2200)}`, init: { body: '{}' } })),
    {
      name: 'a rule of 420 conditions, saved and changed',
      group: 'relays',
      act: async (host, round) => {
        const { binId } = await makeRelayedBin(host, `bench-rule-${round}`);
        const targets = (await offTargets(host, 20)).map((target) => ({ ...target, match: manyConditions('json') }));
        const id = await madeId(host, '/relays', { name: `Rule ${round}`, binId, match: manyConditions('json'), targets });
        return rest(host, 'PATCH', `/relays/${id}`, { targets });
      },
    },
    {
      name: '200 captures, each to 50 targets',
      group: 'relays',
      act: async (host, round) => {
        const { binId, slug } = await makeRelayedBin(host, `bench-many-${round}`);
        const targets = await offTargets(host, 50);
        const ids: string[] = [];
        for (const [from, to] of [
          [0, 20],
          [20, 40],
          [40, 50],
        ])
          ids.push(await madeId(host, '/relays', { name: `To ${from}`, binId, targets: targets.slice(from, to) }));
        await captureMany(host, slug, 200);
        const told: string[] = [];
        for (const id of ids) told.push(await emptied(host, id));
        return told.join('; ');
      },
    },
    {
      name: `5,000 captures for ${pausedRelays} paused relays, with ${waiting} that wait for each`,
      group: 'relays',
      prepare: async (host) => {
        const { binId, slug } = await makeRelayedBin(host, 'bench-paused');
        const relayIds: string[] = [];
        for (let number = 0; number < pausedRelays; number += 1) {
          const targets = await offTargets(host, 1);
          relayIds.push(await madeId(host, '/relays', { name: `Paused ${number}`, binId, targets, isActive: false }));
        }
        paused = { slug, relayIds };
        await captureMany(host, slug, each);
      },
      act: async (host) => {
        await captureMany(host, paused.slug, 5000);
        return rest(host, 'GET', '/relays');
      },
    },
    { name: 'the list of relays with them', group: 'relays', act: (host) => rest(host, 'GET', '/relays?limit=200') },
    {
      name: `a relay with ${waiting} that wait, resumed`,
      group: 'relays',
      act: async (host, round) => {
        const id = paused.relayIds[round % 3] ?? '';
        await rest(host, 'PATCH', `/relays/${id}`, { isActive: true });
        return emptied(host, id);
      },
    },
    {
      name: `a relay with ${waiting} that wait, deleted`,
      group: 'relays',
      act: (host, round) => rest(host, 'DELETE', `/relays/${paused.relayIds[3 + (round % 3)] ?? ''}`),
    },
    ...replayActs(),
  ];
}

/** Captures found by a filter, among all of those above. */
function replayActs(): readonly HostileAct[] {
  const filter = { match: { json: Array.from({ length: 20 }, () => ({ path: '$.none', value: '*' })) } };
  let large = '';
  return [
    {
      name: 'captures counted by a filter of 20 conditions, among all of those above',
      group: 'replays',
      act: (host) => rest(host, 'POST', '/captures/replay/preview', { filter, url: nowhere }),
    },
    {
      name: 'captures replayed by a filter that fits none of all of those above',
      group: 'replays',
      act: (host) => rest(host, 'POST', '/captures/replay', { filter: { match: { path: '/nobody*' } }, url: nowhere }),
    },
    {
      name: '200 captures of 60 kB counted by a filter on their JSON',
      group: 'replays',
      prepare: async (host) => {
        const { binId, slug: name } = await makeRelayedBin(host, 'bench-large-json');
        large = binId;
        const body = JSON.stringify({ long: 'a'.repeat(60_000) });
        for (let sent = 0; sent < 200; sent += 1) await fetch(`${await captureUrlOf(host)}/${name}`, { method: 'POST', body });
      },
      act: (host) =>
        rest(host, 'POST', '/captures/replay/preview', { filter: { binId: large, match: manyConditions('json') }, url: nowhere }),
    },
  ];
}
