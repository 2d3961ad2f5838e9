import { schemeIds, signing, type SchemeId, type Signing } from '#shared/contract/signing.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { custom } from './custom/custom.ts';
import { macSchemes } from './mac-schemes.ts';
import { proofSchemes } from './proof-schemes.ts';
import type { Scheme } from './scheme.ts';

const byId: Readonly<Record<SchemeId, Scheme>> = {
  ...macSchemes,
  ...proofSchemes,
  custom,
};

/** Every scheme, in the order in which they are offered. */
export const schemes: readonly Scheme[] = schemeIds.map((id) => byId[id]);

/** The scheme of an unchecked id, or undefined. */
export function findScheme(id: string): Scheme | undefined {
  return schemes.find((scheme) => scheme.id === id);
}

/** The scheme of an id that the contract has checked. */
export function schemeOf(id: SchemeId): Scheme {
  return byId[id];
}

/** The public half of a secret, in the form that the scheme's receivers use; null when there is none. */
export function publicKeyOf(options: Signing | null, secret: string): string | null {
  return options === null ? null : (schemeOf(options.scheme).publicKeyOf?.(secret, options) ?? null);
}

/**
 * Options as they came from outside, beside the scheme they are for, filled up with defaults. Throws INPUT_INVALID that
 * names `scheme` (with the known ids and the nearest) or the field `options.<name>`.
 */
export function parseOptions(schemeId: string, options: Readonly<Record<string, unknown>> = {}): Signing {
  if (findScheme(schemeId) === undefined) throw unknownScheme(schemeId);
  if (options['scheme'] !== undefined && options['scheme'] !== schemeId) {
    throw invalid('options.scheme', `These options are of another scheme than ${schemeId}; leave scheme out of them.`);
  }
  const parsed = signing.safeParse({ ...options, scheme: schemeId });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: ['options', ...issue.path].join('.'), message: issue.message }));
  throw new Refusal('INPUT_INVALID', issues.map((issue) => `${issue.path}: ${issue.message}`).join(' '), { issues });
}

function unknownScheme(schemeId: string): Refusal<'INPUT_INVALID'> {
  const ids = schemes.map((scheme) => scheme.id);
  const nearest = nearestName(schemeId, ids);
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  return invalid('scheme', `There is no scheme ${JSON.stringify(schemeId)}.${hint} Known schemes: ${ids.join(', ')}.`);
}
