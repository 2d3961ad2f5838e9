import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { conflict, invalid } from '../base/refusal.ts';
import { assertResolvable, resolveTarget } from '../request/resolve-target.ts';
import type { MessageEvent, NewMessage } from './new-message.ts';

/** The endpoints that a message goes to. `oneOff` is its own target, null where it has none. Throws a Refusal. */
export function chooseTargets(endpoints: EndpointBook, message: NewMessage, oneOff: EndpointConfig | null): readonly EndpointConfig[] {
  if (oneOff !== null) {
    if (message.endpointIds !== undefined)
      throw invalid('target', 'Give either endpointIds or a target; send the event twice to reach both.');
    return [oneOff];
  }
  if (message.endpointIds === undefined) return endpoints.listeningTo(message.type);
  const { unsaved, isTest } = message;
  // A run has copies of its own.
  const named = (id: string) => (isTest === true ? endpoints.get(id) : endpoints.getOwn(id));
  return [...new Set(message.endpointIds)].map((id) => assertActive(unsaved?.endpoint.id === id ? unsaved.endpoint : named(id)));
}

/**
 * Whether a target is there after its body was rendered, which may have taken a while: what is written behind the deletion of an
 * endpoint would wait for ever. Throws a Refusal NOT_FOUND where the message names it.
 */
export function isStillMeant(endpoints: EndpointBook, message: NewMessage, { id }: EndpointConfig): boolean {
  if (message.endpointIds === undefined) return endpoints.findListed(id) !== undefined;
  return endpoints.get(id).id === id;
}

/** Sending by hand to a disabled endpoint would wait without notice, so it is refused. */
export function assertActive(endpoint: EndpointConfig): EndpointConfig {
  if (endpoint.isActive) return endpoint;
  const message = `${endpoint.name} is disabled. Enable it first, then send again.`;
  throw conflict('isActive', message);
}

/** A batch goes to targets that take one, so that nobody gets an event less without a word. Throws a Refusal. */
export function assertBatch({ endpointIds, target, testOf, bodyBase64 }: NewMessage): void {
  if (endpointIds === undefined && target === undefined && testOf === undefined)
    throw invalid(
      'endpointIds',
      'Name the endpoints that a batch goes to, or give a target: those that take one event each cannot get it.',
    );
  if (bodyBase64 !== undefined)
    throw invalid('isBatch', 'A body that is given goes out as it is: leave isBatch out, or give the data of the events.');
}

/** Throws a Refusal INPUT_INVALID where a request to the endpoint could not be made for want of a variable. */
export function assertVariables(endpoint: EndpointConfig, { variables, hasHead }: Pick<MessageEvent, 'variables' | 'hasHead'>): void {
  if (hasHead) resolveTarget(endpoint, variables);
  else assertResolvable(endpoint, variables);
}
