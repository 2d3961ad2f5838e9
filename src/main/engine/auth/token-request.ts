import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { ReceivedResponse, WireRequest } from '../http/sender.types.ts';
import { secretOf, type StoredPart } from './config.ts';

export type OAuthPart = Extract<StoredPart, { readonly kind: 'oauth2' }>;

/** What a token server gave: a token and for how long it is valid, or why there is none. */
export type TokenAnswer =
  | { readonly token: string; readonly lifetimeMs: number | null }
  | { readonly problem: string; readonly reason: string | null };

/** Characters of the server's own words that are quoted. */
const quotedCharacters = 200;

/** A lifetime above this, some 100 years, is no statement about time. */
const longestLifetimeSeconds = 3_000_000_000;

/** The request for a token by client credentials (RFC 6749, section 4.4.2). */
export function tokenRequest(part: OAuthPart): WireRequest {
  const { clientId, scope, audience, sendAs, tokenUrl } = part;
  const secret = secretOf(part);
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (sendAs === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', secret);
  }
  if (scope !== '') form.set('scope', scope);
  if (audience !== '') form.set('audience', audience);
  return {
    method: 'POST',
    url: tokenUrl,
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
      ...(sendAs === 'header' ? [['Authorization', `Basic ${basicOf(part)}`] satisfies HeaderField] : []),
    ],
    body: Buffer.from(form.toString(), 'utf8'),
  };
}

/** Reads the answer of a token server (RFC 6749, sections 5.1 and 5.2). `host` is its host and port, for sentences. */
export function readTokenAnswer(response: ReceivedResponse, part: OAuthPart, host: string): TokenAnswer {
  const { status, reason } = response;
  const fields = fieldsOf(response.body);
  if (status < 200 || status > 299) return refused(`${host} answered ${`${status} ${quoted(reason, part)}`.trim()}`, fields, part);
  if (fields === null)
    return {
      problem: `${host} answered ${status} with something that is not a JSON object: check the URL of the token server.`,
      reason: null,
    };
  const { access_token: token, token_type: type, expires_in: lifetime } = fields;
  // Some servers answer 200 with an error.
  if (typeof token !== 'string' || token === '') return refused(`${host} answered ${status} without access_token`, fields, part);
  if (!/^[\x21-\x7e]+$/.test(token))
    return { problem: `${host} gave an access token that cannot stand in a header: ask its owner.`, reason: null };
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
    return { problem: `${host} gave a token of the type ${quoted(type, part)}, and only bearer tokens can be sent.`, reason: null };
  const seconds = typeof lifetime === 'string' ? Number(lifetime) : lifetime;
  const isLifetime = typeof seconds === 'number' && seconds > 0 && seconds <= longestLifetimeSeconds;
  return { token, lifetimeMs: isLifetime ? seconds * 1000 : null };
}

function refused(what: string, fields: Readonly<Record<string, unknown>> | null, part: OAuthPart): TokenAnswer {
  const code = typeof fields?.['error'] === 'string' ? quoted(fields['error'], part) : null;
  const said = typeof fields?.['error_description'] === 'string' ? ` ("${quoted(fields['error_description'], part)}")` : '';
  return { problem: `${what}${code === null ? '' : `: ${code}`}${said}. ${adviceOn(code)}`, reason: code };
}

function adviceOn(code: string | null): string {
  switch (code) {
    case 'invalid_client':
      return 'Check client id, client secret and how they are sent.';
    case 'invalid_scope':
      return 'Check the scope.';
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return 'Let the server allow client credentials for this client.';
    default:
      return 'Check the URL of the token server, client id and client secret.';
  }
}

function fieldsOf(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The server's own words on one line, without the secret in any form in which it was sent, if it quotes that. */
function quoted(text: string, part: OAuthPart): string {
  const secret = secretOf(part);
  const encoded = formEncoded(secret);
  const forms = new Set([basicOf(part), secret, encoded, encoded.replaceAll('+', '%20')]);
  const line = [...forms].reduce((shown, form) => shown.replaceAll(form, '[secret]'), text).replaceAll(/[\p{Cc}\s]+/gu, ' ');
  return line.length > quotedCharacters ? `${line.slice(0, quotedCharacters)}…` : line;
}

/** Client id and secret in a header: both are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basicOf(part: OAuthPart): string {
  return Buffer.from(`${formEncoded(part.clientId)}:${formEncoded(secretOf(part))}`, 'utf8').toString('base64');
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
