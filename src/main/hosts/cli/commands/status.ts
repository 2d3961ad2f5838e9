import { Command } from 'commander';
import { dataDirOption } from '#hosts/shared/command-line.ts';
import { findRunningHost } from '#hosts/shared/host-file.ts';
import { allPages } from '#shared/all-pages.ts';
import { connectTo } from '../engine-client.ts';
import { healthText, pendingText, summaryOf } from '../endpoint-summary.ts';
import { formatTime, printJson, printLine, toned } from '../output.ts';
import { countText } from '../count-text.ts';

interface StatusFlags {
  readonly dataDir: string;
  readonly json?: boolean;
}

/** The `status` command: whether a host serves the data folder, and how it is. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Show whether a Hookyard serves the data folder; exits 1 when none does')
    .addOption(dataDirOption())
    .option('--json', 'print one JSON document')
    .action(async ({ dataDir, json }: StatusFlags) => {
      const host = await findRunningHost(dataDir);
      if (host === null) {
        if (json === true) printJson({ isRunning: false, dataDir });
        else printLine(`No Hookyard serves ${dataDir}.`);
        process.exitCode = 1;
        return;
      }
      const session = await connectTo(host);
      const health = await session.client.system.health();
      const endpoints = await allPages((from) => session.client.endpoints.list({ limit: 200, ...from }));
      await session.close();
      const { byHealth, waitingForDisabled, troubled } = summaryOf(endpoints);
      if (json === true)
        return printJson({ isRunning: true, url: host.url, pid: host.pid, ...health, endpoints: byHealth, waitingForDisabled });
      printLine(
        `${toned(health.status, health.status === 'ok' ? 'good' : 'bad')}  Hookyard ${health.version} at ${host.url}, process ${host.pid}, since ${formatTime(health.startedAtMs)}`,
      );
      printLine(`  data      ${health.dataDir}`);
      printLine(`  captures  ${health.captureUrl ?? 'none'}${health.httpsUrl === null ? '' : ` and ${health.httpsUrl}`}`);
      for (const { address, url, httpsUrl, problem } of health.openAddresses)
        printLine(
          `  ${toned('open', 'waiting')}      ${[url, httpsUrl].filter((each) => each !== null).join(' and ') || `${address}: ${problem}`}`,
        );
      printLine(
        `  pending   ${pendingText(health.pendingDeliveries, waitingForDisabled)}, ${countText(health.inFlightAttempts, 'attempt', 'attempts')} under way, ${health.timeScale}x`,
      );
      printLine(`  endpoints ${healthText(byHealth)}`);
      for (const { name, health: state, healthMessage } of troubled.slice(0, namedEndpoints))
        printLine(`            ${toned(state, 'waiting')} ${name}: ${healthMessage}`);
      if (troubled.length > namedEndpoints) printLine(`            and ${troubled.length - namedEndpoints} more: hookyard endpoints list`);
      if (health.problem !== null) printLine(`  problem   ${health.problem}`);
    });
}

/** How many endpoints in trouble are named. */
const namedEndpoints = 5;
