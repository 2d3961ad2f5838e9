import { Command } from 'commander';
import { appVersion } from '#hosts/shared/app-root.ts';
import { agentTargetsOption, dataDirOption, logLevelOption, type AgentTargets } from '#hosts/shared/command-line.ts';
import { makeDataDir } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findRunningHost, type HostFacts } from '#hosts/shared/host-file.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openAgentsClient } from '../agents-client.ts';
import { addListFlags, ask, noteNext, pageOf, type ListFlags } from '../listing.ts';
import { formatTime, printNote, table } from '../output.ts';

interface Flags {
  readonly dataDir: string;
  readonly agentTargets?: AgentTargets | undefined;
  readonly logLevel: LogLevel;
}

/** The code that JSON-RPC has for a message that is not read. */
const invalidRequest = -32_600;

/** The `mcp` command: tools for coding agents over standard input and output. */
export function mcpCommand(): Command {
  return new Command('mcp')
    .description('Serve tools for coding agents by the Model Context Protocol, on standard input and output')
    .addOption(dataDirOption())
    .addOption(agentTargetsOption())
    .addOption(logLevelOption())
    .addHelpText(
      'after',
      '\nIt uses the host of the data folder, and is one itself where none runs. A running host serves the same at /mcp.',
    )
    .action(serveAgent)
    .addCommand(callsCommand());
}

/** `mcp calls`: what agents did. */
function callsCommand(): Command {
  return addListFlags(new Command('calls').description('List what agents did, newest first')).action(
    async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ListFlags>();
      await ask(
        flags,
        (client) => client.agents.calls(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['STARTED', 'WHO', 'TOOL', 'OUTCOME', 'MESSAGE'],
            items.map((call) => [formatTime(call.startedAtMs), call.actor, call.tool, call.isError ? 'refused' : 'done', call.message]),
          );
        },
      );
    },
  );
}

/** Serves one agent until it closes standard input, or a signal comes. */
async function serveAgent(flags: Flags): Promise<void> {
  const [{ serveStdio, StdioServerTransport }, { createMcpServer }, { createMessageLines, mostLineBytes }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('#hosts/mcp/mcp-server.ts'),
    import('#hosts/mcp/message-lines.ts'),
  ]);
  const left = whenLeft();
  const host = createHostFinder(flags);
  try {
    const agents = await openAgentsClient(host.find);
    const onerror = (error: Error) => printNote(error.message);
    // The transport itself ends at a line that is too long.
    const lines = createMessageLines((id, message) => {
      const error = { code: invalidRequest, message };
      transport.send({ jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error }).catch(onerror);
    });
    const transport = new StdioServerTransport(process.stdin.pipe(lines), process.stdout, { maxBufferSize: mostLineBytes });
    const server = serveStdio(() => createMcpServer(agents, appVersion()), { transport, onerror });
    await left;
    await server.close();
  } finally {
    await host.close();
  }
}

/** The host of the data folder. Where none runs, this process becomes it, so that window and command line work beside the agent. */
function createHostFinder({ dataDir, agentTargets, logLevel }: Flags) {
  let own: { readonly close: () => Promise<void> } | null = null;
  const begin = async (): Promise<HostFacts> => {
    const started = await startOwnHost({ dataDir, agentTargets, logLevel });
    own = started;
    printNote(`No host ran on ${dataDir}, so this process is it while the agent stays: ${started.host.url}`);
    return started.host;
  };
  return {
    find: async (): Promise<HostFacts> => {
      const running = await findRunningHost(dataDir);
      if (running === null) return await begin();
      if (agentTargets === 'any' && own === null) await assertAnywhere(running);
      return running;
    },
    close: async () => await own?.close(),
  };
}

/** The host decides where agents may send. Throws a usage error where it does not let them send anywhere. */
async function assertAnywhere({ url, token }: HostFacts): Promise<void> {
  const answer = await fetch(`${url}/api/agents/calls?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  const { reach } = (await answer.json()) as { readonly reach?: string };
  if (reach !== 'anywhere')
    throw usageError(
      `The Hookyard at ${url} lets agents send to loopback addresses only: start it with --agent-targets any, or leave that out here.`,
    );
}

async function startOwnHost({ dataDir, agentTargets, logLevel }: Flags) {
  const [{ createHostEngine, openDoors }, { resolveToken }, { createPinoLog }, { startEngine }] = await Promise.all([
    import('#hosts/headless/host.ts'),
    import('#hosts/headless/token.ts'),
    import('#hosts/shared/pino-log.ts'),
    import('#hosts/shared/start-engine.ts'),
  ]);
  makeDataDir(dataDir);
  const log = createPinoLog(logLevel);
  const engine = createHostEngine({ dataDir, capturePort: null, withSample: true, agentTargets, log, warn: printNote });
  try {
    const { warning } = await startEngine(engine);
    if (warning !== null) printNote(warning);
    const token = resolveToken(undefined, process.env);
    const doors = await openDoors({ engine, token, log, dataDir, port: undefined });
    return {
      host: { pid: process.pid, url: doors.url, token },
      close: async () => {
        await doors.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** Settles when the agent has closed standard input, or asked this process to end. */
function whenLeft(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
