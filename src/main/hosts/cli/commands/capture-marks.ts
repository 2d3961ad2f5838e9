import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { printNote } from '../output.ts';

interface MarkFlags extends HostFlags {
  readonly pin?: boolean;
  readonly note?: string;
  readonly tags?: string;
}

/** The `captures mark` command: pin, note and tags. */
export function markCommand(): Command {
  return addHostFlags(new Command('mark').description('Pin a capture, or give it a note and tags').argument('<id>', 'id of the capture'))
    .option('--pin', 'clean-ups leave it')
    .option('--no-pin', 'clean-ups may take it again')
    .option('--note <text>', 'a note; an empty one takes it away')
    .option('--tags <words>', 'tags, separated by commas, in place of those that it has')
    .action(async (id: string, { pin, note, tags, ...flags }: MarkFlags) => {
      if (pin === undefined && note === undefined && tags === undefined)
        throw usageError('Say what to mark: --pin, --no-pin, --note or --tags.');
      await ask(
        flags,
        (client) =>
          client.captures.mark({
            id,
            ...(pin === undefined ? {} : { isPinned: pin }),
            ...(note === undefined ? {} : { note }),
            ...(tags === undefined
              ? {}
              : {
                  tags: tags
                    .split(',')
                    .map((tag) => tag.trim())
                    .filter((tag) => tag !== ''),
                }),
          }),
        (marked) =>
          [`${marked.id} is ${marked.isPinned ? 'pinned' : 'not pinned'}`, marked.tags.join(', '), marked.note]
            .filter((text) => text !== '')
            .join('; '),
      );
    });
}

/** The `captures delete` command. */
export function deleteCommand(): Command {
  return addHostFlags(
    new Command('delete').description('Delete captures; for 10 minutes they can be restored').argument('<ids...>', 'ids of captures'),
  ).action(
    async (ids: string[], flags: HostFlags) =>
      await ask(
        flags,
        (client) => client.captures.removeMany({ ids }),
        ({ removedCaptures, removedAtMs }) => `Deleted ${removedCaptures} of ${ids.length}, at ${removedAtMs}`,
      ),
  );
}

interface ExportFlags extends HostFlags {
  readonly bin?: string;
  readonly format: string;
  readonly out?: string;
}

/** The `captures export` command: a file, or standard output. */
export function exportCommand(): Command {
  return addHostFlags(
    new Command('export')
      .description('Save captures as HAR or JSON Lines, with all headers and bodies as captured, secrets included')
      .argument('[ids...]', 'ids of captures; without them --bin says which'),
  )
    .option('--bin <bin>', 'all captures of the bin with this id, slug or name')
    .option('--format <format>', 'har or jsonl', 'jsonl')
    .option('--out <file>', 'the file to write; without it standard output')
    .action(async (ids: string[], { bin, format, out, ...flags }: ExportFlags) => {
      if (format !== 'har' && format !== 'jsonl') throw usageError(`--format takes har or jsonl, and not ${format}.`);
      if (ids.length === 0 && bin === undefined) throw usageError('Give ids of captures, or --bin for all captures of a bin.');
      await ask(
        flags,
        async (client) =>
          await client.captures.export({
            format,
            ...(ids.length === 0 ? {} : { ids }),
            ...(bin === undefined ? {} : { binId: await findBin(client, bin) }),
          }),
        ({ contentBase64, captures }) => {
          const content = Buffer.from(contentBase64, 'base64');
          if (out === undefined) return content.toString('utf8').trimEnd();
          writeFileSync(out, content, { mode: 0o600 });
          printNote('The file holds headers and bodies as they were captured, secrets included.');
          return `Saved ${captures} captures as ${out}`;
        },
      );
    });
}
