import { macPlainIds, macTimedIds, tokenIds, type MacSchemeId, type TokenSchemeId } from '#shared/contract/mac-signing.ts';
import { withAxcelerateRules } from './axcelerate.ts';
import { createMacScheme, type MacProvider } from './mac-scheme.ts';
import { bareHex } from './providers/body-bare.ts';
import { bodyBase64 } from './providers/body-base64.ts';
import { prefixedHex } from './providers/body-hex.ts';
import { svixFamily } from './providers/svix-family.ts';
import { timedProviders } from './providers/timed.ts';
import { tokenProviders } from './providers/tokens.ts';
import type { Scheme } from './scheme.ts';
import { createTokenScheme } from './token-scheme.ts';

const providers: readonly MacProvider[] = [...svixFamily, ...timedProviders, ...prefixedHex, ...bareHex, ...bodyBase64];

function schemeFor(id: MacSchemeId): Scheme {
  const provider = providers.find((candidate) => candidate.id === id);
  if (provider === undefined) throw new TypeError(`The tables of providers have no ${id}.`);
  const scheme = createMacScheme(provider);
  return id === 'axcelerate' ? withAxcelerateRules(scheme) : scheme;
}

function tokenSchemeFor(id: TokenSchemeId): Scheme {
  const provider = tokenProviders.find((candidate) => candidate.id === id);
  if (provider === undefined) throw new TypeError(`The table of tokens has no ${id}.`);
  return createTokenScheme(provider);
}

/** The schemes whose header carries an HMAC over headers and body, or the secret itself, by their ids. */
export const macSchemes = Object.fromEntries([
  ...[...macTimedIds, ...macPlainIds].map((id) => [id, schemeFor(id)] as const),
  ...tokenIds.map((id) => [id, tokenSchemeFor(id)] as const),
]) as Readonly<Record<MacSchemeId | TokenSchemeId, Scheme>>;
