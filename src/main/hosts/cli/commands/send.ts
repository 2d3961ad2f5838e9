import { Command } from 'commander';
import { retryPresetNames } from '#shared/contract/retry-choice.ts';
import { dataDirOption, logLevelOption, numberBetween, wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openEngine, type EngineSession } from '../engine-client.ts';
import {
  addEventFlags,
  isTargetUrl,
  readContent,
  readDestination,
  readEnvironment,
  readEvent,
  refuseTargetFlags,
  withParts,
  withPartType,
  type EventFlags,
} from '../event-flags.ts';
import { createFileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { followSent, withinText } from '../print-delivery.ts';
import { parseRetry } from '../retry-flag.ts';
import { duration } from '../time-flags.ts';

interface SendFlags extends EventFlags {
  readonly retry?: string;
  readonly timeoutMs?: number;
  readonly insecure?: boolean;
  readonly timeScale?: number;
  readonly within?: number;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `send` command: one event to one target, with a line for each attempt. */
export function sendCommand(): Command {
  const command = addEventFlags(
    new Command('send').description(
      'Send an event to a URL or an endpoint and follow its attempts; exits 0 once delivered, 1 when not, and 130 after Ctrl-C, which cancels it',
    ),
  )
    .option(
      '--retry <policy>',
      `retry policy for a URL: ${retryPresetNames.join(', ')}, delays such as 1s,30s,5m, JSON, or profile for the one of the profile (default: none)`,
    )
    .option('--timeout-ms <n>', 'time for one attempt', wholeNumber(50, 600_000))
    .option('--insecure', 'accept any TLS certificate of a URL')
    .option('--time-scale <n>', 'run the retry schedule this many times faster, 1 to 3600', numberBetween(1, 3600))
    .option('--within <time>', withinText, duration)
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print JSON Lines: one for each attempt with up to 64 KiB of its answer, then one for the delivery');
  return command.action(async (type: string, flags: SendFlags) => await send(type, flags));
}

async function send(type: string, given: SendFlags): Promise<void> {
  const flags = withPartType(given);
  const files = createFileReader();
  const content = readContent(flags, files);
  if (!isTargetUrl(flags.to)) refuseTargetFlags(flags, ['retry', 'timeoutMs', 'insecure']);
  const interrupt = listenForInterrupt();
  const session = await openSession(flags);
  try {
    const { client } = session;
    const destination = await readDestination(client, flags, files, true);
    const event = await readEvent(client, type, flags, withParts(flags, files, destination, content), destination.profile);
    const to =
      destination.kind === 'endpoint'
        ? { endpointIds: [destination.id] }
        : { target: { ...destination.target, ...attemptFields(flags, destination.profile !== undefined) } };
    // Followed before it is sent, so that no attempt is missed.
    const changes = await session.follow();
    const answer = await client.messages.send({ ...event, ...readEnvironment(flags), ...to });
    process.exitCode = await followSent(
      { client, changes, answer, what: type, json: flags.json === true, withinMs: flags.within },
      interrupt,
    );
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** How a URL is tried: once unless the options say otherwise. */
function attemptFields(flags: SendFlags, hasProfile: boolean) {
  return {
    ...(flags.retry === 'profile' && hasProfile ? {} : { retryPolicy: parseRetry(flags.retry ?? 'none') }),
    verifyTls: flags.insecure !== true,
    ...(flags.timeoutMs === undefined ? {} : { timeoutMs: flags.timeoutMs }),
  };
}

async function openSession({ dataDir, logLevel, timeScale }: SendFlags): Promise<EngineSession> {
  const session = await openEngine({ dataDir, logLevel, capturePort: false, timeScale });
  if (session.host === null || timeScale === undefined) return session;
  await session.close();
  throw usageError(
    `A Hookyard runs on this data folder at ${session.host.url}: change the time scale in its settings, and leave out --time-scale.`,
  );
}
