import { Command } from 'commander';
import type { StreamKey } from '#shared/contract/stream-keys.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, printNote, table } from '../output.ts';

interface StreamListFlags extends ListFlags {
  readonly bin?: string;
}

/** The `streams` commands: URLs by which others follow the captures of a bin. */
export function streamsCommand(): Command {
  const list = addListFlags(new Command('list').description('List stream URLs, newest first, with how many follow by each'))
    .option('--bin <bin>', 'only those of the bin with this id, slug or name')
    .action(async (flags: StreamListFlags) => {
      await ask(
        flags,
        async (client) =>
          await client.streamKeys.list({
            ...pageOf(flags),
            ...(flags.bin === undefined ? {} : { binId: await findBin(client, flags.bin) }),
          }),
        ({ items, next }) => {
          noteNext(next);
          return [table(['ID', 'BIN', 'NAME', 'KEY', 'FOLLOWERS', 'LAST USED'], items.map(rowOf)), ...items.flatMap(gapLine)].join('\n');
        },
      );
    });
  const create = addHostFlags(
    new Command('create').description('Make a stream URL of a bin, for smee-client or "hookyard listen --from"; it is shown once'),
  )
    .argument('<bin>', 'the bin, by its id, slug or name')
    .option('--name <name>', 'whom it is for', '')
    .action(async (bin: string, flags: HostFlags & { readonly name: string }) => {
      await ask(
        flags,
        async (client, host) => {
          const { path, ...key } = await client.streamKeys.create({ binId: await findBin(client, bin), name: flags.name });
          return { ...key, url: `${host.url}${path}` };
        },
        ({ url, id }) => {
          printNote('The URL is shown this once. Whoever has it can read what the bin captures from now on, and what it keeps.');
          return `${url}\n${id}`;
        },
      );
    });
  const revoke = addHostFlags(new Command('revoke').description('Revoke a stream URL; who follows by it is cut off'))
    .argument('<id>', 'the id that "streams list" shows')
    .action(async (id: string, flags: HostFlags) => {
      await ask(
        flags,
        (client) => client.streamKeys.revoke({ id }),
        ({ followers }) => `Revoked ${id}: ${followers === 1 ? '1 follower was' : `${followers} followers were`} cut off`,
      );
    });
  return new Command('streams')
    .description('URLs by which others follow the captures of a bin')
    .addCommand(list)
    .addCommand(create)
    .addCommand(revoke);
}

function rowOf({ id, binId, name, fingerprint, followers, usedAtMs }: StreamKey): readonly string[] {
  return [id, binId, name, fingerprint, String(followers), usedAtMs === null ? 'never' : formatTime(usedAtMs)];
}

function gapLine({ id, lastGap }: StreamKey): readonly string[] {
  return lastGap === null ? [] : [`${id}: ${formatTime(lastGap.atMs)} a follower was told: ${lastGap.message}`];
}
