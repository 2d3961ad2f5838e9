import { Command } from 'commander';
import type { WaitResult } from '#shared/contract/waits.ts';
import { junitXml } from '#shared/junit.ts';
import { dataDirOption, logLevelOption } from '#hosts/shared/command-line.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openEngine } from '../engine-client.ts';
import { addExpectFlags, readExpectation, type ExpectFlags } from '../expect-flags.ts';
import { createFileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { printJson, printLine, printNote, toned } from '../output.ts';
import { writeReport } from '../report-file.ts';
import { waitLines } from '../wait-lines.ts';

interface Flags extends ExpectFlags {
  readonly name?: string;
  readonly junit?: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `expect` command: waits, and says whether what was to come did. */
export function expectCommand(): Command {
  return addExpectFlags(
    new Command('expect').description(
      'Wait until captures or deliveries match; exits 0 when they do, and 1 with what came closest when they do not',
    ),
  )
    .option('--name <name>', 'what the report calls it')
    .option('--junit <file>', 'write the outcome as a JUnit report, too')
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document')
    .action(async (flags: Flags) => await expectCome(flags));
}

async function expectCome(flags: Flags): Promise<void> {
  const interrupt = listenForInterrupt();
  let isStopped = false;
  const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: null });
  interrupt.setAction(async () => {
    isStopped = true;
    await session.close();
  });
  try {
    const { client } = session;
    const asked = await readExpectation(client, flags, createFileReader());
    if (session.host === null)
      printNote(`No host runs, so this command captures at ${(await client.system.health()).captureUrl ?? 'no port'}`);
    const result = await client.waits.wait(asked);
    if (flags.json === true) printJson(result);
    else printLine([toned(result.isMet ? 'met' : 'not met', result.isMet ? 'good' : 'bad'), waitLines(result).join('\n')].join('  '));
    if (flags.junit !== undefined) writeJunit(flags.junit, flags.name ?? nameOf(asked.for, flags), result);
    process.exitCode = result.isMet ? 0 : 1;
  } catch (error) {
    // The wait fails when the user ends the session.
    if (!isStopped) throw error;
  } finally {
    await session.close();
    interrupt.release();
    process.exitCode = interrupt.exitCode(Number(process.exitCode ?? 0));
  }
}

function nameOf(what: 'captures' | 'deliveries', { bin, match, endpoint, event, status }: Flags): string {
  const parts = what === 'captures' ? [bin, ...(match ?? [])] : [endpoint, ...(event ?? []), status];
  return [what, ...parts.filter((part) => part !== undefined)].join(' ');
}

function writeJunit(file: string, name: string, result: WaitResult): void {
  const failure = result.isMet ? null : { message: result.message, details: waitLines(result).join('\n') };
  writeReport(file, '--junit', junitXml({ name: 'hookyard expect', cases: [{ name, seconds: result.tookMs / 1000, failure }] }));
}
