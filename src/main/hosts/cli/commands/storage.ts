import { Command } from 'commander';
import type { CleanUp, Stored } from '#shared/contract/retention.ts';
import { goingText } from '#shared/going-text.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { formatTime, printJson, printLine, table } from '../output.ts';

/** The `storage` commands: what the data file holds, and taking out what is beyond the limits. */
export function storageCommand(): Command {
  const show = addHostFlags(new Command('show').description('Show what the data file holds and what the limits would take out')).action(
    async (flags: HostFlags) => await ask(flags, (client) => client.retention.stored(), describeStored),
  );
  const cleanUp = addHostFlags(
    new Command('clean-up').description('Remove what is beyond the limits now, and return the space to the disk; Ctrl-C cancels'),
  )
    .option('--no-wait', 'start it and exit; it continues by itself')
    .option('--deleted', 'also remove what was deleted within the last 10 minutes, which then cannot be restored')
    .option('--yes', 'remove what is beyond the limits without printing first how much that is')
    .action(runCleanUp);
  const trustClock = addHostFlags(
    new Command('trust-clock').description('Say that the clock is right although it went ahead, so that limits by age count by it'),
  ).action(async (flags: HostFlags) => await ask(flags, (client) => client.retention.trustClock(), describeStored));
  return new Command('storage')
    .description('Look at the data file and clean it up')
    .addCommand(show)
    .addCommand(cleanUp)
    .addCommand(trustClock);
}

interface CleanUpFlags extends HostFlags {
  readonly wait: boolean;
  readonly yes?: boolean;
  readonly deleted?: boolean;
}

async function runCleanUp(flags: CleanUpFlags): Promise<void> {
  const interrupt = listenForInterrupt();
  const session = await connect(flags.dataDir);
  try {
    // Before it starts, so that its end cannot be missed.
    const changes = await session.follow();
    let now = await begin(session.client, { confirm: flags.yes === true, withDeleted: flags.deleted === true });
    interrupt.setAction(() => session.client.retention.cancel());
    while (flags.wait && now.status === 'running') {
      const next = await changes.next();
      if (next.done === true) break;
      now = (await session.client.retention.lastCleanUp()).cleanUp ?? now;
    }
    if (flags.json === true) printJson(now);
    else printLine(describeCleanUp(now));
    process.exitCode = interrupt.exitCode(now.status === 'completed' || (now.status === 'running' && !flags.wait) ? 0 : 1);
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** Starts a clean-up; throws a usage error that says how much it would remove when nobody agreed to that. */
async function begin({ retention }: EngineClient, how: { readonly confirm: boolean; readonly withDeleted: boolean }): Promise<CleanUp> {
  const stored = how.confirm ? null : await retention.stored();
  const going = stored === null ? null : goingText(stored.wouldGo, how.withDeleted ? stored.deletedCaptures : 0);
  if (going !== null) throw usageError(`This would remove for good ${going}: add --yes to do it.`);
  return await retention.cleanUp(how);
}

function describeStored({
  messages,
  deliveries,
  attempts,
  captures,
  captureBytes,
  deletedCaptures,
  fileBytes,
  freeBytes,
  wouldGo,
  heldBack,
  clockNotice,
}: Stored): string {
  const row = (name: string, { rows, oldestAtMs }: Stored['messages'], going: number | null) => [
    name,
    String(rows),
    oldestAtMs === null ? '' : formatTime(oldestAtMs),
    going === null ? '' : String(going),
  ];
  const restorable = goingText({ messages: 0, deliveries: 0, captures: 0 }, deletedCaptures);
  return [
    table(
      ['', 'ROWS', 'OLDEST', 'BEYOND THE LIMITS'],
      [
        row('messages', messages, wouldGo.messages),
        row('deliveries', deliveries, wouldGo.deliveries),
        row('attempts', attempts, null),
        row('captures', captures, wouldGo.captures),
      ],
    ),
    `captures   ${captureBytes} bytes, bodies included`,
    ...(restorable === null ? [] : [`${restorable}: clean-up --deleted takes ${deletedCaptures === 1 ? 'it' : 'them'} out at once`]),
    `data file  ${fileBytes} bytes, ${freeBytes} of them free`,
    ...(heldBack === 0 ? [] : [`${heldBack} older messages stay: a delivery of them waits or is under way, or a replay needs them`]),
    ...(clockNotice === null ? [] : [clockNotice]),
  ].join('\n');
}

function describeCleanUp({ status, removed, returnedBytes, problem }: CleanUp): string {
  const parts = Object.entries(removed).map(([name, count]) => `${count} ${name}`);
  return `${status}: removed ${parts.join(', ')}; ${returnedBytes} bytes given back to the disk${problem === null ? '' : `\n${problem}`}`;
}
