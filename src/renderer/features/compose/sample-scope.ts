import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Environment } from '#shared/contract/environments.ts';
import type { JsonValue, TemplateScope } from '../../editor/sample-values.ts';

/** Template to begin with: it renders the default envelope, so that a change to it is a change to something known. */
export const starterTemplate = `{
  "type": "{{ type }}",
  "timestamp": "{{ timestamp }}",
  "data": {{ data | json }}
}`;

/** What the names of a template hold for the event that is composed; while the data is not JSON, `data` is null. */
export function sampleScope(
  eventType: string,
  dataText: string,
  endpoint: Pick<Endpoint, 'id' | 'name'> | null,
  nowMs: number,
): TemplateScope {
  return {
    type: eventType,
    id: 'msg_2b1c8e4f6a',
    timestamp: new Date(nowMs).toISOString(),
    timestampUnix: Math.floor(nowMs / 1000),
    timestampMs: nowMs,
    data: parseOrNull(dataText),
    endpoint: { id: endpoint?.id ?? 'ep_', name: endpoint?.name ?? 'Any URL' },
  };
}

/** What a template of a body can name of the environment in use; secrets are not for bodies. */
export function variableScope(environment: Environment | null): TemplateScope {
  const plain = (environment?.variables ?? []).flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
  return { vars: Object.fromEntries(plain), environment: environment?.name ?? '' };
}

function parseOrNull(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
