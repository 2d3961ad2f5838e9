import type { EventType } from '#shared/contract/events.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import type { Client } from '../../base/client.ts';
import { nullIfUnknown, toProblem } from '../../base/problem.ts';
import { chosenEventType, profileIdOf, type ComposeAccess, type ComposeState } from './compose-state.ts';
import { composedEvent } from './event-samples.ts';

/** Reads what the lists leave out: the profile of the target, and the chosen event type with its samples and schema. */
export interface EventReader {
  /** Makes both fit what is chosen now: at once where they are at hand, else when they are read. */
  readonly refresh: () => Promise<void>;
  /** Reads profiles again when they are next needed. */
  readonly forgetProfiles: () => void;
}

/** Event types that are kept; each can have megabytes of samples. */
const keptEventTypes = 10;

export function createEventReader(client: Pick<Client, 'eventTypes' | 'profiles'>, { get, set }: ComposeAccess): EventReader {
  const profiles = new Map<string, Profile | null>();
  const eventTypes = new Map<string, EventType>();
  let turn = 0;

  const keep = (eventType: EventType) => {
    eventTypes.delete(eventType.name);
    eventTypes.set(eventType.name, eventType);
    for (const name of [...eventTypes.keys()].slice(0, -keptEventTypes)) eventTypes.delete(name);
  };

  /** The event type as the list last had it; undefined while it has to be read, null where the catalogue lacks it. */
  const atHand = (state: ComposeState, name: string): EventType | null | undefined => {
    const listed = state.eventTypes.find((eventType) => eventType.name === name);
    if (listed === undefined) return null;
    const kept = eventTypes.get(name);
    return kept?.updatedAtMs === listed.updatedAtMs ? kept : undefined;
  };

  const showIfAtHand = (): boolean => {
    const id = profileIdOf(get());
    const profile = id === null ? null : profiles.get(id);
    if (profile === undefined) return false;
    if (get().profile !== profile) set({ profile });
    const name = chosenEventType(get());
    const kept = atHand(get(), name);
    if (kept === undefined) return false;
    set({ event: composedEvent(name, profile, kept) });
    return true;
  };

  const refresh = async () => {
    const mine = (turn += 1);
    if (showIfAtHand()) return;
    try {
      const id = profileIdOf(get());
      if (id !== null && !profiles.has(id)) profiles.set(id, await nullIfUnknown(client.profiles.get({ id })));
      if (mine !== turn || showIfAtHand()) return;
      const name = chosenEventType(get());
      const read = await nullIfUnknown(client.eventTypes.get({ name }));
      if (mine !== turn) return;
      // One that was deleted since the list was read is shown as a name that the catalogue lacks, until the list is read again.
      if (read === null) return set({ event: composedEvent(name, get().profile, null) });
      keep(read);
      set({ event: composedEvent(name, get().profile, read) });
    } catch (error) {
      if (mine === turn) set({ loadProblem: toProblem(error) });
    }
  };

  return { refresh, forgetProfiles: () => profiles.clear() };
}
