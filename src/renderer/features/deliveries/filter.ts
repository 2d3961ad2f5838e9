import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { textKey, timeKeys, wordKey, yesNoKey, type FilterKeys } from '../../base/filter-text.ts';

/** Filter of the log as the contract takes it. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus;
  readonly eventType?: string;
  readonly endpointId?: string;
  readonly messageId?: string;
  readonly replayId?: string;
  readonly relayId?: string;
  readonly failureGroup?: string;
  readonly isTest?: boolean;
  readonly q?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** An endpoint as the filter box names it. */
export interface NamedEndpoint {
  readonly id: string;
  readonly name: string;
}

interface Known {
  readonly endpoints: readonly NamedEndpoint[];
  readonly eventTypes: readonly string[];
  readonly nowMs: number;
}

/** The keys of the log's filter. */
export function deliveryKeys({ endpoints, eventTypes, nowMs }: Known): FilterKeys<DeliveryFilter> {
  const fromLinks = { values: [], isOffered: false } as const;
  return {
    status: wordKey(deliveryStatus.options, 'a status', (value) => ({ status: deliveryStatus.parse(value) })),
    event: textKey((eventType) => ({ eventType }), { values: eventTypes }),
    endpoint: textKey((value) => ({ endpointId: endpoints.find(({ id, name }) => id === value || name === value)?.id ?? value }), {
      values: endpoints.map(({ name }) => name),
    }),
    message: textKey((messageId) => ({ messageId }), fromLinks),
    replay: textKey((replayId) => ({ replayId }), fromLinks),
    relay: textKey((relayId) => ({ relayId }), fromLinks),
    group: textKey((failureGroup) => ({ failureGroup }), fromLinks),
    test: yesNoKey('test', (isTest) => ({ isTest })),
    ...timeKeys(nowMs),
  };
}
