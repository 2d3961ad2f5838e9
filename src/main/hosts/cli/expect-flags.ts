import { Option, type Command } from 'commander';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { outcomeCode, type OutcomeCode } from '#shared/contract/outcome.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { collect, optionOf, wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { findBin } from './find-bin.ts';
import { findEndpoint } from './find-endpoint.ts';
import { ignoreKinds, readKinds } from './ignore-flag.ts';
import type { FileReader } from './input.ts';
import { addMatchFlag, matchOf, type MatchFlags } from './match-flag.ts';
import { duration, timeAgo } from './time-flags.ts';

interface CaptureFlags extends MatchFlags {
  readonly bin?: string;
  readonly verify?: boolean;
  readonly body?: string;
  readonly ignore?: readonly NoiseKind[];
  readonly then?: readonly string[];
  readonly oncePerId?: boolean;
}

interface DeliveryFlags {
  readonly endpoint?: string;
  readonly message?: string;
  readonly event?: readonly string[];
  readonly status?: DeliveryStatus;
  readonly outcome?: OutcomeCode;
  readonly answer?: number;
  readonly answeredWithin?: number;
}

/** Options of `expect` that say what is to come. */
export interface ExpectFlags extends CaptureFlags, DeliveryFlags {
  readonly count?: number;
  readonly atMost?: number;
  readonly none?: boolean;
  readonly within?: number;
  readonly since?: number;
  readonly after?: string;
}

export type WaitInput = Parameters<EngineClient['waits']['wait']>[0];

/** Adds the options that say what is to come. */
export function addExpectFlags(command: Command): Command {
  return addMatchFlag(command.option('--bin <bin>', 'captures of this bin, by its id, slug or name'), 'of captures: only those that match')
    .option('--verify', 'of captures: only those whose signature is valid, by the scheme of the bin')
    .option('--body <file>', 'of captures: only those whose body is this JSON, whatever its layout; - is standard input')
    .option('--ignore <kinds>', `with --body: leave out differences of these kinds, separated by commas: ${ignoreKinds}`, readKinds)
    .option(
      '--then <condition>',
      'of captures: after those of --match one with this condition; repeat it for more, in their order',
      collect,
    )
    .option('--once-per-id', 'of captures: no id of an event may come twice within the time')
    .option('--endpoint <endpoint>', 'deliveries to this endpoint, by its id or name')
    .option('--message <id>', 'deliveries of this message, also those made before')
    .option('--event <type>', 'of deliveries: only of this event type, such as invoice.*; repeat it for more', collect)
    .addOption(new Option('--status <status>', 'of deliveries: only those in this state').choices(deliveryStatus.options))
    .addOption(new Option('--outcome <code>', 'of deliveries: only those whose last attempt ended so').choices(outcomeCode.options))
    .option('--answer <status>', 'of deliveries: only those whose last answer had this HTTP status', wholeNumber(100, 599))
    .option('--answered-within <time>', 'of deliveries: only those whose last attempt took no longer, such as 500ms', duration)
    .option('--count <n>', 'how many have to match, at least (default: 1)', wholeNumber(0, 10_000))
    .option('--at-most <n>', 'how many may match; it is watched until the time is over', wholeNumber(0, 10_000))
    .option('--none', 'none may match within the time')
    .option('--within <time>', 'how long to wait, such as 5s (the default) or 2m', duration)
    .option('--since <time>', 'count what came since: 10s, or a time such as 2026-08-20T14:03:00Z (default: from now on)', timeAgo)
    .option('--after <id>', 'count what came after this capture or delivery');
}

const ofCaptures = ['bin', 'match', 'verify', 'body', 'ignore', 'then', 'oncePerId'] as const;
const ofDeliveries = ['endpoint', 'message', 'event', 'status', 'outcome', 'answer', 'answeredWithin'] as const;

/** What the options ask for. Throws a usage error for what does not go together. */
export async function readExpectation(client: EngineClient, flags: ExpectFlags, files: FileReader): Promise<WaitInput> {
  const given = (names: readonly (keyof ExpectFlags)[]) =>
    names.filter((name) => flags[name] !== undefined).map((name) => `--${optionOf(name)}`);
  const [captures, deliveries] = [given(ofCaptures), given(ofDeliveries)];
  if (captures.length > 0 && deliveries.length > 0)
    throw usageError(`${captures[0]} is about captures and ${deliveries[0]} about deliveries: expect one of them at a time.`);
  if (captures.length + deliveries.length === 0)
    throw usageError('Say what is to come: captures, such as with --bin orders, or deliveries, such as with --status delivered.');
  if (flags.none === true && (flags.count !== undefined || flags.atMost !== undefined))
    throw usageError('--none goes without --count and --at-most: it says that nothing may match.');
  const expected = {
    ...(flags.count === undefined ? {} : { count: flags.count }),
    ...(flags.none === true ? { atMost: 0 } : flags.atMost === undefined ? {} : { atMost: flags.atMost }),
    ...(flags.within === undefined ? {} : { withinMs: flags.within }),
    ...(flags.since === undefined ? {} : { sinceMs: flags.since }),
    ...(flags.after === undefined ? {} : { afterId: flags.after }),
  };
  if (deliveries.length > 0) return { for: 'deliveries', ...(await deliveriesOf(client, flags)), ...expected };
  return { for: 'captures', ...(await capturesOf(client, flags, files)), ...expected };
}

async function capturesOf(client: EngineClient, flags: CaptureFlags, files: FileReader) {
  if (flags.ignore !== undefined && flags.body === undefined)
    throw usageError('--ignore needs --body: it says which differences of the body do not count.');
  const match = matchOf(flags);
  const verdicts: RequestMatch = flags.verify === true ? { verdicts: ['valid'] } : {};
  const common = {
    ...(flags.bin === undefined ? {} : { binId: await findBin(client, flags.bin) }),
    ...(flags.body === undefined ? {} : { body: files.text(flags.body, '--body') }),
    ...(flags.ignore === undefined ? {} : { ignore: [...flags.ignore] }),
    ...(flags.oncePerId === true ? { oncePerId: true } : {}),
  };
  if (flags.then === undefined) return { ...common, match: { ...match, ...verdicts } };
  const later = flags.then.map((condition) => matchOf({ match: [condition] }, '--then') ?? {});
  return { ...common, match: verdicts, inOrder: [match ?? {}, ...later] };
}

async function deliveriesOf(client: EngineClient, flags: DeliveryFlags) {
  return {
    ...(flags.endpoint === undefined ? {} : { endpointId: await findEndpoint(client, flags.endpoint) }),
    ...(flags.message === undefined ? {} : { messageId: flags.message }),
    match: {
      ...(flags.event === undefined ? {} : { eventTypes: [...flags.event] }),
      ...(flags.status === undefined ? {} : { statuses: [flags.status] }),
      ...(flags.outcome === undefined ? {} : { outcomes: [flags.outcome] }),
      ...(flags.answer === undefined ? {} : { answers: [flags.answer] }),
      ...(flags.answeredWithin === undefined ? {} : { answeredWithinMs: flags.answeredWithin }),
    },
  };
}
