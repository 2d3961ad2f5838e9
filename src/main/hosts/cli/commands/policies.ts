import { Command } from 'commander';
import { allPages } from '#shared/all-pages.ts';
import type { NamedPolicy } from '#shared/contract/policies.ts';
import { isNamedPolicy, resolveRetryPolicy, retryPresetNames } from '#shared/contract/retry-choice.ts';
import { retryPresets, type RetryPreset } from '#shared/contract/retry-presets.ts';
import { spanText } from '#shared/duration-text.ts';
import { previewSchedule, scheduleSummary, type SchedulePreview } from '#shared/schedule-preview.ts';
import { dataDirOption, numberBetween } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { printJson, printLine, table } from '../output.ts';
import { readPolicy } from '../retry-flag.ts';

interface PreviewFlags extends HostFlags {
  readonly timeScale?: number;
}

type Told = SchedulePreview & { readonly summary: string };

/** The `policies` commands. */
export function policiesCommand(): Command {
  const list = addListFlags(new Command('list').description('List the named retry policies of the running Hookyard')).action(
    async (flags: ListFlags) => {
      await ask(
        flags,
        (client) => client.policies.list(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'NAME', 'SCHEDULE', 'USED BY'],
            items.map(({ id, name, policy, usedBy }) => [
              id,
              name,
              scheduleSummary(policy, 1),
              usedBy.map((endpoint) => endpoint.name).join(', '),
            ]),
          );
        },
      );
    },
  );
  const presets = new Command('presets').description('List the built-in retry policies with their sources').action(() => {
    const rows = retryPresetNames.map((name) => {
      const { title, source, asOf }: RetryPreset = retryPresets[name];
      return [name, title, source === null ? '-' : `${source} (${asOf ?? ''})`];
    });
    printLine(table(['PRESET', 'TITLE', 'SOURCE'], rows));
  });
  const preview = new Command('preview')
    .description('Show when the attempts of a retry policy would come, before anything is sent')
    .argument('<policy>', "a preset's name, delays such as 1s,30s,5m, a policy as JSON, or the id or name of a named one")
    .option('--time-scale <n>', 'run the schedule this many times faster, 1 to 3600 (default: 1)', numberBetween(1, 3600))
    .addOption(dataDirOption())
    .option('--json', 'print one JSON document')
    .action(async (policy: string, flags: PreviewFlags) => {
      const told = await previewOf(policy, flags);
      if (flags.json === true) printJson(told);
      else printLine(describePreview(told));
    });
  return new Command('policies')
    .description('Look at retry policies and at their schedules')
    .addCommand(list)
    .addCommand(presets)
    .addCommand(preview);
}

/** Presets and spelled-out policies need no host; a named one comes from the running host. */
async function previewOf(text: string, flags: PreviewFlags): Promise<Told> {
  const timeScale = flags.timeScale ?? 1;
  const choice = readPolicy(text, 'The policy');
  if (choice !== null && !isNamedPolicy(choice)) {
    const policy = resolveRetryPolicy(choice);
    return { ...previewSchedule(policy, timeScale), summary: scheduleSummary(policy, timeScale) };
  }
  const session = await connect(flags.dataDir);
  try {
    const { client } = session;
    return await client.policies.preview({ policy: choice ?? { kind: 'named', policyId: await idOf(client, text) }, timeScale });
  } finally {
    await session.close();
  }
}

/** A named policy by its id or its name in any letter case; undefined where there is none. */
export async function findPolicy(client: EngineClient, idOrName: string): Promise<NamedPolicy | undefined> {
  const policies = await allPages((from) => client.policies.list({ limit: 200, ...from }));
  return policies.find(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase());
}

async function idOf(client: EngineClient, idOrName: string): Promise<string> {
  const found = await findPolicy(client, idOrName);
  if (found !== undefined) return found.id;
  throw usageError(
    `There is no retry policy "${idOrName}": "hookyard policies list" and "hookyard policies presets" show them; delays are written 1s,30s,5m.`,
  );
}

function describePreview({ attempts, leftOutAttempts, summary }: Told): string {
  const hasBand = attempts.some(({ earliestMs, latestMs }) => earliestMs !== latestMs);
  const rows = attempts.map(({ number, delayMs, earliestMs, nominalMs, latestMs, isCertain }) => [
    `${number}${isCertain ? '' : '?'}`,
    number === 1 ? 'at once' : spanText(delayMs),
    spanText(nominalMs),
    ...(hasBand ? [spanText(earliestMs), spanText(latestMs)] : []),
  ]);
  return [
    table(['#', 'WAIT', 'AFTER THE FIRST', ...(hasBand ? ['EARLIEST', 'LATEST'] : [])], rows),
    `${summary}.`,
    ...(attempts.every(({ isCertain }) => isCertain)
      ? []
      : ['? Jitter may push this attempt beyond the total time, so that it is not made.']),
    ...(leftOutAttempts === 0 ? [] : [`The total time leaves out ${leftOutAttempts} attempt${leftOutAttempts === 1 ? '' : 's'}.`]),
  ].join('\n');
}
