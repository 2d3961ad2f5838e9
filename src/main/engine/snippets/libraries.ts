import { factsOf } from '#shared/contract/scheme-facts.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import type { SnippetLanguage } from '#shared/contract/snippets.ts';
import type { LibraryCall } from './language.ts';

/** The official library that verifies a scheme in a language, or null. */
export function libraryOf(scheme: SchemeId, language: SnippetLanguage): LibraryCall | null {
  return scheme === 'custom' ? null : (factsOf(scheme).libraryCalls?.[language] ?? null);
}
