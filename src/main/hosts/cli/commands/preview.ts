import { Command, Option } from 'commander';
import { outcomeCode } from '#shared/contract/outcome.ts';
import { requestCodeKind, type PreparedRequest, type RequestCodeKind } from '#shared/contract/preview.ts';
import { dataDirOption, logLevelOption, wholeNumber } from '#hosts/shared/command-line.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openEngine, type EngineClient } from '../engine-client.ts';
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
import { printJson, printLine, printNote } from '../output.ts';
import { timeAgo } from '../time-flags.ts';

type PreviewInput = Parameters<EngineClient['preview']['render']>[0];
const lastOutcomes = outcomeCode.exclude(['ok', 'cancelled']).options;

interface PreviewFlags extends EventFlags {
  readonly attempt: number;
  readonly lastOutcome: NonNullable<PreviewInput['lastOutcome']>;
  readonly at?: number;
  readonly as?: RequestCodeKind;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `preview` command: the exact request that an event would make, as it is or as code. */
export function previewCommand(): Command {
  return addEventFlags(new Command('preview').description('Print the exact request that an event would make, and send nothing'))
    .addOption(new Option('--as <language>', 'print a command or code that makes this request instead').choices(requestCodeKind.options))
    .option('--attempt <n>', 'which attempt, by the schedule', wholeNumber(1, 1000), 1)
    .addOption(
      new Option('--last-outcome <code>', 'what the attempt before it ended in; http_status stands for an answer with 500')
        .choices(lastOutcomes)
        .default('http_status'),
    )
    .option('--at <time>', 'when the attempt is made, such as 2026-08-20T14:03:00Z, or 2h ago (default: now)', timeAgo)
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document')
    .action(async (type: string, flags: PreviewFlags) => await preview(type, flags));
}

async function preview(type: string, given: PreviewFlags): Promise<void> {
  const flags = withPartType(given);
  const files = createFileReader();
  const content = readContent(flags, files);
  if (!isTargetUrl(flags.to)) refuseTargetFlags(flags, []);
  const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: false });
  try {
    const { client } = session;
    const destination = await readDestination(client, flags, files, false);
    const request = await client.preview.render({
      ...(destination.kind === 'endpoint' ? { endpointId: destination.id } : { draft: destination.target }),
      event: await readEvent(client, type, flags, withParts(flags, files, destination, content), destination.profile),
      ...readEnvironment(flags),
      attempt: flags.attempt,
      lastOutcome: flags.lastOutcome,
      ...(flags.at === undefined ? {} : { atMs: flags.at }),
      ...(flags.as === undefined ? {} : { as: flags.as }),
    });
    print(request, flags.json === true);
  } finally {
    await session.close();
  }
}

function print(request: PreparedRequest, isJson: boolean): void {
  if (isJson) return printJson(request);
  for (const { message } of request.warnings) printNote(message);
  for (const note of request.code?.notes ?? []) printNote(note);
  printLine(request.code === null ? describe(request) : request.code.text.trimEnd());
}

/** The request as text: its line, its headers in order, and its body. */
function describe({ method, url, headers, bodyBytes, bodyText }: PreparedRequest): string {
  const body = bodyText ?? `(${bodyBytes} bytes, which are no text or too many: --json prints them in base64)`;
  return [
    `${method} ${/^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || '/'} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\n');
}
