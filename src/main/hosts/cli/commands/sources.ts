import { Command } from 'commander';
import type { Source } from '#shared/contract/sources.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { findBin } from '../find-bin.ts';
import { gapText } from '../gap-text.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table, toned } from '../output.ts';

interface SourceListFlags extends ListFlags {
  readonly bin?: string;
}

interface AddFlags extends HostFlags {
  readonly url: string;
  readonly kind?: 'smee' | 'hookyard';
  readonly tokenFile?: string;
  readonly remoteBin?: string;
  readonly name: string;
  readonly fromStart?: boolean;
  readonly insecure?: boolean;
}

/** The `sources` commands: channels elsewhere whose requests a bin captures. */
export function sourcesCommand(): Command {
  const list = addListFlags(new Command('list').description('List sources of bins, newest first, with how they do'))
    .option('--bin <bin>', 'only those of the bin with this id, slug or name')
    .action(async (flags: SourceListFlags) => {
      await ask(
        flags,
        async (client) =>
          await client.sources.list({ ...pageOf(flags), ...(flags.bin === undefined ? {} : { binId: await findBin(client, flags.bin) }) }),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'KIND', 'STATE', 'CAPTURED', 'LAST EVENT', 'GAPS', 'URL'],
            items.map((source) => [
              source.id,
              source.kind,
              source.state,
              String(source.captured),
              source.lastEventAtMs === null ? 'none' : formatTime(source.lastEventAtMs),
              String(source.gapCount),
              source.url,
            ]),
          );
        },
      );
    });
  const add = addHostFlags(
    new Command('add').description('Let a bin capture what comes to a smee channel, or to a bin of another Hookyard'),
  )
    .argument('<bin>', 'the bin, by its id, slug or name')
    .requiredOption(
      '--url <url>',
      'a channel such as https://smee.io/AbC, a stream URL, or with --token-file the address of another Hookyard',
    )
    .option('--kind <kind>', 'smee or hookyard (default: what the URL looks like)')
    .option('--token-file <file>', 'a file with the token of the other Hookyard; it is used once and not kept')
    .option('--remote-bin <bin>', 'with --token-file: the bin there, by its id, slug or name')
    .option('--name <name>', 'what to call it', '')
    .option('--from-start', 'of a stream: take what is kept there too')
    .option('--insecure', 'do not check the certificate')
    .action(async (bin: string, flags: AddFlags) => {
      const token = flags.tokenFile === undefined ? undefined : createFileReader().text(flags.tokenFile, '--token-file').trim();
      if (token === undefined && flags.remoteBin !== undefined)
        throw usageError('--remote-bin needs --token-file: the token of the other Hookyard.');
      await ask(
        flags,
        async (client) =>
          client.sources.create({
            binId: await findBin(client, bin),
            url: flags.url,
            name: flags.name,
            from: flags.fromStart === true ? 'start' : 'now',
            verifyTls: flags.insecure !== true,
            ...(flags.kind === undefined ? {} : { kind: flags.kind }),
            ...(token === undefined ? {} : { token }),
            ...(flags.remoteBin === undefined ? {} : { remoteBin: flags.remoteBin }),
          }),
        describeSource,
      );
    });
  return new Command('sources')
    .description('Channels elsewhere whose requests a bin captures: smee, and other Hookyards')
    .addCommand(list)
    .addCommand(add)
    .addCommand(one('show', 'Show a source with how it does, and what it missed', (client, id) => client.sources.get({ id })))
    .addCommand(one('pause', 'Stop following a channel', (client, id) => client.sources.update({ id, isActive: false })))
    .addCommand(one('resume', 'Follow a channel again', (client, id) => client.sources.update({ id, isActive: true })))
    .addCommand(
      addHostFlags(new Command('remove').description('Remove a source; what it brought stays captured'))
        .argument('<id>', 'the id that "sources list" shows')
        .action(async (id: string, flags: HostFlags) => {
          await ask(
            flags,
            (client) => client.sources.remove({ id }),
            () => `Removed ${id}`,
          );
        }),
    );
}

function one(verb: string, description: string, act: (client: EngineClient, id: string) => Promise<Source>): Command {
  return addHostFlags(new Command(verb).description(description))
    .argument('<id>', 'the id that "sources list" shows')
    .action(async (id: string, flags: HostFlags) => {
      await ask(flags, (client) => act(client, id), describeSource);
    });
}

/** A source in some lines. */
function describeSource(source: Source): string {
  const tone = source.state === 'connected' ? 'good' : source.state === 'refused' ? 'bad' : 'waiting';
  const more = source.gapCount - source.gaps.length;
  return [
    `${source.url}  (${source.id})  ${toned(source.state, tone)}`,
    `${source.message}${source.nextTryAtMs === null ? '' : ` It is tried again at ${formatTime(source.nextTryAtMs)}.`}`,
    `${source.captured} captured${source.lastEventAtMs === null ? '' : `, last at ${formatTime(source.lastEventAtMs)}`}`,
    ...(more > 0 ? [`${more} earlier gaps are not shown`] : []),
    ...source.gaps.map(gapText),
  ].join('\n');
}
