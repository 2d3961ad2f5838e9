import { tokenSchemeIds } from '#shared/contract/scheme-facts.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { invalid } from '../base/refusal.ts';
import type { ToolContext } from './tool-context.ts';

type Client = ToolContext['client'];

/**
 * Refuses to send, to a URL that an agent chose, what holds a secret in clear: whoever listens there could be the agent itself. A signature
 * proves a secret without showing it. Rejects with a Refusal at `field`.
 */
export async function assertLendable(client: Client, owner: string, field: string): Promise<void> {
  const shown = await shownBy(client, owner);
  if (shown === null) return;
  throw invalid(
    field,
    `${owner} sends ${shown} in clear, which goes to its own URL only: leave ${field} out, or ask the user to send it to the other URL.`,
  );
}

/** What an endpoint, authentication or bin would send besides a signature; null for nothing. */
async function shownBy(client: Client, owner: string): Promise<string | null> {
  if (owner.startsWith('bin_')) return tokenOf((await client.bins.get({ id: owner })).signing);
  if (owner.startsWith('aut_')) return await shownByAuth(client, owner);
  const endpoint = await client.endpoints.get({ id: owner });
  if (endpoint.secretHeaderNames.length > 0) return 'secret headers';
  if (namesVariables(endpoint)) return 'variables, which may be secrets,';
  return tokenOf(endpoint.signing) ?? (endpoint.authId === null ? null : await shownByAuth(client, endpoint.authId));
}

async function shownByAuth(client: Client, id: string): Promise<string | null> {
  const { parts } = await client.auths.get({ id });
  const open = parts.find(({ kind }) => kind !== 'signature' && kind !== 'ca' && kind !== 'mutual-tls');
  if (open !== undefined) return 'a credential';
  return parts.map((part) => (part.kind === 'signature' ? tokenOf(part.signing) : null)).find((token) => token !== null) ?? null;
}

function tokenOf(signing: Signing | null): string | null {
  return signing !== null && (tokenSchemeIds as readonly string[]).includes(signing.scheme) ? 'its secret as a token' : null;
}

function namesVariables({ headers, retryHeaders, template }: Endpoint): boolean {
  return /\bvars\b/.test([...Object.values(headers), ...Object.values(retryHeaders), template ?? ''].join('\n'));
}
