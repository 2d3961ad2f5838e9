import { factsOf, type CodeSchemeId } from '#shared/contract/scheme-facts.ts';
import type { CodeFacts, SchemeFacts } from '#shared/providers/shapes/provider.ts';
import { describeLibrary } from './verification/library-traits.ts';
import type { Scheme } from './scheme.ts';

/** The description of a scheme from its provider's file. */
export function sharedInfo({
  title,
  secretHint,
  source,
  asOf,
  checked,
  documentation,
  pitfall,
}: SchemeFacts): Pick<Scheme['info'], 'title' | 'secretHint' | 'source' | 'asOf' | 'checked' | 'documentation' | 'pitfall'> {
  return { title, secretHint, source, asOf, checked, documentation, pitfall };
}

/** The description of a scheme whose verification is code. */
export function codeInfo(id: CodeSchemeId): Scheme['info'] {
  const facts: CodeFacts = factsOf(id);
  const { description, headers, algorithm, keyKind, allowsSeveralSecrets, toleranceSeconds, library, receiver } = facts;
  return {
    ...sharedInfo(facts),
    description,
    headers: [...headers],
    algorithm,
    keyKind,
    allowsSeveralSecrets,
    toleranceSeconds,
    libraryNote: facts.libraryNote ?? describeLibrary(library ?? null, (receiver?.time ?? null) !== null),
  };
}
