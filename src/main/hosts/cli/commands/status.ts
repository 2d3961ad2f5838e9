import { Command } from 'commander';
import { dataDirOption } from '#hosts/shared/command-line.ts';
import { findRunningHost } from '#hosts/shared/host-file.ts';
import { connectTo } from '../engine-client.ts';
import { formatTime, printJson, printLine, toned } from '../output.ts';

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
      await session.close();
      if (json === true) return printJson({ isRunning: true, url: host.url, pid: host.pid, ...health });
      printLine(
        `${toned(health.status, health.status === 'ok' ? 'good' : 'bad')}  Hookyard ${health.version} at ${host.url}, process ${host.pid}, since ${formatTime(health.startedAtMs)}`,
      );
      printLine(`  data      ${health.dataDir}`);
      printLine(`  captures  ${health.captureUrl ?? 'none'}`);
      printLine(`  pending   ${health.pendingDeliveries} deliveries, ${health.inFlightAttempts} attempts under way, ${health.timeScale}x`);
      if (health.problem !== null) printLine(`  problem   ${health.problem}`);
    });
}
