import type { HeaderField } from '#shared/contract/common.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { isCredentialName, isPrivateName } from '#shared/text/private-names.ts';
import { snippetRecipeOf } from '../../snippets/recipes.ts';
import { signatureHeadersIn } from '../../snippets/tests/fresh-signature.ts';
import type { Signing } from '#shared/contract/signing.ts';

/** Headers as a step has them, and the names of those that it does not. */
export interface KeptHeaders {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** They would let their bearer in, so they must not stand in a file. */
  readonly credentials: readonly string[];
}

/**
 * Headers that may stand in a file: without those of the connection, of the signature where it is made anew, and credentials, by their names
 * or by what they are known to have.
 */
export function keptHeaders(
  given: readonly HeaderField[],
  signing: Signing | null,
  hasSecret: (value: string) => boolean = () => false,
): KeptHeaders {
  const { headers: sent } = headersToSendOn(given);
  const isOfSignature = signing === null ? () => false : signatureTest(signing);
  const credentials = new Set<string>();
  const kept = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of sent) {
    if (isOfSignature(name)) continue;
    // A value that was masked in the log is a secret, whatever its name.
    if (isCredentialName(name) || /\[secret[ %][^\]]*\]/.test(value) || hasSecret(value)) {
      credentials.add(name);
      continue;
    }
    const known = kept.get(name.toLowerCase());
    if (known === undefined) kept.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  const headers = Object.fromEntries(
    [...kept.values()].map(({ name, values: [first = '', ...others] }) => [name, others.length === 0 ? first : [first, ...others]]),
  );
  return { headers, credentials: [...credentials] };
}

function signatureTest(signing: Signing): (name: string) => boolean {
  const recipe = snippetRecipeOf(signing);
  if ('unavailable' in recipe) return (name) => isPrivateName(name) && !isCredentialName(name);
  const { idHeader, fixedHeader } = recipe;
  return headerNameTest([
    ...signatureHeadersIn(recipe),
    ...(idHeader === null ? [] : [idHeader]),
    ...(fixedHeader === null ? [] : [fixedHeader[0]]),
  ]);
}

/** Whether running signs by a scheme: those with a key pair of the provider, or with their signature elsewhere, cannot be made anew. */
export function isSignable(signing: Signing): boolean {
  const recipe = snippetRecipeOf(signing);
  return !('unavailable' in recipe) && (recipe.proof.kind === 'mac' || recipe.proof.kind === 'token');
}
