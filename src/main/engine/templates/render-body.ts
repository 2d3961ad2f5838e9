import { Refusal } from '../refusal.ts';
import { findJsonProblem } from './json-place.ts';
import { renderTemplate, type CompiledTemplate, type TemplateScope } from './template.ts';

/** Whether a media type says JSON. */
export function isJsonType(contentType: string): boolean {
  return /[/+]json\s*(;|$)/i.test(contentType);
}

/**
 * The exact body of an event for an endpoint: its template's output, or without one the envelope
 * `{"type","timestamp","data"}` that Standard Webhooks recommends. Throws a Refusal TEMPLATE_INVALID when the template
 * cannot be rendered or an endpoint that promises JSON would send something else.
 */
export function renderBody(template: CompiledTemplate | null, contentType: string, scope: TemplateScope): Uint8Array {
  if (template === null) return Buffer.from(JSON.stringify({ type: scope.type, timestamp: scope.timestamp, data: scope.data }), 'utf8');
  const body = renderTemplate(template, scope);
  if (isJsonType(contentType)) assertJson(Buffer.from(body).toString('utf8'));
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
