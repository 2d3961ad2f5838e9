import { Command } from 'commander';
import { settings as settingsContract, type Settings } from '#shared/contract/system.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';

interface ProxyFlags extends HostFlags {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly without?: string;
  readonly throughLoopback?: boolean;
}

/** The `settings` commands. */
export function settingsCommand(): Command {
  const show = addHostFlags(new Command('show').description('Show the settings of the running Hookyard')).action(async (flags: HostFlags) =>
    ask(flags, (client) => client.system.getSettings(), describeSettings),
  );
  const proxy = addHostFlags(new Command('proxy').description('Choose what deliveries, fetches of access tokens and handshakes go through'))
    .argument(
      '<proxy>',
      'its address, such as http://proxy.example:3128 or socks5://127.0.0.1:1080; none; or environment-variables, for those of the running Hookyard',
    )
    .option('--user <user>', 'user of the proxy')
    .option('--password-file <file>', 'file that holds its password; - is standard input')
    .option('--without <targets>', 'targets that are reached without it, with commas between them, such as example.com,10.0.0.0/8')
    .option('--through-loopback', 'use it also for this machine (localhost, 127.0.0.1 and ::1)')
    .action(async (choice: string, flags: ProxyFlags) => {
      const change = proxyChange(choice, flags);
      await ask(flags, (client) => client.system.updateSettings(change), describeProxy);
    });
  return new Command('settings').description('Read and change settings of the running Hookyard').addCommand(show).addCommand(proxy);
}

/** What a command changes; a proxy that is named takes the place of the one before, with its user and password. */
function proxyChange(choice: string, flags: ProxyFlags) {
  const isAddress = choice !== 'none' && choice !== 'environment-variables';
  if (!isAddress && (flags.user !== undefined || flags.passwordFile !== undefined))
    throw usageError('--user and --password-file go with the address of a proxy.');
  if (isAddress && !settingsContract.shape.proxyUrl.safeParse(choice).success)
    throw usageError(
      `${choice} is no proxy: give an address such as http://proxy.example:3128 or socks5://127.0.0.1:1080, none or environment-variables.`,
    );
  const password =
    flags.passwordFile === undefined
      ? null
      : createFileReader()
          .text(flags.passwordFile, '--password-file')
          .replace(/\r?\n$/, '');
  return {
    ...(isAddress
      ? { proxy: 'own' as const, proxyUrl: choice, proxyUser: flags.user ?? null, proxyPassword: password }
      : { proxy: choice === 'none' ? ('none' as const) : ('environment-variables' as const) }),
    ...(flags.without !== undefined
      ? {
          noProxy: flags.without
            .split(',')
            .map((entry) => entry.trim())
            .filter((entry) => entry !== ''),
        }
      : {}),
    ...(isAddress ? { bypassLoopback: flags.throughLoopback !== true } : {}),
  };
}

function describeSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name.padEnd(28)}${Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'none')}`)
    .join('\n');
}

function describeProxy({ proxy, proxyUrl, proxyUser, hasProxyPassword, noProxy, bypassLoopback }: Settings): string {
  if (proxy === 'none') return 'Nothing goes through a proxy.';
  const login = proxyUser === null ? '' : ` as ${proxyUser}${hasProxyPassword ? ' with a password' : ' without a password'}`;
  const what =
    proxy === 'own'
      ? `Requests go through ${proxyUrl ?? ''}${login}`
      : 'Requests go through what the environment variables of Hookyard name';
  const straight = [...(bypassLoopback ? ['this machine'] : []), ...noProxy];
  return `${what}${straight.length === 0 ? '' : `, but for ${straight.join(', ')}`}.`;
}
