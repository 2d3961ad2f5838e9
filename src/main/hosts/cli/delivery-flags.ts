import { Option, type Command } from 'commander';
import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { findEndpoint } from './find-endpoint.ts';
import { timeAgo } from './time-flags.ts';

/** Options that choose deliveries of the log. */
export interface DeliveryFlags {
  readonly status?: DeliveryStatus;
  readonly endpoint?: string;
  readonly event?: string;
  readonly message?: string;
  readonly replay?: string;
  readonly group?: string;
  /** True with --test, false with --no-test. */
  readonly test?: boolean;
  readonly q?: string;
  readonly since?: number;
  readonly until?: number;
}

type DeliveryFilter = Omit<Parameters<EngineClient['deliveries']['list']>[0], 'cursor' | 'limit'>;

/** Adds the options that choose deliveries; without that of a replay where `--replay` means something else. */
export function addDeliveryFlags(command: Command, { withReplay = true }: { readonly withReplay?: boolean } = {}): Command {
  if (withReplay) command.option('--replay <id>', 'only those that this replay sent again');
  return command
    .addOption(new Option('--status <status>', 'only those in this state').choices(deliveryStatus.options))
    .option('--endpoint <endpoint>', 'only those to the endpoint with this id or name')
    .option('--event <type>', 'only those of this event type')
    .option('--message <id>', 'only those of this message')
    .option('--group <key>', 'only those that fail in the way of this group, as "deliveries groups" lists them')
    .option('--test', 'only tests')
    .option('--no-test', 'leave tests out')
    .option('--q <text>', 'only those with this text in id, event type, endpoint, URL, outcome, or a header or body of request or answer')
    .option('--since <time>', 'only those made since: 2h, 7d, or a time such as 2026-08-20T14:03:00Z', timeAgo)
    .option('--until <time>', 'only those made before', timeAgo);
}

/** The filter that the options say. */
export async function readFilter(client: EngineClient, flags: DeliveryFlags): Promise<DeliveryFilter> {
  return {
    ...(flags.status === undefined ? {} : { status: flags.status }),
    ...(flags.endpoint === undefined ? {} : { endpointId: await endpointIdOf(client, flags.endpoint) }),
    ...(flags.event === undefined ? {} : { eventType: flags.event }),
    ...(flags.message === undefined ? {} : { messageId: flags.message }),
    ...(flags.replay === undefined ? {} : { replayId: flags.replay }),
    ...(flags.group === undefined ? {} : { failureGroup: flags.group }),
    ...(flags.test === undefined ? {} : { isTest: flags.test }),
    ...(flags.q === undefined ? {} : { q: flags.q }),
    ...(flags.since === undefined ? {} : { fromMs: flags.since }),
    ...(flags.until === undefined ? {} : { toMs: flags.until }),
  };
}

/** Endpoints that were deleted have no name any more, but their deliveries stay in the log: the engine knows them by their id. */
async function endpointIdOf(client: EngineClient, idOrName: string): Promise<string> {
  return idOrName.startsWith('ep_') ? idOrName : await findEndpoint(client, idOrName);
}

/** Something done to many deliveries needs a filter, so that a forgotten option does not mean the whole log. */
export function assertNarrowed(filter: DeliveryFilter, isAll: boolean | undefined): void {
  if (Object.keys(filter).length === 0 && isAll !== true)
    throw usageError('This would be every delivery of the log: narrow it, such as with --status exhausted, or say --all.');
}
