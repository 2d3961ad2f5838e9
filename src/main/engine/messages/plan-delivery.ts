import type { Warning } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { Refusal } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { plainOutcome, templateOutcome } from '../http/outcome.ts';
import type { Renderer } from '../templates/renderer.ts';
import type { Bodies } from './bodies.ts';
import { bodyWarning } from './event-warnings.ts';
import type { MessageEvent } from './new-message.ts';
import { assertVariables } from './targets.ts';

/** A delivery to be made: its endpoint, and the body or why there is none. */
export interface Planned {
  readonly id: string;
  readonly endpoint: EndpointConfig;
  readonly body: Uint8Array | null;
  readonly problem: Outcome | null;
  /** Remarks on the body. */
  readonly remarks: readonly Warning[];
}

/** The body is rendered once and is the same for all attempts, as with real providers. Throws a Refusal for a batch that cannot be made. */
export async function planDelivery(
  { bodies, renderer }: { readonly bodies: Bodies; readonly renderer: Pick<Renderer, 'problemOf'> },
  id: string,
  endpoint: EndpointConfig,
  event: MessageEvent,
): Promise<Planned> {
  try {
    assertVariables(endpoint, event);
    const body = await bodies.make(endpoint, event, event.givenBody);
    const remarks = event.givenBody === null ? bodyWarning(await renderer.problemOf(endpoint, body)) : [];
    return { id, endpoint, body, problem: null, remarks };
  } catch (error) {
    // A batch that cannot be made is refused whole: its endpoints were named.
    if (!(error instanceof Refusal) || event.isBatch) throw error;
    // One endpoint's template must not keep the others from their message: the failure is recorded as this delivery's.
    return {
      id,
      endpoint,
      body: null,
      remarks: [],
      // What is not about the body is about the URL or a header.
      problem:
        error.code === 'INPUT_INVALID' ? plainOutcome('policy', error.message, error.code) : templateOutcome(error.message, error.code),
    };
  }
}
