import { capturesWords } from '#shared/captures-words.ts';
import { deliveriesWords } from '#shared/deliveries-words.ts';
import { Command } from 'commander';
import type { Replay, ReplayDetail, ReplayPreview } from '#shared/contract/replays.ts';
import { numberBetween } from '#hosts/shared/command-line.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import { addDeliveryFlags, assertNarrowed, readFilter, type DeliveryFlags } from '../delivery-flags.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { addHostFlags, type HostFlags } from '../listing.ts';
import { formatTime, printJson, printLine, printNote, table, toned } from '../output.ts';
import { skippedCount, skipWords } from '#shared/skip-words.ts';
import { timeAgo } from '../time-flags.ts';

/** Options of a command that starts a replay. */
export interface RunFlags extends HostFlags {
  readonly dryRun?: boolean;
  readonly originalTimestamp?: boolean;
  readonly rate?: number | 'max';
  readonly wait: boolean;
}

interface SinceFlags extends RunFlags {
  readonly since: number;
  readonly until?: number;
}

type SourceInput = Parameters<EngineClient['replays']['start']>[0]['source'];

/** The `replay` command: redelivers what a filter finds. */
export function replayCommand(): Command {
  const command = addDeliveryFlags(new Command('replay').description('Redeliver every delivery that matches, oldest first'))
    .option('--all', 'the whole log')
    .action(
      async (flags: DeliveryFlags & RunFlags & { readonly all?: boolean }) =>
        await run(flags, async (client) => {
          const filter = await readFilter(client, flags);
          assertNarrowed(filter, flags.all);
          return { kind: 'redeliver', filter };
        }),
    );
  return addRunFlags(command);
}

/** The `recover` command: redelivers what failed at an endpoint since a time. */
export function recoverCommand(): Command {
  return sinceCommand('recover', 'Redeliver what failed or is exhausted at an endpoint since a time');
}

/** The `replay-missing` command: delivers to an endpoint what it listens to and never got. */
export function replayMissingCommand(): Command {
  return sinceCommand('replay-missing', 'Deliver to an endpoint each message since a time that it listens to and has no delivery of');
}

function sinceCommand(name: 'recover' | 'replay-missing', description: string): Command {
  const kind = name === 'recover' ? 'recover' : 'missing';
  const command = new Command(name)
    .description(description)
    .argument('<endpoint>', 'id or name of the endpoint')
    .requiredOption('--since <time>', 'made since: 2h, 7d, or a time such as 2026-08-20T14:03:00Z', timeAgo)
    .option('--until <time>', 'made before (default: now)', timeAgo)
    .action(
      async (endpoint: string, flags: SinceFlags) =>
        await run(flags, async (client) => ({
          kind,
          endpointId: await findEndpoint(client, endpoint),
          sinceMs: flags.since,
          ...(flags.until === undefined ? {} : { untilMs: flags.until }),
        })),
    );
  return addRunFlags(command);
}

function addRunFlags(command: Command): Command {
  return addPaceFlags(command).option(
    '--original-timestamp',
    'sign as of the first attempt, so that the request is the same again (default: as of now)',
  );
}

/** Adds the options of every replay: whether and how fast it runs. */
export function addPaceFlags(command: Command): Command {
  const rate = numberBetween(0.1, 10_000);
  return addHostFlags(command)
    .option('--dry-run', 'count what would be sent, and send nothing')
    .option('--rate <n>', 'deliveries in a second, 0.1 to 10000, or "max" (default: 10)', (text) => (text === 'max' ? text : rate(text)))
    .option('--no-wait', 'start it and exit; it continues by itself');
}

async function run(flags: RunFlags, sourceOf: (client: EngineClient) => Promise<SourceInput>): Promise<void> {
  await runReplay(flags, async (client) => {
    const source = await sourceOf(client);
    const timestamp = flags.originalTimestamp === true ? 'original' : 'now';
    return {
      preview: () => client.replays.preview({ source }),
      start: (rate) => client.replays.start({ source, timestamp, ...rate }),
    };
  });
}

/** How one kind of replay is counted, and started at a rate. */
interface ReplayCalls {
  readonly preview: () => Promise<ReplayPreview>;
  readonly start: (rate: { readonly ratePerSecond?: number | null }) => Promise<Replay>;
}

/** Counts a replay, or starts it and follows it to its end. */
export async function runReplay(flags: RunFlags, callsOf: (client: EngineClient) => Promise<ReplayCalls>): Promise<void> {
  const interrupt = listenForInterrupt();
  const session = await connect(flags.dataDir);
  try {
    const calls = await callsOf(session.client);
    if (flags.dryRun === true) return printPreview(await calls.preview(), flags.json === true);
    // Before it starts, so that its end cannot be missed.
    const changes = await session.follow();
    const replay = await calls.start(flags.rate === undefined ? {} : { ratePerSecond: flags.rate === 'max' ? null : flags.rate });
    if (!flags.wait) return print(replay, flags.json === true);
    // Ctrl-C pauses the replay, so that nothing goes on unseen; following then ends by itself.
    interrupt.setAction(() => session.client.replays.pause({ id: replay.id }));
    if (flags.json !== true) printLine(`Started ${replay.id}: ${replay.total} found`);
    const ended = await follow(session.client, changes, replay.id);
    print(ended, flags.json === true);
    process.exitCode = interrupt.exitCode(ended.status === 'completed' ? 0 : 1);
  } finally {
    interrupt.release();
    await session.close();
  }
}

async function follow(
  client: EngineClient,
  changes: AsyncIterator<{ readonly seq: number; readonly topic: string; readonly ids: readonly string[] }>,
  id: string,
): Promise<ReplayDetail> {
  let replay = await client.replays.get({ id });
  let seq: number | null = null;
  while (replay.status === 'running') {
    const { done, value } = await changes.next();
    if (done === true) throw new ExitError(`Hookyard stopped while ${id} was under way; it goes on when Hookyard starts again.`, 2);
    const isGap = seq !== null && value.seq !== seq + 1;
    seq = value.seq;
    if (isGap || (value.topic === 'replays' && value.ids.includes(id))) replay = await client.replays.get({ id });
  }
  if (replay.status === 'paused') printNote(`Paused; go on with: hookyard replays resume ${id}`);
  return replay;
}

function print(replay: Replay, json: boolean): void {
  if (json) printJson(replay);
  else printLine(describeReplay(replay));
}

/** A replay in a few lines. */
export function describeReplay(replay: Replay | ReplayDetail): string {
  const skipped = replay.skipped.map(({ reason, count }) => `${count} skipped: ${skipWords[reason]}`);
  const gone = replay.status === 'completed' ? replay.total - replay.replayed - skippedCount(replay.skipped) : 0;
  const standing = 'byStatus' in replay ? Object.entries(replay.byStatus).map(([status, count]) => `${count} ${status}`) : [];
  const tone = { running: 'waiting', paused: 'waiting', completed: 'good', cancelled: 'bad' } as const;
  return [
    `${replay.id}  ${toned(replay.status, tone[replay.status])}  ${replay.replayed} of ${replay.total} scheduled, ${sourceText(replay)}`,
    ...(standing.length === 0 ? [] : [`Now ${standing.join(', ')}`]),
    ...skipped,
    ...(gone > 0 ? [`${gone} no longer matched when their turn came`] : []),
    ...(replay.problem === null ? [] : [replay.problem]),
  ].join('\n');
}

/** What a replay goes over, in a few words. */
export function sourceText({ source, names }: Replay): string {
  const nameOf = (id: string) => names[id] ?? id;
  switch (source.kind) {
    case 'redeliver':
      return `redelivering ${deliveriesWords(source.filter, nameOf, formatTime)}`;
    case 'captures':
      return `sending ${capturesWords(source.filter, nameOf)} to ${nameOf(source.endpointId)}`;
    case 'recover':
      return `recovering ${nameOf(source.endpointId)} since ${formatTime(source.sinceMs)}`;
    case 'missing':
      return `missing at ${nameOf(source.endpointId)} since ${formatTime(source.sinceMs)}`;
  }
}

function printPreview(preview: ReplayPreview, json: boolean): void {
  if (json) return printJson(preview);
  const rows = [
    ...Object.entries(preview.byStatus).map(([status, count]) => ['status', status, String(count)]),
    ...preview.byEndpoint.map(({ endpointName, count }) => ['endpoint', endpointName, String(count)]),
    ...preview.byEventType.map(({ eventType, count }) => ['event', eventType, String(count)]),
    ...preview.skipped.map(({ reason, count }) => ['skipped', skipWords[reason], String(count)]),
  ];
  printLine(`${preview.replayable} of ${preview.total} would be sent; nothing was.`);
  if (rows.length > 0) printLine(table(['BY', 'VALUE', 'COUNT'], rows));
}
