import type { EndpointConfig } from '../endpoints/config.ts';
import { renderBody } from './render-body.ts';

/** An event about to be rendered; `nowMs` becomes its timestamp. */
export interface RenderedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly nowMs: number;
}

/** The body of an event for an endpoint. Throws a Refusal TEMPLATE_INVALID. */
export function renderFor(endpoint: Pick<EndpointConfig, 'id' | 'name' | 'template' | 'contentType'>, event: RenderedEvent): Uint8Array {
  return renderBody(endpoint.template, endpoint.contentType, {
    type: event.type,
    id: event.id,
    timestamp: new Date(event.nowMs).toISOString(),
    timestampUnix: Math.floor(event.nowMs / 1000),
    data: event.data,
    endpoint: { id: endpoint.id, name: endpoint.name },
  });
}
