import { problemOf } from './verification/proof.ts';
import type { JwtSchemeId } from '#shared/contract/scheme-facts.ts';
import type { JwtFacts } from '#shared/providers/shapes/provider.ts';
import { encodeBytes } from './encoding.ts';
import { makeToken, tokenInHeader, verifyJwt, type JwtRules } from './jwt.ts';
import { sharedInfo } from './scheme-info.ts';
import type { Scheme } from './scheme.ts';
import { encodedKey } from './secret.ts';
import { remarksOnKey } from './secret-wrapper.ts';

/** A provider that sends a JWT with a hash of the body, as data. */
export interface JwtProvider extends JwtFacts {
  readonly id: JwtSchemeId;
}

/** A scheme whose header carries a JWT, from its data. */
export function createJwtScheme(provider: JwtProvider): Scheme {
  const { id, header, hash, digestClaim, issuer } = provider;
  const rules: JwtRules = {
    scheme: id,
    algorithm: hash,
    secretEncoding: 'utf8',
    digestClaim,
    claims: null,
    keyId: null,
    timestampUnit: 's',
    toleranceSeconds: null,
    issuer,
  };
  const keyOf = (secret: string) => encodedKey(secret, 'utf8');
  return {
    id,
    info: {
      ...sharedInfo(provider),
      description: `A JWT signed with HS${hash.slice('sha'.length)} that carries the SHA-256 of the body in its claim ${digestClaim}.`,
      headers: [header],
      algorithm: `HS${hash.slice('sha'.length)} (HMAC-${hash.toUpperCase()})`,
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      libraryNote: null,
    },
    checkSecret: (secret) => problemOf(keyOf(secret)),
    remarksOn: (secret) => remarksOnKey(secret, keyOf(secret)),
    makeSecret: (random) => encodeBytes(random, 'hex'),
    sign: (input) => {
      const { token, signed } = makeToken(rules, input);
      return { headers: [[header, token]], signed };
    },
    verify: (input) => verifyJwt(rules, input, tokenInHeader(header, '', input)),
  };
}
