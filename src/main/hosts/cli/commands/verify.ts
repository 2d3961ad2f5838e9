import { Command } from 'commander';
import type { Verification } from '#shared/contract/verifying.ts';
import { parseHeaderText, type HeaderText } from '#shared/header-text.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { createFileReader } from '../input.ts';
import { nowOption } from '../offline.ts';
import { printJson, printLine, printNote, toned } from '../output.ts';
import { addSigningFlags, readSchemeOptions, readSecrets, type SigningFlags } from '../signing-flags.ts';

interface VerifyFlags extends SigningFlags {
  readonly headers: string;
  readonly body: string;
  readonly url?: string;
  readonly method?: string;
  readonly now?: number;
  readonly json?: boolean;
}

/** The `verify` command: the verdict on a request's signature, with the checks behind it. */
export function verifyCommand(): Command {
  return addSigningFlags(new Command('verify').description('Check the signature of a request; exits 0 when valid, 1 when not'))
    .requiredOption('--headers <file>', "the request's header lines, - is standard input")
    .requiredOption('--body <file>', 'the exact body, - is standard input')
    .option('--url <url>', 'URL of the request, for schemes that sign it')
    .option('--method <method>', 'method of the request, for schemes that sign it')
    .option('--now <unix>', 'check as if it were this time, in Unix seconds', nowOption)
    .option('--json', 'print one JSON document')
    .action(async (flags: VerifyFlags) => {
      const files = createFileReader();
      if (flags.scheme === undefined)
        throw usageError('Say how the request is signed with --scheme, such as standard-webhooks, stripe or custom.');
      const secrets = readSecrets(flags, files, process.env);
      if (secrets.length === 0) throw usageError('Give the secret with --secret-file FILE, HOOKYARD_SECRET or --secret.');
      const { headers, method } = readHeaders(files.text(flags.headers, '--headers'));
      const body = files.bytes(flags.body, '--body');
      const { createOfflineClient } = await import('#engine/index.ts');
      const verification = await createOfflineClient().verifying.verify({
        scheme: flags.scheme,
        secrets: [...secrets],
        options: readSchemeOptions(flags),
        request: {
          headers: [...headers],
          bodyBase64: Buffer.from(body).toString('base64'),
          ...(flags.url === undefined ? {} : { url: flags.url }),
          ...(method === null ? {} : { method }),
          ...(flags.method === undefined ? {} : { method: flags.method }),
        },
        ...(flags.now === undefined ? {} : { nowMs: flags.now }),
      });
      if (flags.json === true) printJson(verification);
      else printVerification(verification);
      process.exitCode = verification.verdict === 'valid' ? 0 : 1;
    });
}

/** Lines that are not headers are told and left out; a file without any header is a mistake in the command. */
function readHeaders(text: string): HeaderText {
  const read = parseHeaderText(text);
  const problems = read.problems.map(({ line, message }) => `${line === null ? '' : `line ${line}: `}${message}`);
  if (read.headers.length === 0 && problems.length > 0) throw usageError(`--headers has no header in it. ${problems[0] ?? ''}`);
  for (const problem of problems) printNote(`--headers, ${problem}`);
  return read;
}

function printVerification(verification: Verification): void {
  printLine(`${toned(verification.verdict, verification.verdict === 'valid' ? 'good' : 'bad')}  ${verification.message}`);
  for (const { name, result, message } of verification.checks) printLine(`  ${result.padEnd(8)}${name.padEnd(10)} ${message}`);
  if (verification.verdict !== 'valid') {
    for (const signature of verification.receivedSignatures) printLine(`  received  ${signature}`);
    for (const signature of verification.expectedSignatures) printLine(`  expected  ${signature}`);
  }
  if (verification.libraryNote !== null) printLine(`  library   ${verification.libraryNote}`);
  for (const step of verification.next) printLine(`  next      ${step}`);
}
