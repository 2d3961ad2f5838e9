import {
  factsOf,
  jwtSchemeIds,
  macSchemeIds,
  tokenSchemeIds,
  type JwtSchemeId,
  type MacSchemeId,
  type TokenSchemeId,
} from '#shared/contract/scheme-facts.ts';
import { withAxcelerateRules } from './axcelerate.ts';
import { createJwtScheme } from './jwt-scheme.ts';
import { createMacScheme } from './mac-scheme.ts';
import type { Scheme } from './scheme.ts';
import { createTokenScheme } from './token-scheme.ts';

/** What a provider does beyond its data. */
const ownRules: Readonly<Partial<Record<MacSchemeId, (scheme: Scheme) => Scheme>>> = { axcelerate: withAxcelerateRules };

function macSchemeOf(id: MacSchemeId): Scheme {
  const scheme = createMacScheme({ id, ...factsOf(id) });
  return ownRules[id]?.(scheme) ?? scheme;
}

/** The schemes that are only data, by their ids: those with an HMAC over headers and body, a JWT, or the secret itself in a header. */
export const macSchemes = Object.fromEntries([
  ...macSchemeIds.map((id) => [id, macSchemeOf(id)] as const),
  ...tokenSchemeIds.map((id) => [id, createTokenScheme({ id, ...factsOf(id) })] as const),
  ...jwtSchemeIds.map((id) => [id, createJwtScheme({ id, ...factsOf(id) })] as const),
]) as Readonly<Record<MacSchemeId | TokenSchemeId | JwtSchemeId, Scheme>>;
