import type { Endpoint } from '#shared/contract/endpoints.ts';
import { matchesEvent } from '#shared/event-pattern.ts';

/** A hint about a target before something is sent to it. */
export interface TargetHint {
  readonly sentence: string;
  /** When it was seen, for a hint from the log. */
  readonly atMs: number | null;
}

/** How the last event sent there ended if nobody answered, by the code of the outcome. */
const unanswered: Readonly<Record<string, (host: string) => string>> = {
  refused: (host) => `Nothing listened at ${host} when the last event was sent there`,
  unreachable: (host) => `${host} could not be reached when the last event was sent there`,
  dns: (host) => `The name ${host} could not be looked up when the last event was sent there`,
};

/**
 * What may be worth knowing before an event is sent to an endpoint: that nobody answered there lately, and that it would not get
 * such an event by itself.
 */
export function targetHints({ name, url, events, lastDelivery }: HintedEndpoint, eventType: string): readonly TargetHint[] {
  const silent = lastDelivery === null ? undefined : unanswered[lastDelivery.outcomeCode];
  const isDeaf = eventType !== '' && !matchesEvent(events, eventType);
  return [
    ...(silent === undefined || lastDelivery === null ? [] : [{ sentence: silent(URL.parse(url)?.host ?? url), atMs: lastDelivery.atMs }]),
    ...(isDeaf
      ? [
          {
            sentence: `${name} does not listen to ${eventType}: it gets this test, but not the events of this type that go to all endpoints`,
            atMs: null,
          },
        ]
      : []),
  ];
}

type HintedEndpoint = Pick<Endpoint, 'name' | 'url' | 'events' | 'lastDelivery'>;
