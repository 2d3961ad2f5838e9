import { isPrivateName } from '#shared/text/private-names.ts';
import { Refusal } from '../base/refusal.ts';
import { withoutNamed } from '../base/named-credentials.ts';
import type { KnownMessage } from './messages.ts';
import type { Difference } from './target-differences.ts';

/** What must be equal for two messages with one id to be the same, besides data and body, which the store compares. */
export interface MessageContent {
  readonly type: string;
  /**
   * Where it was to be sent, one text for each place; null when the engine chose by the type. It may have been sent to more places
   * since: a replay of missing messages adds them.
   */
  readonly places: readonly string[] | null;
  /** How its own target differs from the one that it went to before. */
  readonly ofTarget: readonly Difference[];
}

/**
 * Throws a Refusal when a different message was accepted before under this id. Answering
 * as if it were the same would hide that the new one was not sent.
 */
export function assertSameMessage(
  id: string,
  stored: Pick<KnownMessage, 'type' | 'hasSameData' | 'hasSameBody' | 'hasSameHead'>,
  storedPlaces: readonly string[],
  now: MessageContent,
): void {
  const shown = (places: readonly string[]) => places.map((place) => withoutNamed(place, isPrivateName, '[hidden]').text).join(', ');
  const differs = [
    ...(stored.type === now.type ? [] : [['type', `It was ${stored.type} and is ${now.type} now.`]]),
    ...(stored.hasSameData ? [] : [['data', 'Its data was another.']]),
    ...(stored.hasSameBody ? [] : [['bodyBase64', 'Its body was another.']]),
    ...(stored.hasSameHead ? [] : [['head', 'Its method or headers were others.']]),
    ...(now.places === null || now.places.every((place) => storedPlaces.includes(place))
      ? []
      : [['target', `It went to ${shown(storedPlaces) || 'nobody'} and would go to ${shown(now.places)} now.`]]),
  ]
    .map(([path = '', message = '']): Difference => ({ path, message }))
    .concat(now.ofTarget);
  if (differs.length === 0) return;
  throw new Refusal(
    'CONFLICT',
    `Nothing was sent: a message ${id} was accepted before, and it differs. ${differs.map(({ message }) => message).join(' ')} Use another id.`,
    { issues: differs },
  );
}
