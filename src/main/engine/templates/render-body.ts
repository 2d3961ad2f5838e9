import { Refusal } from '../base/refusal.ts';
import { findJsonProblem } from './json-place.ts';
import { renderTemplate, type CompiledTemplate, type RenderBounds, type TemplateScope } from './template.ts';

/** Whether a media type says JSON. */
export function isJsonType(contentType: string): boolean {
  return /[/+]json\s*(;|$)/i.test(contentType);
}

/** The envelope `{"type","timestamp","data"}` that Standard Webhooks recommends, around data that is JSON already. */
export function envelopeOf({
  type,
  timestamp,
  dataJson,
}: {
  readonly type: string;
  readonly timestamp: string;
  readonly dataJson: string;
}): Uint8Array {
  return Buffer.from(`{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(timestamp)},"data":${dataJson}}`, 'utf8');
}

/**
 * The exact body that a template makes for an endpoint. Throws a Refusal TEMPLATE_INVALID when it cannot be rendered or an
 * endpoint that promises JSON would send something else, and {@link BeyondBounds} as `renderTemplate` does.
 */
export function renderBody(template: CompiledTemplate, contentType: string, scope: TemplateScope, bounds?: RenderBounds): Uint8Array {
  const body = renderTemplate(template, scope, bounds);
  if (isJsonType(contentType)) assertJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  return body;
}

function assertJson(rendered: string): void {
  const problem = findJsonProblem(rendered);
  if (problem === null) return;
  const { line, column, reason } = problem;
  const message = `The template renders invalid JSON at line ${line}, column ${column} of the result: ${reason}. Change the template, or the content type if it is not meant to be JSON.`;
  throw new Refusal('TEMPLATE_INVALID', message, {
    source: 'json',
    line,
    column,
    rendered: rendered.slice(0, 100_000),
    issues: [{ path: 'template', message }],
  });
}
