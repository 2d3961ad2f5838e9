import type { Endpoint } from '#shared/contract/endpoints.ts';
import { boundaryOf, contentKindOf } from '#shared/contract/content-kind.ts';
import type { Environment } from '#shared/contract/environments.ts';
import type { JsonValue, TemplateScope } from '../../editor/sample-values.ts';

/** Template to begin with: it renders the default envelope, so that a change to it is a change to something known. */
const starterTemplate = `{
  "type": "{{ type }}",
  "timestamp": "{{ timestamp }}",
  "data": {{ data | json }}
}`;

const formStarter = 'type={{ type | url_encode }}&timestamp={{ timestamp | url_encode }}&data={{ data | json | url_encode }}';

const xmlStarter = `<?xml version="1.0" encoding="UTF-8"?>
<event>
  <type>{{ type | escape }}</type>
  <timestamp>{{ timestamp }}</timestamp>
  <data>{{ data | json | escape }}</data>
</event>`;

const textStarter = '{{ type }} at {{ timestamp }}: {{ data | json }}';

/** Lines that end with CRLF: the output takes away the line breaks around it. */
function multipartStarter(boundary: string): string {
  const [line, part] = ['{{- "\\r\\n" -}}', '{{- "\\r\\n\\r\\n" -}}'];
  return `--${boundary}
${line}
Content-Disposition: form-data; name="type"
${part}
{{ type }}
${line}
--${boundary}
${line}
Content-Disposition: form-data; name="event"; filename="event.json"
${line}
Content-Type: application/json
${part}
{{ data | json }}
${line}
--${boundary}--
{{- "\\r\\n" }}`;
}

/** Template to begin with for a content type: it renders what that promises. */
export function starterFor(contentType: string): string {
  switch (contentKindOf(contentType)) {
    case 'json':
      return starterTemplate;
    case 'form':
      return formStarter;
    case 'xml':
      return xmlStarter;
    case 'multipart':
      return multipartStarter(boundaryOf(contentType) ?? 'hookyard');
    case 'other':
      return textStarter;
  }
}

/** What is sent without a template, in short. */
export function envelopeText(contentType: string): string {
  switch (contentKindOf(contentType)) {
    case 'form':
      return 'type=...&timestamp=...&data[name]=...';
    case 'xml':
      return '<event><type>...</type><timestamp>...</timestamp><data>...</data></event>';
    default:
      return '{ "type": ..., "timestamp": ..., "data": ... }';
  }
}

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
