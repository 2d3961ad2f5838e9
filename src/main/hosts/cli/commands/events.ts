import { Command } from 'commander';
import type { ImportResult } from '#shared/contract/event-import.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { table } from '../output.ts';

/** The `events` commands. */
export function eventsCommand(): Command {
  const list = addListFlags(new Command('list').description('List the event types of the catalogue'))
    .option('--search <text>', 'only those with this text in their name, title, description or group')
    .action(async (flags: ListFlags & { readonly search?: string }) => {
      await ask(
        flags,
        (client) => client.eventTypes.summaries({ ...pageOf(flags), ...(flags.search === undefined ? {} : { q: flags.search }) }),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['NAME', 'TITLE', 'GROUP', 'SAMPLES', 'CHECKED'],
            items.map((type) => [
              type.name,
              type.title || '-',
              type.group || '-',
              String(type.samples),
              type.hasSchema ? type.dataCheck : '-',
            ]),
          );
        },
      );
    });
  const importCommand = addHostFlags(
    new Command('import').description('Import event types from OpenAPI, AsyncAPI, JSON Schema or JSON samples, in JSON or YAML'),
  )
    .argument('<files...>', 'the documents, with the files that they refer to; - is standard input')
    .option('--dry-run', 'only say what it would do')
    .option('--only <names...>', 'take over these only: names that a dry run lists')
    .action(async (paths: readonly string[], flags: HostFlags & { readonly dryRun?: boolean; readonly only?: string[] }) => {
      const files = readFiles(paths);
      await ask(
        flags,
        (client) =>
          client.eventTypes.import({
            files,
            dryRun: flags.dryRun === true,
            ...(flags.only === undefined ? {} : { only: flags.only }),
          }),
        describeImport,
      );
    });
  return new Command('events')
    .description('List and import event types')
    .addCommand(list)
    .addCommand(importCommand)
    .addCommand(undoCommand());
}

function readFiles(paths: readonly string[]) {
  const reader = createFileReader();
  return paths.map((path) => ({ name: path === '-' ? 'standard-input' : path, text: reader.text(path, 'The file') }));
}

function undoCommand(): Command {
  return addHostFlags(
    new Command('undo-import')
      .description('Undo the last import of the running Hookyard: what it added goes, what it changed or removed is as it was before')
      .argument('<id>', 'the id that the import printed'),
  ).action(
    async (undoId: string, flags: HostFlags) =>
      await ask(
        flags,
        async (client) => await client.eventTypes.undoImport({ undoId }),
        ({ removed, restored, left }) =>
          [
            ...removed.map((name) => `- ${name}`),
            ...restored.map((name) => `~ ${name}`),
            ...left.map((name) => `! ${name} was changed since, and stays as it is`),
          ].join('\n'),
      ),
  );
}

/** An import in lines: `+` added, `~` changed, `-` removed, `!` left out. What is not taken over stands in brackets. */
function describeImport({ dryRun, documents, added, changed, removed, unchanged, leftOut }: ImportResult): string {
  const line = (mark: string, { name, isChosen }: { readonly name: string; readonly isChosen: boolean }, more: string) =>
    `${mark} ${isChosen ? name : `(${name})`}${more === '' ? '' : `  ${more}`}`;
  const byHand = (isEdited: boolean) => (isEdited ? ', written by hand: add --only to take it over' : '');
  const chosen = (listed: readonly { readonly isChosen: boolean }[]) => listed.filter(({ isChosen }) => isChosen).length;
  const summary = [`${chosen(added)} added`, `${chosen(changed)} changed`, `${chosen(removed)} removed`, `${unchanged.length} as before`];
  return [
    ...documents.map(({ file, format, source }) => [file ?? 'text', format, ...(source === null ? [] : [source])].join('  ')),
    ...added.flatMap((type) => [line('+', type, type.title), ...type.notes.map((note) => `    ${note}`)]),
    ...changed.flatMap((type) => [
      line('~', type, `${type.changes.join(', ')}${byHand(type.isEdited)}`),
      ...type.notes.map((note) => `    ${note}`),
    ]),
    ...removed.map((type) => line('-', type, `no longer in the document${byHand(type.isEdited)}`)),
    ...leftOut.map(({ what, why }) => `! ${what}  ${why}`),
    `${dryRun ? 'Would be: ' : ''}${summary.join(', ')}`,
  ].join('\n');
}
