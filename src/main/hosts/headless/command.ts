import { Command } from 'commander';
import {
  agentTargetsOption,
  dataDirOption,
  logLevelOption,
  numberBetween,
  wholeNumber,
  type AgentTargets,
} from '#hosts/shared/command-line.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';

interface ServeFlags {
  readonly port?: number;
  readonly capturePort?: number;
  readonly dataDir: string;
  readonly tokenFile?: string;
  readonly timeScale?: number;
  readonly sample: boolean;
  readonly agentTargets?: AgentTargets;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `serve` command: the engine with its REST and WebSocket doors and the window for a browser. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run Hookyard for a browser and for scripts, on 127.0.0.1')
    .option(
      '--port <n>',
      'port of the page and the API; 0 picks a free one (default: 4600, or a free one when that is taken)',
      wholeNumber(0, 65_535),
    )
    .option('--capture-port <n>', 'port that bins receive on; 0 picks a free one (default: the one used last)', wholeNumber(0, 65_535))
    .addOption(dataDirOption())
    .option(
      '--token-file <file>',
      'read the token from this file, made with a fresh one when missing (else HOOKYARD_TOKEN, else fresh at each start)',
    )
    .option('--time-scale <n>', 'run retry schedules this many times faster than real time, 1 to 3600', numberBetween(1, 3600))
    .option('--no-sample', 'start a new workspace empty')
    .addOption(agentTargetsOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document instead of the lines')
    .action(async (flags: ServeFlags) => {
      // Loaded only now: help and usage errors need neither the engine nor a server.
      const { serve } = await import('./serve.ts');
      const { sample, json, ...options } = flags;
      await serve({ ...options, withSample: sample, json: json === true });
    });
}
