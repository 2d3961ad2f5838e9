import { Command } from 'commander';
import { allPages } from '#shared/all-pages.ts';
import { authInput, type Auth } from '#shared/contract/auths.ts';
import { wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { createFileReader, parseJsonOption } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { printNote, table } from '../output.ts';

interface RotateFlags extends HostFlags {
  readonly part?: string;
  readonly secretFile?: string;
  readonly overlap: number;
}

const dayS = 86_400;

/** The `auths` commands. */
export function authsCommand(): Command {
  const list = addListFlags(new Command('list').description('List the authentications of the running Hookyard')).action(
    async (flags: ListFlags) => {
      await ask(
        flags,
        (client) => client.auths.list(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'NAME', 'PARTS', 'USED BY'],
            items.map(({ id, name, parts, usedBy }) => [
              id,
              name,
              parts.map((part) => part.id).join(', '),
              usedBy.map((endpoint) => endpoint.name).join(', '),
            ]),
          );
        },
      );
    },
  );
  const show = addHostFlags(new Command('show').description('Show an authentication, without its secrets'))
    .argument('<auth>', 'its id or name')
    .action((idOrName: string, flags: HostFlags) => ask(flags, (client) => findAuth(client, idOrName), describeAuth));
  const create = addHostFlags(
    new Command('create').description('Create an authentication from a file, so that no secret is on the command line'),
  )
    .argument('<file>', 'JSON with name and parts, as POST /api/auths takes it; - is standard input')
    .action(async (path: string, flags: HostFlags) => {
      const input = readInput(path);
      await ask(
        flags,
        (client) => client.auths.create(input),
        ({ secret, warnings, ...auth }) => {
          for (const { message } of warnings) printNote(message);
          return [describeAuth(auth), ...(secret === null ? [] : [`secret  ${secret}  (shown only now)`])].join('\n');
        },
      );
    });
  const rotate = addHostFlags(new Command('rotate').description('Replace the secret of one part'))
    .argument('<auth>', 'its id or name')
    .option('--part <part>', 'the part, such as signature or header:x-api-key (default: the signature, or the only part)')
    .option('--secret-file <file>', 'file with the new secret, - is standard input (default: one is made)')
    .option('--overlap <seconds>', 'how long the old secret of a signature also signs', wholeNumber(0, 7 * dayS), dayS)
    .action(async (idOrName: string, flags: RotateFlags) => {
      const secret = flags.secretFile === undefined ? undefined : createFileReader().text(flags.secretFile, 'The secret').trim();
      await ask(
        flags,
        async (client) =>
          client.auths.rotateSecret({
            id: (await findAuth(client, idOrName)).id,
            overlapMs: flags.overlap * 1000,
            ...(flags.part === undefined ? {} : { part: flags.part }),
            ...(secret === undefined ? {} : { secret }),
          }),
        (rotated) => {
          for (const { message } of rotated.warnings) printNote(message);
          return `${rotated.part}  ${rotated.secret}  (shown only now)`;
        },
      );
    });
  const remove = addHostFlags(new Command('delete').description('Delete an authentication that no endpoint uses'))
    .argument('<auth>', 'its id or name')
    .action(async (idOrName: string, flags: HostFlags) => {
      await ask(
        flags,
        async (client) => {
          const { id, name } = await findAuth(client, idOrName);
          return { ...(await client.auths.remove({ id })), name };
        },
        ({ name }) => `Deleted ${name}`,
      );
    });
  const check = addHostFlags(new Command('check').description('Try each part, without sending a webhook'))
    .argument('<auth>', 'its id or name')
    .action(async (idOrName: string, flags: HostFlags) => {
      await ask(
        flags,
        async (client) => client.auths.check({ id: (await findAuth(client, idOrName)).id }),
        ({ results, isUsable }) => {
          if (!isUsable) process.exitCode = 1;
          return table(
            ['PART', 'RESULT', ''],
            results.map(({ partId, status, message }) => [partId, status, message]),
          );
        },
      );
    });
  return new Command('auths')
    .description('Authentications that endpoints refer to: signatures, tokens, keys, certificates')
    .addCommand(list)
    .addCommand(show)
    .addCommand(create)
    .addCommand(rotate)
    .addCommand(check)
    .addCommand(remove);
}

async function findAuth(client: Pick<EngineClient, 'auths'>, idOrName: string): Promise<Auth> {
  const auths = await allPages((from) => client.auths.list({ limit: 200, ...from }));
  const found = auths.find(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase());
  if (found !== undefined) return found;
  throw usageError(`There is no authentication "${idOrName}": "hookyard auths list" shows them.`);
}

function readInput(path: string) {
  const parsed = authInput.safeParse(parseJsonOption(createFileReader().text(path, 'The file'), 'The file'));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw usageError(
    `The file is no authentication: ${[issue?.path.join('.'), issue?.message].filter((part) => part !== '' && part !== undefined).join(': ')}`,
  );
}

function describeAuth({ id, name, description, parts, usedBy }: Auth): string {
  return [
    `${name}  (${id})`,
    ...(description === '' ? [] : [description]),
    '',
    table(
      ['PART', 'SECRET', 'SIGNS UNTIL'],
      parts.flatMap((part) =>
        part.secrets.length === 0
          ? [[part.id, '-', '']]
          : part.secrets.map(({ fingerprint, expiresAtMs }) => [
              part.id,
              fingerprint,
              expiresAtMs === null ? '' : new Date(expiresAtMs).toISOString(),
            ]),
      ),
    ),
    '',
    usedBy.length === 0 ? 'No endpoint uses it.' : `Used by ${usedBy.map((endpoint) => endpoint.name).join(', ')}`,
  ].join('\n');
}
