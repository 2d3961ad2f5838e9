import { setTimeout as delay } from 'node:timers/promises';
import { compare } from './compare.ts';
import { spawnHost, type ReadyHost, type SpawnedHost } from './host.ts';
import { countOf, inspect } from './inspect.ts';
import { createPromised, driveUntilGone, slugs, type Promised } from './load.ts';
import { relayTempers, startReceivers, tempers, type Receivers } from './receivers.ts';

/**
 * When a host is killed: after so many answers to producers, or so long after it was spawned, first accepted a message, or
 * was asked to stop, which happens some time after its first.
 */
export type KillMoment =
  | { readonly after: 'answers'; readonly count: number }
  | { readonly after: 'spawn' | 'accepting' | 'stopping'; readonly delayMs: number };

export interface SoakOptions {
  readonly dataDir: string;
  /** One for each kill. */
  readonly moments: readonly KillMoment[];
  readonly random: () => number;
  readonly onKill: (kill: Kill) => void;
}

/** A kill and what it left on the disk. */
export interface Kill {
  readonly number: number;
  readonly moment: KillMoment;
  readonly integrity: string;
  readonly messages: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly promised: number;
}

export interface SoakReport {
  readonly kills: number;
  readonly promisedMessages: number;
  readonly promisedCaptures: number;
  /** Captures that a relay has to forward. */
  readonly promisedRelayed: number;
  /** Messages posted again because nobody had answered, that had been accepted all the same. */
  readonly knownAlready: number;
  /** Requests that a host which was stopping refused. */
  readonly refused: number;
  readonly deliveries: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly interrupted: number;
  readonly inFlightAtKills: number;
  /** Successes that receivers and the bin saw beyond the first of each delivery. */
  readonly duplicates: number;
  readonly slowestStartMs: number;
  /** Whatever is not as promised, a sentence each. */
  readonly problems: readonly string[];
}

const live = { kind: 'linear', baseMs: 50, stepMs: 0, maxAttempts: 100 };

/** Kills hosts on one data folder under load, then lets the last one finish and compares what was promised with what is there. */
export async function runSoak({ dataDir, moments, random, onKill }: SoakOptions): Promise<SoakReport> {
  const receivers = await startReceivers(random);
  const promised = createPromised();
  const problems: string[] = [];
  let host = spawnHost(dataDir);
  let inFlightAtKills = 0;
  let slowestStartMs = 0;
  try {
    const first = await mustBeReady(host);
    await setUp(first, receivers);
    for (const [index, moment] of moments.entries()) {
      slowestStartMs = Math.max(slowestStartMs, await underLoad(host, moment, promised));
      const kill = { number: index + 1, moment, promised: promised.messages.size, ...leftBy(dataDir) };
      inFlightAtKills += kill.inFlight;
      if (kill.integrity !== 'ok') problems.push(`After kill ${kill.number} the integrity check says: ${kill.integrity}.`);
      if (kill.messages < kill.promised)
        problems.push(`After kill ${kill.number} there are ${kill.messages} messages of ${kill.promised} that were promised.`);
      onKill(kill);
      host = spawnHost(dataDir);
    }
    const last = await mustBeReady(host);
    slowestStartMs = Math.max(slowestStartMs, last.readyMs);
    if (!(await last.followUntil(() => isIdle(last)))) problems.push('The last host ended before all was delivered.');
    host.process.kill('SIGTERM');
    const [code, signal] = await host.ended;
    if (code !== 0) problems.push(`The last host ended with code ${code} and signal ${signal} when it was asked to stop.`);
    return report({ dataDir, kills: moments.length, receivers, promised, inFlightAtKills, slowestStartMs, problems });
  } finally {
    host.process.kill('SIGKILL');
    await receivers.close();
  }
}

async function mustBeReady(host: SpawnedHost): Promise<ReadyHost> {
  const ready = await host.ready;
  if (ready === null) throw new Error(`The host ended before it was ready (${(await host.ended).join(', ')}); its own words are above.`);
  return ready;
}

/** Makes an endpoint for each temper, one that nobody answers, and one that leads to a bin of the host itself; and a bin with a relay. */
async function setUp(host: ReadyHost, receivers: Receivers): Promise<void> {
  const bin = await host.call('POST', '/bins', { name: 'Soak', slug: slugs.captures });
  const endpoints = [
    ...tempers.map((temper) => ({ name: temper, url: receivers.urlOf(temper), retryPolicy: live })),
    { name: 'dead', url: receivers.deadUrl, retryPolicy: { kind: 'schedule', delaysMs: [100, 100] } },
    { name: 'bin', url: (bin.json as { readonly url: string }).url, retryPolicy: live },
  ];
  for (const endpoint of endpoints) {
    const made = await host.call('POST', '/endpoints', endpoint);
    if (made.status !== 201) throw new Error(`An endpoint was not made: ${JSON.stringify(made.json)}`);
  }
  const relayed = await host.call('POST', '/bins', { name: 'Relayed', slug: slugs.relayed });
  const relay = await host.call('POST', '/relays', {
    name: 'Relay',
    binId: (relayed.json as { readonly id: string }).id,
    targets: relayTempers.map((temper) => ({ name: temper, url: receivers.urlOf(temper), retryPolicy: live })),
  });
  if (relay.status !== 201) throw new Error(`The relay was not made: ${JSON.stringify(relay.json)}`);
}

/** Drives a host until its moment has come and it has been killed; answers how long it took to start, 0 when it did not come so far. */
async function underLoad(host: SpawnedHost, moment: KillMoment, promised: Promised): Promise<number> {
  const kill = () => void host.process.kill('SIGKILL');
  if (moment.after === 'spawn') void delay(moment.delayMs).then(kill);
  const ready = await host.ready;
  if (ready !== null) {
    const onAnswer = (answered: number) => {
      if (moment.after === 'answers' && answered === moment.count) kill();
      if (moment.after === 'accepting' && answered === 1) void delay(moment.delayMs).then(kill);
      if (moment.after === 'stopping' && answered === 1) void stopThenKill(host, moment.delayMs);
    };
    await driveUntilGone({ host: ready, promised, onAnswer });
  }
  await assertKilled(host, moment.after === 'stopping');
  return ready?.readyMs ?? 0;
}

/** Under load for a while first, or there would be nothing to stop. */
async function stopThenKill(host: SpawnedHost, delayMs: number): Promise<void> {
  await delay(500);
  host.process.kill('SIGTERM');
  await delay(delayMs);
  host.process.kill('SIGKILL');
}

/** A host that ends in any other way has failed by itself; one that was asked to stop may have done so in time. */
async function assertKilled(host: SpawnedHost, mayHaveStopped: boolean): Promise<void> {
  const [code, signal] = await host.ended;
  if (signal === 'SIGKILL' || (mayHaveStopped && code === 0)) return;
  throw new Error(`The host ended by itself with code ${code} and signal ${signal}; its own words are above.`);
}

function leftBy(dataDir: string): Pick<Kill, 'integrity' | 'messages' | 'inFlight' | 'waiting'> {
  const left = inspect(dataDir, (file) => ({
    integrity: String(file.pragma('integrity_check', { simple: true })),
    messages: countOf(file, 'SELECT count(*) FROM messages WHERE relay_id IS NULL'),
    inFlight: countOf(file, 'SELECT count(*) FROM deliveries WHERE in_flight_attempt_id IS NOT NULL'),
    waiting: countOf(file, 'SELECT count(*) FROM deliveries WHERE due_at_ms IS NOT NULL'),
  }));
  return left ?? { integrity: 'there is no data file', messages: 0, inFlight: 0, waiting: 0 };
}

async function isIdle(host: ReadyHost): Promise<boolean> {
  const health = (await host.call('GET', '/health')).json as { readonly pendingDeliveries: number; readonly inFlightAttempts: number };
  // What a relay still owes is no delivery yet.
  const relays = (await host.call('GET', '/relays')).json as { readonly items: readonly { readonly queued: number }[] };
  return health.pendingDeliveries === 0 && health.inFlightAttempts === 0 && relays.items.every(({ queued }) => queued === 0);
}

interface Ended {
  readonly dataDir: string;
  readonly kills: number;
  readonly receivers: Receivers;
  readonly promised: Promised;
  readonly inFlightAtKills: number;
  readonly slowestStartMs: number;
  readonly problems: string[];
}

function report({ dataDir, kills, receivers, promised, inFlightAtKills, slowestStartMs, problems }: Ended): SoakReport {
  const found = inspect(dataDir, (file) => compare(file, receivers, promised));
  if (found === null) throw new Error('The data file is gone.');
  const { duplicates, interrupted } = found;
  if (interrupted > inFlightAtKills)
    problems.push(`${interrupted} attempts are recorded as interrupted, but only ${inFlightAtKills} were in flight at the kills.`);
  if (duplicates > interrupted) problems.push(`Receivers saw ${duplicates} duplicates, but only ${interrupted} attempts were interrupted.`);
  const { problems: differences, ...figures } = found;
  return {
    kills,
    promisedMessages: promised.messages.size,
    promisedCaptures: promised.captures.size,
    promisedRelayed: promised.relayed.size,
    knownAlready: promised.duplicates,
    refused: promised.refused,
    ...figures,
    inFlightAtKills,
    slowestStartMs,
    problems: [...problems, ...differences],
  };
}
