import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { usageError } from '#hosts/shared/exit-error.ts';
import { addCaptureFlags, readSelection, type CaptureFlags } from '../capture-flags.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { printNote } from '../output.ts';
import { countText } from '../count-text.ts';

interface MarkFlags extends HostFlags, CaptureFlags {
  readonly pin?: boolean;
  readonly note?: string;
  readonly tags?: string;
  readonly addTags?: string;
  readonly removeTags?: string;
}

/** The `captures mark` command: pin, note and tags of one capture, or pin and tags of those that a filter finds. */
export function markCommand(): Command {
  const command = new Command('mark')
    .description('Pin a capture, or give it a note and tags; or all that options choose')
    .argument('[id]', 'id of the capture; without it --bin and other options say which')
    .option('--pin', 'clean-ups leave it')
    .option('--no-pin', 'clean-ups may take it again')
    .option('--note <text>', 'a note; an empty one takes it away; for one capture')
    .option('--tags <words>', 'tags, separated by commas, in place of those that it has; for one capture')
    .option('--add-tags <words>', 'tags to add')
    .option('--remove-tags <words>', 'tags to take away');
  return addCaptureFlags(addHostFlags(command)).action(
    async (id: string | undefined, flags: MarkFlags) => await (isOfOne(id, flags) ? markOne(id, flags) : markMany(id, flags)),
  );
}

/** Notes and whole lists of tags are given to one capture. */
function isOfOne(id: string | undefined, { note, tags, addTags, removeTags }: MarkFlags): id is string {
  if (note === undefined && tags === undefined) return false;
  if (id === undefined) throw usageError(`--${note === undefined ? 'tags' : 'note'} is for one capture: give its id, or use --add-tags.`);
  if (addTags !== undefined || removeTags !== undefined) throw usageError('Give --add-tags and --remove-tags without --note and --tags.');
  return true;
}

function tagsIn(words: string): string[] {
  return words
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

async function markOne(id: string, { pin, note, tags, ...flags }: MarkFlags): Promise<void> {
  await ask(
    flags,
    async (client) => {
      // Options that choose captures do not go with an id.
      await readSelection(client, [id], flags);
      return client.captures.mark({
        id,
        ...(pin === undefined ? {} : { isPinned: pin }),
        ...(note === undefined ? {} : { note }),
        ...(tags === undefined ? {} : { tags: tagsIn(tags) }),
      });
    },
    (marked) =>
      [`${marked.id} is ${marked.isPinned ? 'pinned' : 'not pinned'}`, marked.tags.join(', '), marked.note]
        .filter((text) => text !== '')
        .join('; '),
  );
}

async function markMany(id: string | undefined, { pin, addTags = '', removeTags = '', ...flags }: MarkFlags): Promise<void> {
  const [add, remove] = [tagsIn(addTags), tagsIn(removeTags)];
  if (pin === undefined && add.length + remove.length === 0)
    throw usageError('Say what to mark: --pin, --no-pin, --note, --tags, --add-tags or --remove-tags.');
  await ask(
    flags,
    async (client) =>
      client.captures.markMany({
        filter: await readSelection(client, id === undefined ? [] : [id], flags),
        ...(pin === undefined ? {} : { isPinned: pin }),
        addTags: add,
        removeTags: remove,
      }),
    ({ markedCaptures, fullCaptures }) =>
      `Marked ${markedCaptures}${fullCaptures === 0 ? '' : `; ${fullCaptures} would have more than 20 tags and stay as they are`}`,
  );
}

interface DeleteFlags extends HostFlags, CaptureFlags {
  readonly dryRun?: boolean;
}

/** The `captures delete` command. */
export function deleteCommand(): Command {
  const command = new Command('delete')
    .description('Delete captures; for 10 minutes they can be restored')
    .argument('[ids...]', 'ids of captures; without them --bin and other options say which')
    .option('--dry-run', 'count what would be deleted, and delete nothing');
  return addCaptureFlags(addHostFlags(command)).action(async (ids: string[], flags: DeleteFlags) => {
    if (flags.dryRun === true)
      return await ask(
        flags,
        async (client) => client.captures.count(await readSelection(client, ids, flags)),
        ({ captures }) => `Would delete ${captures}`,
      );
    return await ask(
      flags,
      async (client) => client.captures.removeMany(await readSelection(client, ids, flags)),
      ({ removedCaptures, removedAtMs }) => `Deleted ${removedCaptures}${ids.length === 0 ? '' : ` of ${ids.length}`}, at ${removedAtMs}`,
    );
  });
}

interface ExportFlags extends HostFlags, CaptureFlags {
  readonly format: string;
  readonly out?: string;
}

/** The `captures export` command: a file, or standard output. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('Save captures as HAR or JSON Lines, with all headers and bodies as captured, secrets included')
    .argument('[ids...]', 'ids of captures; without them --bin and other options say which')
    .option('--format <format>', 'har or jsonl', 'jsonl')
    .option('--out <file>', 'the file to write; without it standard output');
  return addCaptureFlags(addHostFlags(command)).action(async (ids: string[], { format, out, ...flags }: ExportFlags) => {
    if (format !== 'har' && format !== 'jsonl') throw usageError(`--format takes har or jsonl, and not ${format}.`);
    await ask(
      flags,
      async (client) => await client.captures.export({ format, ...(await readSelection(client, ids, flags)) }),
      ({ contentBase64, captures }) => {
        const content = Buffer.from(contentBase64, 'base64');
        if (out === undefined) return content.toString('utf8').trimEnd();
        writeFileSync(out, content, { mode: 0o600 });
        printNote('The file holds headers and bodies as they were captured, secrets included.');
        return `Saved ${countText(captures, 'capture', 'captures')} as ${out}`;
      },
    );
  });
}
