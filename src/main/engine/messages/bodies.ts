import { notFound, Refusal } from '../base/refusal.ts';
import { findMessage } from '../log/messages.ts';
import type { SettingsBook } from '../settings/settings.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import type { RenderedEvent, Renderer, RenderTarget } from '../templates/renderer.ts';
import type { Variables } from '../templates/variables.ts';

export interface BodiesDeps {
  readonly database: Database;
  readonly settings: Pick<SettingsBook, 'get'>;
  readonly renderer: Renderer;
}

/** Makes the bodies that are sent. Everything that sends gets them here, so that the body limit always applies. */
export interface Bodies {
  /** The given body, or else the output of the endpoint's template. Rejects with a Refusal TEMPLATE_INVALID or BODY_TOO_LARGE. */
  readonly make: (endpoint: RenderTarget, event: RenderedEvent, given?: Uint8Array | null) => Promise<Uint8Array>;
  /**
   * The body of a message in the log, by the endpoint's template as it is now and as of the time of the message. Rejects with a
   * Refusal TEMPLATE_INVALID, BODY_TOO_LARGE, or NOT_FOUND when the message is gone.
   */
  readonly makeAgain: (
    endpoint: RenderTarget,
    messageId: string,
    variables: Variables,
    attempt?: RenderedEvent['attempt'],
  ) => Promise<Uint8Array>;
  /** Throws a Refusal BODY_TOO_LARGE for more bytes than a body may have. */
  readonly assertWithinLimit: (bytes: number) => void;
}

export function createBodies({ database, settings, renderer }: BodiesDeps): Bodies {
  const assertWithinLimit = (bodyBytes: number) => {
    const limitBytes = settings.get().bodyLimitBytes;
    if (bodyBytes <= limitBytes) return;
    throw new Refusal(
      'BODY_TOO_LARGE',
      `The body has ${bodyBytes} bytes and the limit is ${limitBytes}. Send less, or raise the body limit in Settings.`,
      { bodyBytes, limitBytes },
    );
  };
  const make = async (endpoint: RenderTarget, event: RenderedEvent, given: Uint8Array | null = null): Promise<Uint8Array> => {
    // The data was within the limit, but a template can make it longer.
    const body = given ?? (await renderer.render(endpoint, event));
    assertWithinLimit(body.byteLength);
    return body;
  };
  return {
    make,
    makeAgain: async (endpoint, messageId, variables, attempt) => {
      const message = findMessage(database, database, messageId);
      if (message === undefined) throw notFound('message', messageId);
      const { id, event_type: type, data_json: dataJson, created_at_ms: nowMs, body_hash: hash, is_batch: batch } = message;
      const event = { id, type, dataJson, isBatch: batch === 1, nowMs, variables, ...(attempt === undefined ? {} : { attempt }) };
      return await make(endpoint, event, hash === null ? null : readBody(database, hash));
    },
    assertWithinLimit,
  };
}
