import type { Snippet, SnippetLanguage } from '#shared/contract/snippets.ts';

/** Languages as their tabs name them, in the order of the tabs. */
export const languageNames: Readonly<Record<SnippetLanguage, string>> = {
  node: 'Node.js',
  python: 'Python',
  go: 'Go',
  ruby: 'Ruby',
  php: 'PHP',
  java: 'Java',
  csharp: 'C#',
};

/** A file that the panel can show: a whole receiver, or how a framework hands it the raw bytes. */
export interface SnippetFile {
  readonly name: string;
  readonly filename: string;
  readonly code: string;
  readonly dependencies: readonly string[];
}

/** The files of one language: its receivers first, then the code for frameworks, which every receiver of the language shares. */
export function filesOf(items: readonly Snippet[], language: SnippetLanguage): readonly SnippetFile[] {
  const own = items.filter((item) => item.language === language);
  const receivers = own.map(({ variant, filename, code, dependencies }) => ({
    name: variant === 'standard' ? 'Standard library' : `With ${dependencies.join(' and ')}`,
    filename,
    code,
    dependencies,
  }));
  return [...receivers, ...(own.at(-1)?.frameworks ?? [])];
}
