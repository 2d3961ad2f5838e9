import { Command } from 'commander';
import { usageError } from '#hosts/shared/exit-error.ts';
import { wholeNumber } from '#hosts/shared/command-line.ts';
import type { ProfileChange } from '#shared/contract/endpoints.ts';
import type { TemplateVersion } from '#shared/contract/template-versions.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { formatTime, table } from '../output.ts';

/** A version by its number; there are never nearly as many. */
const versionNumber = wholeNumber(1, 1_000_000_000);

/** `endpoints template-versions`: earlier templates, and the text of one. */
export function templateVersionsCommand(): Command {
  return addHostFlags(
    new Command('template-versions')
      .description('List the earlier templates of an endpoint; --show prints one, to look at or to compare with diff')
      .argument('<endpoint>', 'id or name')
      .option('--show <number>', 'print the text of this version', versionNumber),
  ).action(async (idOrName: string, flags: HostFlags & { readonly show?: number }) => {
    const { show } = flags;
    if (show === undefined)
      return await ask(
        flags,
        async (client) => await client.endpoints.templateVersions({ id: await findEndpoint(client, idOrName) }),
        ({ items }) => table(['VERSION', 'MADE', 'CHARACTERS', 'BY'], items.map(rowOf)),
      );
    return await ask(
      flags,
      async (client) => await client.endpoints.templateVersion({ id: await findEndpoint(client, idOrName), number: show }),
      ({ template }) => template ?? '(no template: the default envelope)',
    );
  });
}

function rowOf({ number, isCurrent, madeAtMs, characters, cause, restoredFrom, madeBy }: TemplateVersion): string[] {
  const what = {
    created: 'created',
    edited: 'changed',
    restored: `version ${restoredFrom ?? ''} restored`,
    profile: 'taken over from the profile',
    kept: 'as it was before versions were kept',
  }[cause];
  return [
    `${number}${isCurrent ? ' (current)' : ''}`,
    formatTime(madeAtMs),
    characters === null ? 'envelope' : String(characters),
    madeBy === null ? what : `${what} by ${madeBy}`,
  ];
}

/** `endpoints restore-template`. */
export function restoreTemplateCommand(): Command {
  return addHostFlags(
    new Command('restore-template')
      .description('Give an endpoint an earlier template again, which becomes its newest version; restore the one before to undo that')
      .argument('<endpoint>', 'id or name')
      .argument('<number>', 'number of the version', versionNumber),
  ).action(
    async (idOrName: string, number: number, flags: HostFlags) =>
      await ask(
        flags,
        async (client) => {
          const id = await findEndpoint(client, idOrName);
          const before = (await client.endpoints.templateVersions({ id })).items[0]?.number;
          const { name } = await client.endpoints.restoreTemplate({ id, number });
          return { id, name, restored: number, before };
        },
        ({ name, restored, before }) =>
          before === restored
            ? `${name} has the template of version ${restored} already.`
            : `${name} has the template of version ${restored} again. To undo: hookyard endpoints restore-template "${name}" ${before ?? ''}`,
      ),
  );
}

interface ProfileChangeFlags extends HostFlags {
  readonly take?: string;
  readonly keep?: string;
}

/** `endpoints profile-changes`: what a newer version of its profile would change. */
export function profileChangesCommand(): Command {
  return addHostFlags(
    new Command('profile-changes')
      .description('Show what a newer version of its profile would change in an endpoint; nothing changes without --take')
      .argument('<endpoint>', 'id or name')
      .option('--take <fields>', 'take these fields as the profile has them now, separated by commas; "all" for each')
      .option('--keep <fields>', 'keep these fields as they are, and no longer list them; "all" for each'),
  ).action(
    async (idOrName: string, flags: ProfileChangeFlags) =>
      await ask(
        flags,
        async (client) => {
          const id = await findEndpoint(client, idOrName);
          const changes = await client.endpoints.profileChanges({ id });
          if (flags.take === undefined && flags.keep === undefined) return { ...changes, settled: false };
          const all = changes.items.map(({ field }) => field);
          if (flags.take === 'all' && flags.keep === 'all') throw usageError('Take all fields or keep all of them.');
          await client.endpoints.settleProfileChanges({ id, take: fieldsIn(flags.take, all), keep: fieldsIn(flags.keep, all) });
          return { ...(await client.endpoints.profileChanges({ id })), settled: true };
        },
        ({ profile, items, settled }) => {
          if (profile === null) return 'This endpoint was not made with a profile.';
          if (items.length === 0) return settled ? 'Done; nothing is left to decide.' : `The profile ${profile} says nothing new.`;
          return items.map(changeText).join('\n\n');
        },
      ),
  );
}

function fieldsIn(text: string | undefined, all: readonly string[]): string[] {
  if (text === 'all') return [...all];
  return (text ?? '')
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
}

function changeText({ field, was, now, own }: ProfileChange): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const isUntouched = JSON.stringify(was) === JSON.stringify(own);
  return [
    field,
    `  yours:    ${text(own)}${isUntouched ? '  (from the profile as it was)' : ''}`,
    `  profile:  ${text(now)}`,
    ...(isUntouched ? [] : [`  before:   ${text(was)}`]),
  ].join('\n');
}
