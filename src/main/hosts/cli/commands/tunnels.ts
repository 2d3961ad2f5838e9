import { Command, Option } from 'commander';
import type { Tunnel, TunnelProgramName } from '#shared/contract/tunnels.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { table } from '../output.ts';

/** The `tunnels` commands: bins made public by programs that are installed. */
export function tunnelsCommand(): Command {
  const list = addHostFlags(new Command('list').description('List the tunnels that run')).action(async (flags: HostFlags) => {
    await ask(
      flags,
      (client) => client.tunnels.list(),
      ({ items }) => table(['ID', 'BIN', 'PROGRAM', 'STATE', 'PUBLIC URL'], items.map(rowOf)),
    );
  });
  const programs = addHostFlags(new Command('programs').description('List the programs for tunnels, and which are installed')).action(
    async (flags: HostFlags) => {
      await ask(
        flags,
        (client) => client.tunnels.programs(),
        ({ items }) =>
          table(
            ['PROGRAM', 'INSTALLED', 'HOW'],
            items.map(({ name, isInstalled, install }) => [name, isInstalled ? 'yes' : 'no', install]),
          ),
      );
    },
  );
  const start = addHostFlags(new Command('start').description('Make a bin public, and nothing else; it ends with the host'))
    .argument('<bin>', 'the bin, by its id, slug or name')
    .addOption(
      new Option('--program <name>', 'the program (default: the first that is installed)').choices([
        'cloudflared',
        'ngrok',
        'tailscale',
        'zrok',
      ]),
    )
    .action(async (bin: string, flags: HostFlags & { readonly program?: TunnelProgramName }) => {
      await ask(
        flags,
        async (client) =>
          client.tunnels.start({ binId: await findBin(client, bin), ...(flags.program === undefined ? {} : { program: flags.program }) }),
        ({ id, message }) => `${id}  ${message} "hookyard tunnels list" shows its public URL.`,
      );
    });
  const stop = addHostFlags(new Command('stop').description('Stop a tunnel'))
    .argument('<id>', 'the id that "tunnels list" shows')
    .action(async (id: string, flags: HostFlags) => {
      await ask(
        flags,
        (client) => client.tunnels.stop({ id }),
        () => `Stopped ${id}`,
      );
    });
  return new Command('tunnels')
    .description('Bins made public by cloudflared, ngrok, tailscale or zrok')
    .addCommand(list)
    .addCommand(start)
    .addCommand(stop)
    .addCommand(programs);
}

function rowOf({ id, binId, program, state, publicUrl, message }: Tunnel): readonly string[] {
  return [id, binId, program, state, publicUrl ?? message];
}
