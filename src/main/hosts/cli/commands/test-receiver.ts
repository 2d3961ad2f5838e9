import { durationText, formatDurationMs } from '#shared/duration-text.ts';
import { Command } from 'commander';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { ReceiverTest } from '#shared/contract/receiver-tests.ts';
import { dataDirOption, wholeNumber } from '#hosts/shared/command-line.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { followDeliveries } from '../follow-delivery.ts';
import { createFileReader, readDataOption } from '../input.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { printJsonLine, printLine, printNote, toned } from '../output.ts';
import { sampleOf } from '../sample-of.ts';
import { duration } from '../time-flags.ts';

interface CommonFlags {
  readonly event: string;
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly seed?: number;
  readonly timeout?: number;
  readonly dataDir: string;
  readonly json?: boolean;
}

interface NumberedFlags extends CommonFlags {
  readonly count?: number;
  readonly gap?: number;
  readonly numberField: string | false;
}

type Input = Parameters<EngineClient['receiverTests']['run']>[0];
type TestInput = Input['test'];

/** The `test-receiver` commands: duplicates, out of order, late, burst. */
export function testReceiverCommand(): Command {
  const one = (name: string, description: string) =>
    new Command(name)
      .description(description)
      .argument('<endpoint>', 'id or name of the endpoint')
      .requiredOption('--event <type>', 'event type, such as invoice.paid')
      .option('--data <file>', "JSON data of the event, - is standard input (default: the event type's sample)")
      .option('--dry-run', 'show what would be sent, and send nothing')
      .option('--timeout <time>', 'cancel what has not ended after this long, such as 30s (default: wait for all)', duration)
      .addOption(dataDirOption())
      .option('--json', 'print JSON Lines: one for each delivery, as it ends');
  const numbered = (command: Command) =>
    command
      .option('--count <n>', 'messages, 2 to 500', wholeNumber(2, 500))
      .option('--number-field <name>', 'field of the data that gets the number of each message', 'number')
      .option('--no-number-field', 'leave the data as it is');
  const field = (flags: NumberedFlags) => ({ numberField: flags.numberField === false ? null : flags.numberField });
  const count = (flags: NumberedFlags) => (flags.count === undefined ? {} : { count: flags.count });
  const gap = (flags: { readonly gap?: number }) => (flags.gap === undefined ? {} : { gapMs: flags.gap });
  return new Command('test-receiver')
    .description(
      'Send to one endpoint what an at-least-once sender may, and show how each was answered; Ctrl-C cancels what is left; exits 1 unless all were delivered',
    )
    .addCommand(
      one('duplicates', 'One message more than once')
        .option('--copies <n>', 'how often, 2 to 100 (default: 3)', wholeNumber(2, 100))
        .option('--gap <time>', 'time between two, such as 500ms (default: none)', duration)
        .action(
          async (endpoint: string, flags: CommonFlags & { readonly copies?: number; readonly gap?: number }) =>
            await run(endpoint, flags, {
              kind: 'duplicates',
              ...(flags.copies === undefined ? {} : { copies: flags.copies }),
              ...gap(flags),
            }),
        ),
    )
    .addCommand(
      numbered(one('out-of-order', 'Numbered messages in another order'))
        .option('--gap <time>', 'time between two, such as 500ms (default: 250ms)', duration)
        .option('--seed <n>', 'the order of an earlier test again', wholeNumber(0, 4_294_967_295))
        .action(
          async (endpoint: string, flags: NumberedFlags) =>
            await run(endpoint, flags, { kind: 'outOfOrder', ...count(flags), ...gap(flags), ...field(flags) }),
        ),
    )
    .addCommand(
      one('late', 'A message long after it was made')
        .option('--delay <time>', 'how late, such as 10m (default: 10m)', duration)
        .option('--fresh-timestamp', 'sign it when it is sent (default: as of when it was made)')
        .action(
          async (endpoint: string, flags: CommonFlags & { readonly delay?: number; readonly freshTimestamp?: boolean }) =>
            await run(endpoint, flags, {
              kind: 'late',
              ...(flags.delay === undefined ? {} : { delayMs: flags.delay }),
              timestamp: flags.freshTimestamp === true ? 'now' : 'original',
            }),
        ),
    )
    .addCommand(
      numbered(one('burst', 'Numbered messages all at once')).action(
        async (endpoint: string, flags: NumberedFlags) => await run(endpoint, flags, { kind: 'burst', ...count(flags), ...field(flags) }),
      ),
    );
}

async function run(endpoint: string, flags: CommonFlags, test: TestInput): Promise<void> {
  const given = flags.data === undefined ? null : readDataOption(createFileReader().text(flags.data, '--data'), '--data');
  const interrupt = listenForInterrupt();
  const session = await connect(flags.dataDir);
  const { client } = session;
  try {
    const input: Input = {
      endpointId: await findEndpoint(client, endpoint),
      type: flags.event,
      ...(given ?? (await sampleOf(client, flags.event))),
      test,
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    };
    if (flags.dryRun === true) return await printPlan(client, input, flags.json === true);
    // Before it is sent, so that no end can be missed.
    const changes = await session.follow();
    const { seed, sends } = await client.receiverTests.run(input);
    if (flags.json !== true) printSeed(test.kind, seed);
    const left = new Map(sends.map((send) => [send.deliveryId, send]));
    let delivered = 0;
    const stopTimer = cancelLeft(client, left, interrupt, flags.timeout);
    await followDeliveries(client, changes, [...left.keys()], (delivery) => {
      const send = left.get(delivery.id);
      left.delete(delivery.id);
      if (send === undefined) return;
      if (delivery.status === 'delivered') delivered += 1;
      if (flags.json === true) printJsonLine({ ...send, status: delivery.status, lastOutcome: delivery.lastOutcome });
      else printLine(resultLine(send, delivery));
    }).finally(stopTimer);
    process.exitCode = interrupt.exitCode(delivered === sends.length ? 0 : 1);
  } finally {
    interrupt.release();
    await session.close();
  }
}

async function printPlan(client: EngineClient, input: Input, json: boolean): Promise<void> {
  const { seed, sends } = await client.receiverTests.plan(input);
  if (!json) printSeed(input.test.kind, seed);
  for (const send of sends) {
    if (json) printJsonLine(send);
    else printLine(`${String(send.position).padStart(3)}  message ${send.number}  after ${formatDurationMs(send.afterMs)}`);
  }
}

/** Cancels what is left on Ctrl-C, and once the time is over; following ends by itself then. Returns a function that stops the timer. */
function cancelLeft(
  client: EngineClient,
  left: ReadonlyMap<string, unknown>,
  interrupt: Interrupt,
  timeoutMs: number | undefined,
): () => void {
  const cancelAll = () => Promise.all([...left.keys()].map((id) => cancelUnlessFinal(client, id)));
  interrupt.setAction(cancelAll);
  if (timeoutMs === undefined) return () => undefined;
  const timer = setTimeout(() => {
    printNote(`Not all had ended after ${formatDurationMs(timeoutMs)}: cancelling the ${left.size} that had not.`);
    cancelAll().catch((error: unknown) => {
      printNote(`They could not be cancelled: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    });
  }, timeoutMs);
  return () => clearTimeout(timer);
}

/** One that ended in the meantime is refused, and shows by itself. */
async function cancelUnlessFinal(client: EngineClient, id: string): Promise<void> {
  try {
    await client.deliveries.cancel({ id });
  } catch (error) {
    if (codeOf(error) !== 'CONFLICT') throw error;
  }
}

function printSeed(kind: ReceiverTest['kind'], seed: number): void {
  if (kind === 'outOfOrder') printLine(`Order by --seed ${seed}`);
}

function resultLine(send: { readonly position: number; readonly number: number }, delivery: DeliveryDetail): string {
  const outcome = delivery.lastOutcome;
  const answer = outcome === null ? '-' : String(outcome.status ?? outcome.code);
  const took = delivery.lastDurationMs === null ? '-' : durationText(delivery.lastDurationMs);
  const attempts = delivery.attemptCount === 1 ? '' : `  ${delivery.attemptCount} attempts`;
  return `${String(send.position).padStart(3)}  message ${send.number}  ${toned(delivery.status.padEnd(9), delivery.status === 'delivered' ? 'good' : 'bad')}  ${answer}  ${took}${attempts}`;
}
