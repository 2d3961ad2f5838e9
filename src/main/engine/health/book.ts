import type { Database, Writer } from '../store/database.ts';
import { freshState, movedState, type EndpointState, type StateChange } from '#shared/health/state.ts';
import { allStates, saveState, type NumberedEvent, type StateOrder } from './store.ts';

/** States of endpoints in memory. Each is stored together with the attempt or edit that changed it. */
export interface StateBook {
  /** Reads the stored states. Called at start. */
  readonly load: () => void;
  readonly of: (endpointId: string) => EndpointState;
  readonly put: (endpointId: string, change: StateChange) => void;
  /** The part of an endpoint's state that is not stored yet; null when everything is, as after most attempts. */
  readonly unsaved: (endpointId: string) => StateOrder | null;
  /** Notes that this is durable. */
  readonly saved: (order: StateOrder) => void;
  /** Writes what is not stored yet; call `saved` once it is durable. */
  readonly save: (writer: Writer, endpointId: string) => StateOrder | null;
  /** Undoes a change that was `put` but could not be stored; later changes by attempts stay. */
  readonly takeBack: (endpointId: string, made: EndpointState, earlier: EndpointState) => void;
  readonly forget: (endpointId: string) => void;
  /** Moves the times of open circuits and failures after the clock was set. */
  readonly clockMoved: (byMs: number) => void;
}

export function createStateBook(database: Pick<Database, 'raw'>): StateBook {
  const states = new Map<string, EndpointState>();
  /** Endpoints whose state is not stored yet, with the events that are not stored yet. */
  const unsaved = new Map<string, readonly NumberedEvent[]>();

  const of = (endpointId: string) => states.get(endpointId) ?? freshState;
  const unsavedOf = (endpointId: string): StateOrder | null => {
    const left = unsaved.get(endpointId);
    return left === undefined ? null : { endpointId, state: of(endpointId), events: left };
  };

  return {
    load: () => {
      states.clear();
      for (const [endpointId, state] of allStates(database)) states.set(endpointId, state);
    },
    of,
    put: (endpointId, { state, events }) => {
      if (state === of(endpointId)) return;
      states.set(endpointId, state);
      const left = unsaved.get(endpointId) ?? [];
      unsaved.set(endpointId, [...left, ...events.map((event) => ({ ...event, revision: state.revision }))]);
    },
    unsaved: unsavedOf,
    saved: ({ endpointId, state }) => {
      const left = unsaved.get(endpointId);
      if (left === undefined) return;
      if (of(endpointId).revision <= state.revision) unsaved.delete(endpointId);
      else
        unsaved.set(
          endpointId,
          left.filter((event) => event.revision > state.revision),
        );
    },
    save: (writer, endpointId) => {
      const order = unsavedOf(endpointId);
      if (order !== null) saveState(writer, order);
      return order;
    },
    takeBack: (endpointId, made, earlier) => {
      if (made === earlier) return;
      const now = of(endpointId);
      const since = now.revision === made.revision ? earlier : { ...now, ...onlyEdited(now, made, earlier) };
      states.set(endpointId, { ...since, revision: now.revision + 1 });
      const left = unsaved.get(endpointId) ?? [];
      unsaved.set(
        endpointId,
        left.filter((event) => event.revision !== made.revision),
      );
    },
    clockMoved: (byMs) => {
      for (const [endpointId, state] of states) states.set(endpointId, movedState(state, byMs));
    },
    forget: (endpointId) => {
      states.delete(endpointId);
      unsaved.delete(endpointId);
    },
  };
}

/** The fields that an edit set, as they were before it unless changed since. */
function onlyEdited(now: EndpointState, made: EndpointState, earlier: EndpointState) {
  return {
    disabled: now.disabled === made.disabled ? earlier.disabled : now.disabled,
    enabledAtMs: now.enabledAtMs === made.enabledAtMs ? earlier.enabledAtMs : now.enabledAtMs,
    openCircuit: now.openCircuit === made.openCircuit ? earlier.openCircuit : now.openCircuit,
  };
}
