import { describe, expect, it } from 'vitest';
import { commandLoaders, createProgram } from '#hosts/cli/program.ts';

const names = Object.keys(commandLoaders);

describe('the program', () => {
  it.each(names)('finds %s by the name it has in the help', async (name) => {
    const { commands } = await createProgram('1.0.0', [name, '--help']);
    expect(commands.map((command) => command.name())).toEqual([name]);
  });

  it.each([[[]], [['--help']], [['help', 'send']], [['sned']], [['constructor']]])('has every command for %j', async (args) => {
    const { commands } = await createProgram('1.0.0', args);
    expect(commands.map((command) => command.name())).toEqual(names);
  });
});
