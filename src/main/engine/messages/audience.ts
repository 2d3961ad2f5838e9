import { allOf } from '#shared/all-of.ts';
import type { Warning } from '#shared/contract/common.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { listed } from '../signing/header-values.ts';

type Listener = Pick<EndpointConfig, 'id' | 'name' | 'events' | 'isActive'>;

/** How many endpoints one warning names. */
const named = 5;

/** A sentence on who gets a message, and the endpoints that it names. */
interface Audience {
  readonly why: string;
  readonly endpoints: readonly Pick<Listener, 'id' | 'name'>[];
}

/**
 * Says why no endpoint gets a message: those that listen to its type are disabled, or all listen to other types.
 */
export function nobodyGets(type: string, endpoints: readonly Listener[]): Warning {
  const { why, endpoints: about } = whyNobody(type, endpoints);
  return {
    code: 'NO_LISTENER',
    message: `No endpoint gets this message. ${why}`,
    ...(about.length === 0 ? {} : { endpoints: [...about] }),
  };
}

/** Says why no endpoint got a message, by the current endpoints, which may have changed after it was sent. */
export function nobodyGot(type: string, endpoints: readonly Listener[]): Audience {
  const awake = endpoints.filter(({ events, isActive }) => isActive && matchesEvent(events, type));
  if (awake.length === 0) return whyNobody(type, endpoints);
  const [verb, them] = awake.length === 1 ? ['listens', 'it'] : ['listen', 'them'];
  return audience(`${listOf(awake)} ${verb} to it now. A replay of what is missing brings this message to ${them}.`, awake);
}

function whyNobody(type: string, endpoints: readonly Listener[]): Audience {
  const asleep = endpoints.filter(({ events, isActive }) => !isActive && matchesEvent(events, type));
  if (asleep.length > 0) {
    const [verb, them] = asleep.length === 1 ? ['listens to it, but is', 'it'] : ['listen to it, but are', 'them'];
    return audience(
      `${listOf(asleep)} ${verb} disabled. Enable ${them}, and a replay of what is missing brings this message to ${them}.`,
      asleep,
    );
  }
  const active = endpoints.filter(({ isActive }) => isActive);
  if (active.length === 0) {
    const disabled = endpoints.length === 0 ? '' : ` that is active (${endpoints.length} disabled)`;
    return audience(`There is no endpoint${disabled}. Add one that listens to ${type}, or send it to a target.`, []);
  }
  const others =
    active.length === 1 ? 'The only active endpoint listens' : allOf(active.length, 'active endpoint listens', 'active endpoints listen');
  return audience(
    `${others} to other events: ${listOf(active, ({ name, events }) => `${name} (${eventsOf(events)})`)}. Add ${type} to one of them.`,
    active,
  );
}

function audience(why: string, endpoints: readonly Listener[]): Audience {
  return { why, endpoints: endpoints.slice(0, named).map(({ id, name }) => ({ id, name })) };
}

function listOf(endpoints: readonly Listener[], textOf: (endpoint: Listener) => string = ({ name }) => name): string {
  const more = endpoints.length - named;
  return listed([...endpoints.slice(0, named).map(textOf), ...(more > 0 ? [`${more} more`] : [])]);
}

function eventsOf(events: readonly string[]): string {
  return listed(events.length > 4 ? [...events.slice(0, 3), `${events.length - 3} more`] : events);
}
