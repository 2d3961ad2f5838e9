import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { LocalAuthority } from '#shared/contract/local-authority.ts';
import { trustSteps } from '#shared/trust-steps.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { formatTime } from '../output.ts';

interface ExportFlags extends HostFlags {
  readonly out?: string;
}

interface ReplaceFlags extends HostFlags {
  readonly yes?: boolean;
}

/** The `ca` commands: the certificate authority of the bins' HTTPS. */
export function caCommand(): Command {
  const show = addHostFlags(new Command('show').description('Show the local authority, and how to trust it in other programs')).action(
    async (flags: HostFlags) => await ask(flags, (client) => client.localAuthority.get(), describeAuthority),
  );
  const out = addHostFlags(new Command('export').description('Print the certificate of the local authority as PEM; its key stays here'))
    .option('--out <file>', 'write it to this file')
    .action(
      async (flags: ExportFlags) =>
        await ask(
          flags,
          async (client) => {
            const authority = await client.localAuthority.get();
            if (flags.out !== undefined) writePem(flags.out, authority.certificatePem);
            return authority;
          },
          ({ certificatePem, fingerprint }) =>
            flags.out === undefined ? certificatePem.trimEnd() : `Written to ${flags.out}; its SHA-256 is ${fingerprint}.`,
        ),
    );
  const replace = addHostFlags(
    new Command('replace').description('Make another authority with a new key; programs that trust the old one no longer trust the bins'),
  )
    .option('--yes', 'do it')
    .action(async (flags: ReplaceFlags) => {
      if (flags.yes !== true)
        throw usageError('Programs that trust the authority of now will no longer trust the bins: add --yes to replace it.');
      await ask(flags, (client) => client.localAuthority.replace(), describeAuthority);
    });
  const turn = (word: 'on' | 'off', description: string) =>
    addHostFlags(new Command(word).description(description)).action(
      async (flags: HostFlags) =>
        await ask(
          flags,
          async (client) => {
            await client.system.updateSettings({ isHttpsOn: word === 'on' });
            return await client.system.health();
          },
          ({ httpsUrl }) => (httpsUrl === null ? 'Bins receive by plain HTTP only.' : `Bins receive at ${httpsUrl} too.`),
        ),
    );
  return new Command('ca')
    .description("The certificate authority of the bins' HTTPS: show, export, replace; turn HTTPS on and off")
    .addCommand(show)
    .addCommand(out)
    .addCommand(replace)
    .addCommand(turn('on', 'Let bins receive by HTTPS too'))
    .addCommand(turn('off', 'Close the port for HTTPS'));
}

function writePem(path: string, pem: string): void {
  try {
    writeFileSync(path, pem);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw usageError(`--out cannot write ${path} (${code}): give a file in a folder that exists and that you may write to.`, {
      cause: error,
    });
  }
}

async function describeAuthority(
  { commonName, fingerprint, notBeforeMs, notAfterMs, httpsUrl }: LocalAuthority,
  client: EngineClient,
): Promise<string> {
  const { items } = await client.bins.list({ limit: 1 });
  const slug = items[0]?.slug ?? null;
  const steps = trustSteps('hookyard-ca.pem', { httpsUrl, slug }).map(({ name, text }) => `${name}\n${indented(text)}`);
  return [
    commonName,
    `  SHA-256  ${fingerprint}`,
    `  valid    ${formatTime(notBeforeMs)} to ${formatTime(notAfterMs)}`,
    `  HTTPS    ${httpsUrl ?? 'off; turn it on with "hookyard ca on"'}`,
    '',
    'It signs for localhost, names below it and loopback addresses, and for nothing else. Hookyard installs it nowhere. Write it to a file',
    'with "hookyard ca export --out hookyard-ca.pem"; then programs trust it like this:',
    ...(slug === null ? ['SLUG stands for that of a bin: there is no bin yet.'] : []),
    '',
    ...steps,
  ].join('\n');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
