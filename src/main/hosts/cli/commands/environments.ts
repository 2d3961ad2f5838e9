import { Command } from 'commander';
import { allPages } from '#shared/all-pages.ts';
import type { Environment, VariableInput } from '#shared/contract/environments.ts';
import { collect } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { table } from '../output.ts';

interface SetFlags extends HostFlags {
  readonly secretFile?: readonly string[];
}

interface UseFlags extends HostFlags {
  readonly none?: boolean;
}

/** The `environments` commands. */
export function environmentsCommand(): Command {
  const list = addListFlags(new Command('list').description('List the environments of the running Hookyard')).action(
    async (flags: ListFlags) =>
      await ask(
        flags,
        (client) => client.environments.list(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'NAME', 'ACTIVE', 'VARIABLES'],
            items.map(({ id, name, isActive, variables }) => [
              id,
              name,
              isActive ? 'yes' : '',
              variables.map((each) => each.name).join(', '),
            ]),
          );
        },
      ),
  );
  const show = addHostFlags(new Command('show').description('Show an environment, without its secret values'))
    .argument('<environment>', 'its id or name')
    .action(
      async (idOrName: string, flags: HostFlags) => await ask(flags, (client) => findEnvironment(client, idOrName), describeEnvironment),
    );
  const set = addHostFlags(new Command('set').description('Set variables of an environment, which is created if there is none'))
    .argument('<environment>', 'its id or name')
    .argument('[variables...]', 'name=value, such as baseUrl=https://staging.example.com')
    .option('--secret-file <name=file>', 'a secret variable from a file, - is standard input; repeatable', collect)
    .action(async (idOrName: string, given: readonly string[], flags: SetFlags) => {
      const variables = [...given.map(plainVariable), ...secretVariables(flags.secretFile ?? [])];
      await ask(flags, (client) => setVariables(client, idOrName, variables), describeEnvironment);
    });
  const unset = addHostFlags(new Command('unset').description('Remove variables from an environment'))
    .argument('<environment>', 'its id or name')
    .argument('<names...>', 'names of the variables')
    .action(
      async (idOrName: string, names: readonly string[], flags: HostFlags) =>
        await ask(flags, (client) => unsetVariables(client, idOrName, names), describeEnvironment),
    );
  const use = addHostFlags(new Command('use').description('Make an environment the active one, whose variables new messages take'))
    .argument('[environment]', 'its id or name')
    .option('--none', 'use none')
    .action(async (idOrName: string | undefined, flags: UseFlags) => {
      if ((idOrName === undefined) !== (flags.none === true)) throw usageError('Name the environment to use, or give --none.');
      await ask(
        flags,
        async (client) => {
          const environment = idOrName === undefined ? null : await findEnvironment(client, idOrName);
          await client.system.updateSettings({ activeEnvironmentId: environment?.id ?? null });
          return { activeEnvironment: environment === null ? null : { id: environment.id, name: environment.name } };
        },
        ({ activeEnvironment }) => (activeEnvironment === null ? 'No environment is active.' : `${activeEnvironment.name} is active.`),
      );
    });
  const remove = addHostFlags(new Command('delete').description('Delete an environment and erase its values'))
    .argument('<environment>', 'its id or name')
    .action(
      async (idOrName: string, flags: HostFlags) =>
        await ask(
          flags,
          async (client) => {
            const { id, name } = await findEnvironment(client, idOrName);
            return { ...(await client.environments.remove({ id })), name };
          },
          ({ name }) => `${name} deleted.`,
        ),
    );
  return new Command('environments')
    .description('Named sets of variables for URLs, headers and templates')
    .addCommand(list)
    .addCommand(show)
    .addCommand(set)
    .addCommand(unset)
    .addCommand(use)
    .addCommand(remove);
}

type Environments = Pick<EngineClient, 'environments'>;

async function lookUp(client: Environments, idOrName: string): Promise<Environment | undefined> {
  const environments = await allPages((from) => client.environments.list({ limit: 200, ...from }));
  return environments.find(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase());
}

async function findEnvironment(client: Environments, idOrName: string): Promise<Environment> {
  const found = await lookUp(client, idOrName);
  if (found !== undefined) return found;
  throw usageError(`There is no environment "${idOrName}": "hookyard environments list" shows them.`);
}

async function setVariables(client: Environments, idOrName: string, given: readonly VariableInput[]): Promise<Environment> {
  const found = await lookUp(client, idOrName);
  if (found === undefined) return await client.environments.create({ name: idOrName, variables: [...given] });
  const exposed = given.find(({ name, isSecret }) => !isSecret && found.variables.some((each) => each.name === name && each.isSecret));
  if (exposed !== undefined)
    throw usageError(
      `${exposed.name} is secret: give it with --secret-file ${exposed.name}=FILE, or unset it first to make it a plain variable.`,
    );
  const isGiven = new Map(given.map((variable) => [variable.name, variable]));
  // Those that are there keep their places.
  const changed = found.variables.map(({ name, isSecret }) => isGiven.get(name) ?? { name, isSecret });
  const added = given.filter(({ name }) => found.variables.every((variable) => variable.name !== name));
  return await client.environments.update({ id: found.id, ifUpdatedAtMs: found.updatedAtMs, variables: [...changed, ...added] });
}

async function unsetVariables(client: Environments, idOrName: string, names: readonly string[]): Promise<Environment> {
  const { id, name: environment, updatedAtMs, variables } = await findEnvironment(client, idOrName);
  const unknown = names.find((name) => variables.every((variable) => variable.name !== name));
  if (unknown !== undefined) throw usageError(`${environment} has no variable ${unknown}: "hookyard environments show" shows them.`);
  const kept = variables.filter(({ name }) => !names.includes(name)).map(({ name, isSecret }) => ({ name, isSecret }));
  return await client.environments.update({ id, ifUpdatedAtMs: updatedAtMs, variables: kept });
}

function plainVariable(text: string): VariableInput {
  const [name, value] = splitAt(text, 'name=value, such as baseUrl=https://staging.example.com');
  return { name, value, isSecret: false };
}

function secretVariables(given: readonly string[]): readonly VariableInput[] {
  const files = createFileReader();
  return given.map((text) => {
    const [name, file] = splitAt(text, 'name=file, such as token=token.txt');
    // An editor ends a file with a line break, which is no part of the secret.
    return { name, value: files.secret(file, `The secret ${name}`), isSecret: true };
  });
}

function splitAt(text: string, form: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`"${text}" sets no variable: write ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function describeEnvironment({ id, name, isActive, variables }: Environment): string {
  return [
    `${name}  (${id})${isActive ? '  active' : ''}`,
    '',
    variables.length === 0
      ? 'It has no variables yet.'
      : table(
          ['VARIABLE', 'VALUE'],
          variables.map((variable) => [variable.name, variable.value ?? '(secret)']),
        ),
  ].join('\n');
}
