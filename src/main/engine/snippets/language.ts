import type { SnippetFramework, SnippetLanguage } from '#shared/contract/snippets.ts';
import type { LibraryCall } from '#shared/providers/shapes/library.ts';
import type { SnippetRecipe } from './recipe.ts';

/** A whole program in one language, with what it needs beyond the standard library. */
export interface Program {
  readonly code: string;
  readonly dependencies: readonly string[];
}

export type { LibraryCall };

/** One template that writes receivers of every scheme in a language. */
export interface SnippetWriter {
  readonly language: SnippetLanguage;
  readonly title: string;
  readonly filename: string;
  readonly write: (recipe: SnippetRecipe, library: LibraryCall | null) => Program;
  readonly frameworks: (recipe: SnippetRecipe) => readonly SnippetFramework[];
}
