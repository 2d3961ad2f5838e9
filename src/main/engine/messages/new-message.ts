import { JsonText } from '#shared/contract/json.ts';
import type { EndpointInput, streamFields } from '#shared/contract/endpoints.ts';
import type { GivenBytes } from '#shared/contract/common.ts';
import type { GivenHead } from '../base/given-head.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { RenderedEvent } from '../templates/renderer.ts';

/** A message as it is asked for, by the contract or by a room of the engine. */
export interface NewMessage {
  readonly type: string;
  readonly data: unknown;
  /** Whether the data is a list of the data of several events, which go in one request. */
  readonly isBatch?: boolean | undefined;
  readonly id?: string | undefined;
  readonly bodyBase64?: GivenBytes | undefined;
  readonly endpointIds?: readonly string[] | undefined;
  /** The message is a test of this configuration, which is used for nothing else. */
  readonly testOf?: EndpointConfig | undefined;
  /** Whether it is a test; its endpoints are in no list then, so that nothing follows from it for those that are. */
  readonly isTest?: boolean | undefined;
  /** One of `endpointIds` that is written along with the message, and may be so: a message that is refused leaves nothing of it. */
  readonly unsaved?: { readonly endpoint: EndpointConfig; readonly assertCurrent: () => void } | undefined;
  readonly target?: Omit<EndpointInput, keyof typeof streamFields> | undefined;
  /** Whether the target signs as it says, whatever its authentication signs with. */
  readonly hasOwnSigning?: boolean | undefined;
  /** Method and headers to send in place of those that the endpoint's fields make. */
  readonly head?: GivenHead | undefined;
  /** The capture that this is a replay of. */
  readonly sourceCaptureId?: string | undefined;
  /** The environment that variables are from: null for none, the active one where it is left out. */
  readonly environmentId?: string | null | undefined;
}

/** What every delivery of one message is made from. */
export interface MessageEvent extends RenderedEvent {
  readonly isBatch: boolean;
  readonly givenBody: Uint8Array | null;
  /** Whether the message brings its headers along, so that those of the endpoint are not sent. */
  readonly hasHead: boolean;
}

/** The data as a value, if it was given as one. */
export function dataAtHand(data: unknown): Pick<RenderedEvent, 'data'> {
  return data instanceof JsonText ? {} : { data };
}
