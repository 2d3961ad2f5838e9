import type { EndpointInput } from '#shared/contract/endpoints.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { invalid } from '../base/refusal.ts';
import { assertSignable, freshSecret } from '../signing/usable-secret.ts';
import { unreadTemplate } from '../templates/template.ts';
import { assertUrlTemplate } from '../templates/url-template.ts';
import type { EndpointConfig } from './config.ts';

/**
 * A new endpoint from its input, with a fresh secret where it signs and none was given. Throws Refusals for what only the engine can
 * see; its template is not read yet, which `Renderer.check` does.
 */
export function newConfig(
  input: EndpointInput,
  made: { readonly id: string; readonly creator: string; readonly nowMs: number; readonly isOneOff: boolean; readonly relayId?: string },
): { readonly config: EndpointConfig; readonly secret: string | null } {
  const { secret: given, template, ...rest } = input;
  if (input.signing === null && given !== undefined)
    throw invalid('secret', 'This endpoint does not sign. Choose a signing scheme, or leave the secret out.');
  const secret = input.signing === null ? null : (given ?? freshSecret(input.signing));
  if (secret !== null && input.signing !== null) assertSignable(secret, input.signing, '');
  assertUrl(input);
  return {
    secret,
    config: {
      ...rest,
      id: made.id,
      secrets: secret === null ? [] : [{ secret, expiresAtMs: null }],
      template: template === null ? null : unreadTemplate(template),
      profileBase: null,
      creator: made.creator,
      isOneOff: made.isOneOff,
      relayId: made.relayId ?? null,
      testOf: null,
      copyOf: null,
      isDeleted: false,
      createdAtMs: made.nowMs,
      updatedAtMs: made.nowMs,
    },
  };
}

/**
 * Refuses a URL that the URL standard cannot read, such as 256.1.1.1 for a host, and plain http where https only is set. What variables
 * bring into one is checked when it is sent to.
 */
export function assertUrl(endpoint: Pick<EndpointInput, 'httpsOnly' | 'url'>): void {
  assertUrlTemplate(endpoint.url);
  const hasVariables = hasOutputs(endpoint.url);
  if (!hasVariables && !URL.canParse(endpoint.url))
    throw invalid('url', 'This URL cannot be sent to: its host is not a name or an address. Check it for typing errors.');
  const isSchemeKnown = !hasVariables || /^https?:/i.test(endpoint.url);
  if (endpoint.httpsOnly && isSchemeKnown && !endpoint.url.toLowerCase().startsWith('https:'))
    throw invalid('url', 'This endpoint is set to https only. Use an https:// URL, or turn that off.');
}
