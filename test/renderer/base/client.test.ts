import type { ClientContext, ClientLink } from '@orpc/client';
import { describe, expect, it, test } from 'vitest';
import { contract } from '../../../src/shared/contract/index.ts';
import { createChangeFollower } from '../../../src/renderer/base/change-follower.ts';
import {
  ConnectionLost,
  createConnection,
  onlyLooks,
  reconnectDelayMs,
  type Door,
  type DoorEvents,
} from '../../../src/renderer/base/client.ts';
import type { Change } from '../../../src/shared/contract/system.ts';

type Answer = (path: string, signal: AbortSignal | undefined) => Promise<unknown>;

/** A door whose line is opened and cut by hand, and a timer that is run by hand. */
function createLine(answer: Answer) {
  const openings: DoorEvents[] = [];
  const timers: { readonly run: () => void; readonly delayMs: number }[] = [];
  const link: ClientLink<ClientContext> = { call: (path, _input, options) => answer(path.join('.'), options.signal) };
  const door: Door = {
    open: (events) => {
      openings.push(events);
      return { link: { ...link }, close: () => undefined };
    },
  };
  const connection = createConnection(door, (run, delayMs) => timers.push({ run, delayMs }));
  return { connection, openings, timers, open: () => openings.at(-1)?.onOpen(), cut: () => openings.at(-1)?.onClose() };
}

test('a call made before the connection is open waits for it', async () => {
  const { connection, open } = createLine(() => Promise.resolve({ timeScale: 1 }));
  const answer = connection.client.system.getSettings();
  await Promise.resolve();
  expect(connection.state.getState().kind).toBe('connecting');
  open();
  expect(await answer).toEqual({ timeScale: 1 });
});

test('a call that gives up while it waits is rejected with its reason', async () => {
  const { connection } = createLine(() => Promise.resolve({}));
  const giveUp = new AbortController();
  const answer = connection.client.system.getSettings(undefined, { signal: giveUp.signal });
  await Promise.resolve();
  giveUp.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
});

test('a call in flight when the line breaks fails as lost, and the line is opened again', async () => {
  let fail: (error: Error) => void = () => undefined;
  const { connection, openings, timers, open, cut } = createLine(() => new Promise((_, reject) => (fail = reject)));
  await Promise.resolve();
  open();
  const answer = connection.client.system.getSettings();
  await Promise.resolve();
  cut();
  fail(new Error('socket closed'));
  await expect(answer).rejects.toBeInstanceOf(ConnectionLost);
  expect(connection.state.getState()).toEqual({ kind: 'reconnecting', attempt: 1 });
  timers[0]?.run();
  expect(openings).toHaveLength(2);
  open();
  expect(connection.state.getState()).toEqual({ kind: 'open' });
});

test('tries come further and further apart, eight seconds at most', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(reconnectDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

/** A change stream per opening, fed by hand. */
function createStreams() {
  const streams: { readonly push: (change: Change) => void }[] = [];
  const open: Answer = () => {
    const queue: Change[] = [];
    let wake: () => void = () => undefined;
    streams.push({
      push: (change) => {
        queue.push(change);
        wake();
      },
    });
    return Promise.resolve(
      (async function* () {
        for (;;) {
          const change = queue.shift();
          if (change === undefined) await new Promise<void>((resolve) => (wake = resolve));
          else yield change;
        }
      })(),
    );
  };
  return { streams, open };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('changes reach the listeners of their topic with their ids', async () => {
  const { streams, open } = createStreams();
  const line = createLine(open);
  const heard: (readonly string[] | null)[] = [];
  createChangeFollower(line.connection).on(['deliveries'], (ids) => heard.push(ids));
  await Promise.resolve();
  line.open();
  await settle();
  streams[0]?.push({ seq: 7, topic: 'health', ids: [] });
  streams[0]?.push({ seq: 8, topic: 'deliveries', ids: ['dlv_1'] });
  streams[0]?.push({ seq: 9, topic: 'captures', ids: ['cap_1'] });
  await settle();
  expect(heard).toEqual([['dlv_1']]);
});

test('a gap in the numbers tells everyone that anything may have changed', async () => {
  const { streams, open } = createStreams();
  const line = createLine(open);
  const heard: (readonly string[] | null)[] = [];
  createChangeFollower(line.connection).on(['deliveries'], (ids) => heard.push(ids));
  await Promise.resolve();
  line.open();
  await settle();
  streams[0]?.push({ seq: 1, topic: 'health', ids: [] });
  streams[0]?.push({ seq: 4, topic: 'captures', ids: ['cap_1'] });
  await settle();
  expect(heard).toEqual([null]);
});

test('after a reconnect everyone asks again, because what happened in between is not known', async () => {
  const { streams, open } = createStreams();
  const line = createLine(open);
  const heard: (readonly string[] | null)[] = [];
  createChangeFollower(line.connection).on(['endpoints'], (ids) => heard.push(ids));
  await Promise.resolve();
  line.open();
  await settle();
  streams[0]?.push({ seq: 1, topic: 'health', ids: [] });
  await settle();
  expect(heard).toEqual([]);
  line.cut();
  line.timers[0]?.run();
  line.open();
  await settle();
  streams[1]?.push({ seq: 1, topic: 'health', ids: [] });
  await settle();
  expect(heard).toEqual([null]);
});

test('a burst of changes is reported once at its start and once, combined, after the pause', async () => {
  const { streams, open } = createStreams();
  const line = createLine(open);
  const heard: (readonly string[] | null)[] = [];
  const pauses: (() => void)[] = [];
  createChangeFollower(line.connection, (resume) => pauses.push(resume)).on(['deliveries'], (ids) => heard.push(ids));
  await Promise.resolve();
  line.open();
  await settle();
  for (const seq of [1, 2, 3, 4]) streams[0]?.push({ seq, topic: 'deliveries', ids: [`dlv_${seq}`] });
  await settle();
  expect(heard).toEqual([['dlv_2']]);
  pauses[0]?.();
  expect(heard).toEqual([['dlv_2'], ['dlv_3', 'dlv_4']]);
});

describe('an act without a connection', () => {
  const procedures = Object.entries(contract).flatMap(([area, of]) =>
    Object.entries(of).map(([name, procedure]) => ({ path: [area, name], method: procedure['~orpc'].route.method ?? 'POST' })),
  );
  /** What is asked with POST only because its input would not fit into an address. */
  const asked = [
    'preview.render',
    'receiverTests.plan',
    'retention.preview',
    'replays.preview',
    'captures.previewReplay',
    'policies.preview',
    'profiles.propose',
    'eventTypes.propose',
    'captures.testFile',
    'answers.preview',
    'captures.export',
    'waits.wait',
    'comparing.compare',
    'comparing.bytes',
    'comparing.entries',
    'comparing.decoded',
    'project.reads',
    'runs.list',
  ];

  it('is everything that could change something', () => {
    const acts = procedures.filter(({ path }) => !onlyLooks(path)).map(({ path }) => path.join('.'));
    expect(procedures.filter(({ path, method }) => method === 'GET' && !onlyLooks(path))).toEqual([]);
    const posts = procedures.filter(({ path, method }) => method !== 'GET' && onlyLooks(path)).map(({ path }) => path.join('.'));
    expect(posts.filter((path) => !asked.includes(path) && !path.startsWith('verifying.') && !path.startsWith('snippets.'))).toEqual([]);
    for (const act of [
      'deliveries.attemptNow',
      'deliveries.redeliver',
      'deliveries.cancel',
      'replays.start',
      'messages.send',
      'endpoints.remove',
    ])
      expect(acts).toContain(act);
  });

  it('is refused at once and never done later, however often it is asked for', async () => {
    const done: string[] = [];
    const { connection, timers, open, cut } = createLine((path) => {
      done.push(path);
      return Promise.resolve({});
    });
    const { client } = connection;
    await Promise.resolve();
    open();
    cut();
    const acts = [
      client.deliveries.attemptNow({ id: 'dlv_1' }),
      client.deliveries.attemptNow({ id: 'dlv_1' }),
      client.deliveries.redeliver({ id: 'dlv_1' }),
      client.deliveries.cancel({ id: 'dlv_1' }),
    ];
    const looked = client.deliveries.get({ id: 'dlv_1' });
    for (const act of acts) await expect(act).rejects.toThrow('Nothing was done: Hookyard is not connected.');
    timers[0]?.run();
    open();
    await looked;
    expect(done).toEqual(['deliveries.get']);
  });
});
