import { Command } from 'commander';
import { usageError } from '#hosts/shared/exit-error.ts';
import { createFileReader } from '../input.ts';
import { nowOption } from '../offline.ts';
import { printJson, printLine } from '../output.ts';
import { addSigningFlags, readSchemeOptions, readSecrets, schemeIn, type SigningFlags } from '../signing-flags.ts';

interface SignFlags extends SigningFlags {
  readonly body: string;
  readonly url?: string;
  readonly method?: string;
  readonly id?: string;
  readonly now?: number;
  readonly json?: boolean;
}

/** The `sign` command: the header lines that a scheme adds to a body, and the URL and body where it changes these. */
export function signCommand(): Command {
  return addSigningFlags(new Command('sign').description('Print the signature headers of a body, as the scheme sends them'))
    .requiredOption('--body <file>', 'the exact body, - is standard input')
    .option('--id <id>', 'message id, for schemes that sign one (default: a fresh one)')
    .option('--url <url>', 'URL of the request, for schemes that sign it')
    .option('--method <method>', 'method of the request, for schemes that sign it')
    .option('--now <unix>', 'sign as if it were this time, in Unix seconds', nowOption)
    .option('--json', 'print one JSON document')
    .action(async (flags: SignFlags) => {
      const files = createFileReader();
      const scheme = schemeIn(flags);
      if (scheme === undefined) throw usageError('Say how to sign with --scheme, such as standard-webhooks, stripe or custom.');
      const secrets = readSecrets(flags, files, process.env);
      if (secrets.length === 0) throw usageError('Give the secret with --secret-file FILE, HOOKYARD_SECRET or --secret.');
      const body = files.bytes(flags.body, '--body');
      const { createOfflineClient } = await import('#engine/index.ts');
      const signed = await createOfflineClient().verifying.sign({
        scheme,
        secrets: [...secrets],
        options: readSchemeOptions(flags),
        request: {
          bodyBase64: Buffer.from(body).toString('base64'),
          ...(flags.url === undefined ? {} : { url: flags.url }),
          ...(flags.method === undefined ? {} : { method: flags.method }),
        },
        ...(flags.id === undefined ? {} : { id: flags.id }),
        ...(flags.now === undefined ? {} : { nowMs: flags.now }),
      });
      if (flags.json === true) return printJson(signed);
      for (const [name, value] of signed.headers) printLine(`${name}: ${value}`);
      // What else a scheme changes: the signature stands there.
      if (signed.url !== null) printLine(`URL ${signed.url}`);
      if (signed.bodyBase64 !== null) printLine(`Body ${Buffer.from(signed.bodyBase64, 'base64').toString('utf8')}`);
    });
}
