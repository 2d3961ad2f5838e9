import type { SnippetFramework, SnippetLanguage } from '#shared/contract/snippets.ts';
import type { SnippetRecipe } from './recipe.ts';

/** A whole program in one language, with what it needs beyond the standard library. */
export interface Program {
  readonly code: string;
  readonly dependencies: readonly string[];
}

/** A provider's official library as a snippet uses it. */
export interface LibraryCall {
  /** Package as the package manager names it. */
  readonly dependency: string;
  /** Lines that bring it in. */
  readonly imports: readonly string[];
  /** Lines that verify with `secret`; they throw or give a truth value, as `answers` says. */
  readonly call: string;
  readonly answers: 'throws' | 'boolean';
  /** What it leaves out or does otherwise, in a sentence; null where nothing is known. */
  readonly remark: string | null;
  /** Functions that the call needs, as lines. */
  readonly helpers?: readonly string[];
}

/** One template that writes receivers of every scheme in a language. */
export interface SnippetWriter {
  readonly language: SnippetLanguage;
  readonly title: string;
  readonly filename: string;
  readonly write: (recipe: SnippetRecipe, library: LibraryCall | null) => Program;
  readonly frameworks: (recipe: SnippetRecipe) => readonly SnippetFramework[];
}
