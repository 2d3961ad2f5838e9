import type { Signing } from '#shared/contract/signing.ts';
import type { Snippet, SnippetLanguage } from '#shared/contract/snippets.ts';
import type { SnippetWriter } from './language.ts';
import { csharp } from './languages/csharp.ts';
import { go } from './languages/go.ts';
import { java } from './languages/java.ts';
import { node } from './languages/node.ts';
import { php } from './languages/php.ts';
import { python } from './languages/python.ts';
import { ruby } from './languages/ruby.ts';
import { libraryOf } from './libraries.ts';
import { environmentOf } from './recipe.ts';
import { snippetRecipeOf } from './recipes.ts';

const writers: Readonly<Record<SnippetLanguage, SnippetWriter>> = { node, python, go, ruby, php, java, csharp };

/** Receiver code of a scheme, and the languages without any, each with the reason. */
export interface WrittenSnippets {
  readonly items: readonly Snippet[];
  readonly unavailable: readonly { readonly language: SnippetLanguage; readonly reason: string }[];
}

/** Writes the code of a scheme: with the official library if there is one, and with as few dependencies as possible. */
export function writeSnippets(options: Signing, languages: readonly SnippetLanguage[]): WrittenSnippets {
  const recipe = snippetRecipeOf(options);
  if ('unavailable' in recipe) {
    return { items: [], unavailable: languages.map((language) => ({ language, reason: recipe.unavailable })) };
  }
  const items = languages.flatMap((language) => {
    const writer = writers[language];
    const library = libraryOf(recipe.scheme, language);
    return [...(library === null ? [] : [library]), null].map((used): Snippet => {
      const { code, dependencies } = writer.write(recipe, used);
      const isStandard = dependencies.length === 0;
      return {
        language,
        title: `${writer.title}, ${isStandard ? 'standard library' : dependencies.join(' and ')}`,
        variant: isStandard ? 'standard' : 'library',
        dependencies: [...dependencies],
        filename: writer.filename,
        code,
        environment: [...environmentOf(recipe)],
        frameworks: [...writer.frameworks(recipe)],
      };
    });
  });
  return { items, unavailable: [] };
}
