import { Command } from 'commander';
import { settings as settingsContract, type Health, type Settings } from '#shared/contract/system.ts';
import { fieldIssues } from '#shared/issue-text.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { printNote } from '../output.ts';

interface ProxyFlags extends HostFlags {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly without?: string;
  readonly throughLoopback?: boolean;
}

interface OpenFlags extends HostFlags {
  readonly allow: string;
}

interface SetFlags extends HostFlags {
  readonly yes?: boolean;
}

type SettingsChange = Parameters<EngineClient['system']['updateSettings']>[0];

const { hasProxyPassword: _toldOnly, ...settingFields } = settingsContract.shape;

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
  const set = addHostFlags(new Command('set').description('Change one setting'))
    .argument('<name>', `one of ${Object.keys(settingFields).join(', ')}`)
    .argument('<value>', 'a number, true or false, a text, a list with commas, or none; sizes are in bytes')
    .option('--yes', 'remove what is beyond a new limit at the next clean-up')
    .action(async (name: string, value: string, flags: SetFlags) => {
      const change = settingChange(name, value);
      await ask(
        flags,
        (client) => updateSettings(client, change, flags.yes === true),
        (settings) => {
          if (/^proxy(?:Url|User)$/.test(name) && settings.proxy !== 'own')
            printNote(`${name} is kept and not used, since proxy is ${settings.proxy}: "hookyard settings set proxy own" uses it.`);
          return describeSettings(settings);
        },
      );
    });
  const open = addHostFlags(new Command('open').description('Let other machines send to bins; the API and the window stay on this machine'))
    .argument('<address>', 'an address of this machine, or all')
    .requiredOption('--allow <senders>', 'addresses and networks that may send, with commas between them, such as 192.168.1.0/24,fd00::/64')
    .action(async (openAddress: string, { allow, ...flags }: OpenFlags) => {
      const allowedSenders = allow.split(',').flatMap((entry) => entry.trim() || []);
      await ask(flags, (client) => openedBy(client, { openAddress, allowedSenders }), describeOpening);
    });
  const close = addHostFlags(
    new Command('close').description('Let nobody but this machine send to bins; the allowed senders are kept'),
  ).action(async (flags: HostFlags) => await ask(flags, (client) => openedBy(client, { openAddress: null }), describeOpening));
  return new Command('settings')
    .description(
      'Show the settings of the running Hookyard (show), change one (set), choose a proxy (proxy), or open bins to other machines (open, close)',
    )
    .addCommand(show)
    .addCommand(set)
    .addCommand(proxy)
    .addCommand(open)
    .addCommand(close);
}

async function openedBy(client: EngineClient, change: SettingsChange) {
  await client.system.updateSettings(change);
  return await client.system.health();
}

function describeOpening({ openAddresses }: Health): string {
  const urls = openAddresses.flatMap(({ url, httpsUrl }) => [url, httpsUrl].filter((each) => each !== null));
  const where = urls.length === 0 ? 'Bins receive from this machine only.' : `Bins are open to other machines at ${urls.join(' and ')}.`;
  return [where, ...openAddresses.flatMap(({ problem }) => problem ?? [])].join(' ');
}

/** The change of one setting; a value is read as the first of these kinds that the setting takes. */
function settingChange(name: string, text: string): SettingsChange {
  const field = Object.hasOwn(settingFields, name) ? settingFields[name as keyof typeof settingFields] : undefined;
  if (field === undefined) {
    const nearest = nearestName(name, Object.keys(settingFields));
    throw usageError(`There is no setting "${name}"${nearest === null ? '' : ` (did you mean ${nearest}?)`}: "settings show" lists them.`);
  }
  const list = text.split(',').flatMap((entry) => entry.trim() || []);
  const values = [
    ...(text === 'none' ? [null, []] : []),
    text === 'true' ? true : text === 'false' ? false : Number(text.trim() || 'no'),
    text,
    list,
  ];
  const value = values.find((each) => field.safeParse(each).success);
  if (value !== undefined) return { [name]: value };
  // A number that is out of bounds is complained of as such, and not as a text.
  const parsed = field.safeParse(Number.isFinite(Number(text)) ? Number(text) : text);
  const [problem] = fieldIssues(parsed.error?.issues ?? [], { schema: field });
  throw usageError(`${text} is no value for ${name}. ${problem?.message ?? ''}`.trim());
}

async function updateSettings(client: EngineClient, change: SettingsChange, confirm: boolean): Promise<Settings> {
  try {
    return await client.system.updateSettings({ ...change, confirm });
  } catch (error) {
    if (codeOf(error) !== 'CONFIRMATION_NEEDED') throw error;
    throw usageError(`${error instanceof Error ? error.message : ''} Add --yes to do it.`);
  }
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
  const password = flags.passwordFile === undefined ? null : createFileReader().secret(flags.passwordFile, '--password-file');
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
