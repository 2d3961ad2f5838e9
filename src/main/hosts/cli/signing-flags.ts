import type { Command } from 'commander';
import { z } from 'zod';
import { collect } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { schemeIds, signing, type Signing } from '#shared/contract/signing.ts';
import { parseJsonOption, type FileReader } from './input.ts';

/** Environment variable that may carry the secret. */
const secretVariable = 'HOOKYARD_SECRET';

/** The parsed options about signing. */
export interface SigningFlags {
  readonly scheme?: string;
  readonly secret?: readonly string[];
  readonly secretFile?: readonly string[];
  readonly option?: readonly string[];
  readonly field?: readonly string[];
}

/** Adds the options about scheme and secrets to a command; `more` says what else its `--scheme` takes. */
export function addSigningFlags(command: Command, more = ''): Command {
  const schemeHelp = 'how the request is signed, such as standard-webhooks, stripe, github-sha256 or custom';
  return command
    .option('--scheme <scheme>', more === '' ? schemeHelp : `${schemeHelp}; ${more}`)
    .option(
      '--secret <secret>',
      `secret in clear; repeatable. Other users can see it in the process list: --secret-file or ${secretVariable} keep it out of there`,
      collect,
    )
    .option('--secret-file <file>', 'file that holds a secret; repeatable, - is standard input', collect)
    .option(
      '--option <key=value>',
      'option of the scheme, such as toleranceSeconds=60, or header=X-Signature for custom; repeatable',
      collect,
    )
    .option(
      '--field <place:name=text>',
      'what a custom scheme sends, such as "header:X-Signature=t={timestamp},v1={signature}", query:sig={signature} or form:sig={signature}; repeatable, in this order',
      collect,
    );
}

/** The secrets of `--secret` and `--secret-file` in that order, else the one of the environment. */
export function readSecrets(flags: SigningFlags, files: FileReader, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const fromFiles = (flags.secretFile ?? []).map((path) => files.secret(path, '--secret-file'));
  const given = [...(flags.secret ?? []), ...fromFiles];
  const fromEnvironment = env[secretVariable];
  const secrets = given.length === 0 && fromEnvironment !== undefined && fromEnvironment !== '' ? [fromEnvironment] : given;
  if (secrets.includes('')) throw usageError('A secret is empty: give its text.');
  return secrets;
}

type JsonValue = z.infer<ReturnType<typeof z.json>>;

/** The `--option` values by key, and those of `--field` as `fields`; numbers, true, false and null are read as such, everything else as text. */
export function readSchemeOptions(flags: SigningFlags): Record<string, JsonValue> {
  const fields = (flags.field ?? []).map(readField);
  return { ...plainOptions(flags), ...(fields.length === 0 ? {} : { fields }) };
}

function readField(text: string): Record<string, string> {
  const [, place, name, value] = /^(header|query|form):([^=]+)=(.*)$/s.exec(text) ?? [];
  if (place === undefined || name === undefined || value === undefined)
    throw usageError(`--field ${text} is not place:name=text: write it such as "header:X-Signature=t={timestamp},v1={signature}".`);
  return { place, name, value };
}

function plainOptions(flags: SigningFlags): Record<string, JsonValue> {
  return Object.fromEntries(
    (flags.option ?? []).map((pair): readonly [string, JsonValue] => {
      const split = pair.indexOf('=');
      if (split < 1) throw usageError(`--option ${pair} has no key: write it as key=value, such as header=X-Signature.`);
      const text = pair.slice(split + 1);
      return [pair.slice(0, split), /^(true|false|null|\d+|".*")$/s.test(text) ? z.json().parse(parseJsonOption(text, '--option')) : text];
    }),
  );
}

/** The scheme that was asked for; fields are those of a custom one. */
export function schemeIn({ scheme, field }: SigningFlags): string | undefined {
  return scheme ?? (field === undefined ? undefined : 'custom');
}

/** The scheme with its options, or null when none was asked for. */
export function readSigning(flags: SigningFlags, hasSecret: boolean): Signing | null {
  const scheme = schemeIn(flags) ?? (hasSecret ? 'standard-webhooks' : undefined);
  if (scheme === undefined) return null;
  const parsed = signing.safeParse({ scheme, ...readSchemeOptions(flags) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.path[0] === 'scheme') throw usageError(`There is no scheme ${scheme}. Use one of ${schemeIds.join(', ')}.`);
  throw usageError(
    `An --option does not fit ${scheme}: ${[issue?.path.join('.'), issue?.message].filter((part) => part !== '').join(': ')}`,
  );
}
