import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { runSoak, type Kill, type KillMoment, type SoakReport } from './soak.ts';

interface Flags {
  readonly kills: number;
  readonly minutes: number;
  readonly json?: true;
}

const program = new Command('soak')
  .description('Kills a headless host under load, again and again on one data folder, and compares what was promised with what is there.')
  .option('--kills <n>', 'how often it is killed', positive, 50)
  .option('--minutes <n>', 'give up, as a failure, after this long', positive, 15)
  .option('--json', 'print one JSON document')
  .action(run);
await program.parseAsync();

async function run({ kills, minutes, json }: Flags): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-soak-'));
  const timer = setTimeout(() => {
    process.stderr.write(`Not done after ${minutes} minutes. The data folder is kept: ${dataDir}\n`);
    process.exit(1);
  }, minutes * 60_000);
  const startedMs = performance.now();
  const report = await runSoak({
    dataDir,
    moments: Array.from({ length: kills }, chooseMoment),
    random: Math.random,
    onKill: (kill) => {
      if (json !== true) process.stdout.write(`${killLine(kill)}\n`);
    },
  });
  clearTimeout(timer);
  const tookSeconds = Math.round((performance.now() - startedMs) / 1000);
  process.stdout.write(json === true ? `${JSON.stringify({ ...report, tookSeconds })}\n` : reportText(report, tookSeconds));
  if (report.problems.length === 0) rmSync(dataDir, { recursive: true, force: true });
  else process.stderr.write(`The data folder is kept: ${dataDir}\n`);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}

/** Mostly under load; at times while it starts, which is when it recovers from the last kill, or while it stops. */
function chooseMoment(): KillMoment {
  const kind = Math.random();
  if (kind < 0.2) return { after: 'spawn', delayMs: Math.random() * 3000 };
  if (kind < 0.3) return { after: 'stopping', delayMs: Math.random() * 1000 };
  return { after: 'accepting', delayMs: Math.random() * 2500 };
}

function killLine({ number, moment, integrity, messages, inFlight, waiting, promised }: Kill): string {
  const when = moment.after === 'answers' ? `${moment.count} answers` : `${Math.round(moment.delayMs)} ms after ${moment.after}`;
  return `kill ${number}, ${when}: integrity ${integrity}; ${promised} messages promised, ${messages} on disk, ${inFlight} attempts in flight, ${waiting} waiting`;
}

function reportText(report: SoakReport, tookSeconds: number): string {
  const statuses = Object.entries(report.byStatus).map(([status, count]) => `${count} ${status}`);
  return [
    '',
    `${report.kills} kills in ${tookSeconds} s; the slowest start took ${Math.round(report.slowestStartMs)} ms`,
    `messages promised: ${report.promisedMessages}; posted again and known already: ${report.knownAlready}; captures promised: ${report.promisedCaptures}, with a relay ${report.promisedRelayed}; refused while stopping: ${report.refused}`,
    `deliveries: ${report.deliveries} (${statuses.join(', ')}), attempts: ${report.attempts}`,
    `in flight at the kills: ${report.inFlightAtKills}; recorded as interrupted: ${report.interrupted}; duplicates received: ${report.duplicates}`,
    report.problems.length === 0
      ? 'lost: 0; all is as promised'
      : `NOT AS PROMISED:\n${report.problems.map((text) => `- ${text}`).join('\n')}`,
    '',
  ].join('\n');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Use a whole number of 1 or more.');
}
