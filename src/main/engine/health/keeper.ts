import type { EndpointBook } from '../endpoints/book.ts';
import type { Log } from '../base/ports.ts';
import type { SettingsBook } from '../settings/settings.ts';
import { afterAttempt, type EndedAttempt } from '#shared/health/after-attempt.ts';
import type { StateBook } from './book.ts';

export interface KeeperDeps {
  readonly endpoints: Pick<EndpointBook, 'findStanding' | 'put'>;
  readonly states: StateBook;
  readonly settings: SettingsBook;
  readonly log: Log;
  /** Called for an endpoint with a new health event. */
  readonly onEvent: (endpointId: string) => void;
}

/** Follows the attempts of endpoints of the list and of relays and disables them by their rules. */
export interface HealthKeeper {
  /** Notes the end of an attempt. */
  readonly ended: (endpointId: string, ended: EndedAttempt) => HealthOutcome;
}

/** What the end of an attempt did to its endpoint. */
export interface HealthOutcome {
  /** Whether it stopped other attempts: disabled the endpoint, or opened its circuit. */
  readonly isClosed: boolean;
  /** Whether the history of the endpoint has a new event, once the attempt is recorded. */
  readonly hasEvent: boolean;
}

const unchanged: HealthOutcome = { isClosed: false, hasEvent: false };

export function createHealthKeeper({ endpoints, states, settings, log, onEvent }: KeeperDeps): HealthKeeper {
  return {
    ended: (endpointId, ended) => {
      const target = endpoints.findStanding(endpointId);
      if (target === undefined) return unchanged;
      const before = states.of(endpointId);
      const change = afterAttempt(before, ended, target, settings.get().timeScale);
      if (change.state === before) return unchanged;
      states.put(endpointId, change);
      const { disabled, openCircuit } = change.state;
      const isSwitchedOff = disabled !== null && before.disabled === null;
      if (isSwitchedOff) {
        endpoints.put({ ...target, isActive: false });
        log.warn({ endpointId, reason: disabled.reason }, 'An endpoint was disabled by its rules');
      }
      const hasEvent = change.events.length > 0;
      if (hasEvent) onEvent(endpointId);
      const isClosed = isSwitchedOff || (openCircuit !== null && openCircuit !== before.openCircuit);
      return { isClosed, hasEvent };
    },
  };
}
