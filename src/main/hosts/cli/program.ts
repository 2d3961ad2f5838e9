import { Command } from 'commander';

/**
 * The commands by their names, in the order of the help. Each is loaded when it is the one that was asked for: the contract and
 * the forms of values behind all of them take longer to load than most commands to run.
 */
export const commandLoaders: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('#hosts/headless/command.ts')).serveCommand(),
  send: async () => (await import('./commands/send.ts')).sendCommand(),
  preview: async () => (await import('./commands/preview.ts')).previewCommand(),
  listen: async () => (await import('./commands/listen.ts')).listenCommand(),
  expect: async () => (await import('./commands/expect.ts')).expectCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  with: async () => (await import('./commands/with.ts')).withCommand(),
  apply: async () => (await import('./commands/apply.ts')).applyCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  mcp: async () => (await import('./commands/mcp.ts')).mcpCommand(),
  sign: async () => (await import('./commands/sign.ts')).signCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  endpoints: async () => (await import('./commands/endpoints.ts')).endpointsCommand(),
  deliveries: async () => (await import('./commands/deliveries.ts')).deliveriesCommand(),
  compare: async () => (await import('./commands/compare.ts')).compareCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  recover: async () => (await import('./commands/replay.ts')).recoverCommand(),
  'replay-missing': async () => (await import('./commands/replay.ts')).replayMissingCommand(),
  replays: async () => (await import('./commands/replays.ts')).replaysCommand(),
  watch: async () => (await import('./commands/watch.ts')).watchCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  'test-receiver': async () => (await import('./commands/test-receiver.ts')).testReceiverCommand(),
  policies: async () => (await import('./commands/policies.ts')).policiesCommand(),
  'what-if': async () => (await import('./commands/what-if.ts')).whatIfCommand(),
  auths: async () => (await import('./commands/auths.ts')).authsCommand(),
  environments: async () => (await import('./commands/environments.ts')).environmentsCommand(),
  settings: async () => (await import('./commands/settings.ts')).settingsCommand(),
  profiles: async () => (await import('./commands/profiles.ts')).profilesCommand(),
  events: async () => (await import('./commands/events.ts')).eventsCommand(),
  bins: async () => (await import('./commands/bins.ts')).binsCommand(),
  captures: async () => (await import('./commands/captures.ts')).capturesCommand(),
  ca: async () => (await import('./commands/ca.ts')).caCommand(),
  relays: async () => (await import('./commands/relays.ts')).relaysCommand(),
  streams: async () => (await import('./commands/streams.ts')).streamsCommand(),
  sources: async () => (await import('./commands/sources.ts')).sourcesCommand(),
  tunnels: async () => (await import('./commands/tunnels.ts')).tunnelsCommand(),
  storage: async () => (await import('./commands/storage.ts')).storageCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
};

/** The `hookyard` program for the arguments behind its name: with the one command they begin with, else (for help, or a name that is none) with all. */
export async function createProgram(version: string, [name = '']: readonly string[]): Promise<Command> {
  const program = new Command('hookyard')
    .description('Send webhooks as providers do, capture them byte for byte, and prove why a signature fails.')
    .version(version)
    // A command and one below it, such as run and run save, have options of the same names.
    .enablePositionalOptions()
    .showHelpAfterError(false);
  const named = Object.hasOwn(commandLoaders, name) ? commandLoaders[name] : undefined;
  const loaders = named === undefined ? Object.values(commandLoaders) : [named];
  for (const command of await Promise.all(loaders.map((load) => load()))) program.addCommand(command);
  return program;
}
