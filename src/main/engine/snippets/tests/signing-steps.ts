import { textLiteral, type LiteralLanguage } from '#shared/request-code/literals.ts';
import { when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import { join } from '../verifier.ts';
import type { FreshSignature } from './fresh-signature.ts';
import { isUrlSigned } from './plan.ts';

/** Lines that leave what is signed in `signed`, of `body`, `timestamp`, `origin` and `target`; none for a token, which signs nothing. */
export function signedSteps(dialect: Dialect, fresh: FreshSignature, language: LiteralLanguage): Lines {
  const { recipe } = fresh;
  if (recipe.proof.kind === 'token') return [];
  const isDecoded = recipe.signed.some(({ kind }) => kind === 'decoded-url');
  // What a capture holds can be any text, of which nothing may act on its reader.
  const quoting = { ...dialect, quote: (text: string) => textLiteral(text, language) };
  return [when(isUrlSigned(fresh), dialect.url), when(isDecoded, dialect.decodedUrl), join(quoting, recipe)];
}
