import { Refusal } from '../base/refusal.ts';
import type { KnownMessage } from './messages.ts';

/** What of a message makes it the one that it says to be by its id, beside its data and body, which were compared where it is kept. */
export interface MessageContent {
  readonly type: string;
  /**
   * Where it was asked to go, one text for each place; null where the engine chose by the type. It may have gone to more places
   * since: a replay of what is missing adds them.
   */
  readonly places: readonly string[] | null;
}

/**
 * Throws a Refusal when a message that was accepted before under this id is another than the one that is sent now. To answer
 * as if it were the same would hide that nothing of the new one was sent.
 */
export function assertSameMessage(
  id: string,
  stored: Pick<KnownMessage, 'type' | 'hasSameData' | 'hasSameBody'>,
  storedPlaces: readonly string[],
  now: MessageContent,
): void {
  const differs = [
    ...(stored.type === now.type ? [] : [['type', `It was ${stored.type} and is ${now.type} now.`]]),
    ...(stored.hasSameData ? [] : [['data', 'Its data was another.']]),
    ...(stored.hasSameBody ? [] : [['bodyBase64', 'Its body was another.']]),
    ...(now.places === null || now.places.every((place) => storedPlaces.includes(place))
      ? []
      : [['target', `It went to ${storedPlaces.join(', ') || 'nobody'} and would go to ${now.places.join(', ')} now.`]]),
  ].map(([path = '', message = '']) => ({ path, message }));
  if (differs.length === 0) return;
  throw new Refusal(
    'CONFLICT',
    `Nothing was sent: a message ${id} was accepted before, and it differs. ${differs.map(({ message }) => message).join(' ')} Use another id.`,
    { issues: differs },
  );
}
