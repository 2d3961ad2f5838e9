import { Command } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { binsCommand } from './commands/bins.ts';
import { caCommand } from './commands/ca.ts';
import { capturesCommand } from './commands/captures.ts';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { deliveriesCommand } from './commands/deliveries.ts';
import { endpointsCommand } from './commands/endpoints.ts';
import { eventsCommand } from './commands/events.ts';
import { exportCommand } from './commands/export.ts';
import { expectCommand } from './commands/expect.ts';
import { listenCommand } from './commands/listen.ts';
import { mcpCommand } from './commands/mcp.ts';
import { relaysCommand } from './commands/relays.ts';
import { recoverCommand, replayCommand, replayMissingCommand } from './commands/replay.ts';
import { replaysCommand } from './commands/replays.ts';
import { authsCommand } from './commands/auths.ts';
import { environmentsCommand } from './commands/environments.ts';
import { settingsCommand } from './commands/settings.ts';
import { policiesCommand } from './commands/policies.ts';
import { previewCommand } from './commands/preview.ts';
import { profilesCommand } from './commands/profiles.ts';
import { runCommand } from './commands/run.ts';
import { sendCommand } from './commands/send.ts';
import { signCommand } from './commands/sign.ts';
import { statusCommand } from './commands/status.ts';
import { storageCommand } from './commands/storage.ts';
import { sourcesCommand } from './commands/sources.ts';
import { streamsCommand } from './commands/streams.ts';
import { tunnelsCommand } from './commands/tunnels.ts';
import { testReceiverCommand } from './commands/test-receiver.ts';
import { verifyCommand } from './commands/verify.ts';
import { whatIfCommand } from './commands/what-if.ts';
import { watchCommand } from './commands/watch.ts';
import { withCommand } from './commands/with.ts';

/** The `hookyard` program with its commands, after those of other hosts. */
export function createProgram(version: string, others: readonly Command[]): Command {
  const program = new Command('hookyard')
    .description('Send webhooks as providers do, capture them byte for byte, and prove why a signature fails.')
    .version(version)
    // A command and one below it, such as run and run save, have options of the same names.
    .enablePositionalOptions()
    .showHelpAfterError(false);
  const own = [
    sendCommand(),
    previewCommand(),
    listenCommand(),
    expectCommand(),
    runCommand(),
    withCommand(),
    applyCommand(),
    exportCommand(),
    mcpCommand(),
    signCommand(),
    verifyCommand(),
    endpointsCommand(),
    deliveriesCommand(),
    compareCommand(),
    replayCommand(),
    recoverCommand(),
    replayMissingCommand(),
    replaysCommand(),
    watchCommand(),
    checkCommand(),
    testReceiverCommand(),
    policiesCommand(),
    whatIfCommand(),
    authsCommand(),
    environmentsCommand(),
    settingsCommand(),
    profilesCommand(),
    eventsCommand(),
    binsCommand(),
    capturesCommand(),
    caCommand(),
    relaysCommand(),
    streamsCommand(),
    sourcesCommand(),
    tunnelsCommand(),
    storageCommand(),
    statusCommand(),
  ];
  for (const command of [...others, ...own]) program.addCommand(command);
  return program;
}
