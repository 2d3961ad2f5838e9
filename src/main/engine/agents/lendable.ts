import { Buffer, isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Capture } from '#shared/contract/captures.ts';
import { hasHeader } from '#shared/text/headers.ts';
import { isCredentialName } from '#shared/text/private-names.ts';
import { allPages } from '#shared/all-pages.ts';
import { tokenSchemeIds } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { invalid } from '../base/refusal.ts';
import { headerTexts } from '../templates/header-texts.ts';
import { variablesOfText } from '../templates/text-variables.ts';
import { namedCredentials } from '../base/named-credentials.ts';
import { withoutCredentials } from './answer.ts';
import { plainEscapes } from './body-window.ts';
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

/** Bytes of a captured body that are looked through for secrets; a longer one is not sent to a URL that an agent chose. */
const readBytes = 262_144;
/** Characters of it in one turn: some milliseconds. */
const inTurn = 16_384;

/**
 * A capture that may be sent to a URL which an agent chose: it brings no credential, and no secret of the workspace. Rejects with a Refusal
 * otherwise.
 */
export async function openCapture({ client, mask }: ToolContext, id: string): Promise<Capture> {
  const capture = await client.captures.get({ id });
  const held = capture.headers.find(([name]) => isCredentialName(name))?.[0] ?? (await secretIn(capture, mask));
  if (held === null) return capture;
  throw invalid(
    'to_url',
    `${id} brings ${held}, which goes to no URL that an agent chose: give to_endpoint, or ask the user to send it on.`,
  );
}

/** Where a capture holds a secret of the workspace, or that it is too long to be looked through; null for neither. */
async function secretIn({ target, headers, bodyBase64, bodyBytes }: Capture, mask: ToolContext['mask']): Promise<string | null> {
  // A very long one is not even told.
  if (bodyBytes > readBytes) return 'a body too long to be looked through for secrets';
  if (hasHeader(headers, 'content-encoding')) return 'a compressed body, which is not looked through for secrets';
  const bytes = Buffer.from(bodyBase64, 'base64');
  if (!isUtf8(bytes) || bytes.includes(0)) return 'a body that is no UTF-8, which is not looked through for secrets';
  const body = plainEscapes(bytes.toString('utf8'));
  if (headers.some(([, value]) => withoutCredentials(value) !== value)) return 'a credential in a header';
  // Data is the user's own; the fields of a form may be those of a page that logs in.
  if (namedCredentials(`&${body}`, isCredentialName).some(({ isParameter }) => isParameter)) return 'a credential in its body';
  const texts = { 'a secret in its path': target, 'a secret in a header': headers.flat().join('\n'), 'a secret in its body': body };
  for (const [where, text] of Object.entries(texts))
    for (let from = 0; from < text.length; from += inTurn) {
      const to = Math.min(text.length, from + inTurn);
      if (mask.part(text, from, to) !== text.slice(from, to)) return where;
      await nextTurn();
    }
  return null;
}

/** Refuses a profile of somebody's own that names variables, which may be secrets. Rejects with a Refusal. */
export async function assertOpenProfile(client: Client, id: string): Promise<void> {
  const profile = await client.profiles.get({ id });
  const { fields, unsignedHeaders } = profile;
  if (!namesVariables(headerTexts({ ...fields, unsignedHeaders }), fields.template)) return;
  throw invalid('profile', `${id} names variables, which may be secrets, so agents use it by an endpoint only: leave profile out.`);
}

/**
 * Refuses endpoints that are in no list: an agent makes such a one by sending to a URL, and what goes to the user's own endpoints would then
 * go there. Rejects with a Refusal at `field`.
 */
export async function assertListed(client: Client, ids: readonly string[], field: string): Promise<void> {
  const unlisted = await unlistedOf(client, ids);
  if (unlisted[0] === undefined) return;
  throw invalid(
    field,
    `${unlisted[0]} is no endpoint of the list, but a URL that something was sent to: give an endpoint that list_endpoints tells.`,
  );
}

/** Those of the endpoints that are in no list. */
export async function unlistedOf(client: Client, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const listed = new Set((await allPages((from) => client.endpoints.list({ limit: 200, ...from }))).map(({ id }) => id));
  return ids.filter((id) => !listed.has(id));
}

/** What an endpoint, authentication or bin would send besides a signature; null for nothing. */
async function shownBy(client: Client, owner: string): Promise<string | null> {
  if (owner.startsWith('bin_')) return tokenOf((await client.bins.get({ id: owner })).signing);
  if (owner.startsWith('aut_')) return await shownByAuth(client, owner);
  const endpoint = await client.endpoints.get({ id: owner });
  if (endpoint.secretHeaderNames.length > 0) return 'secret headers';
  if (namesVariables(headerTexts(endpoint), endpoint.template)) return 'variables, which may be secrets,';
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

/** A body takes plain variables only, so that its text is enough to go by. */
function namesVariables(headers: readonly string[], template: string | null | undefined): boolean {
  return headers.some((text) => variablesOfText(text)?.size !== 0) || /\bvars\b/.test(template ?? '');
}
