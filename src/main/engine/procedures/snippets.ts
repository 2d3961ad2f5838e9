import { snippetLanguages } from '#shared/contract/snippets.ts';
import type { Procedures } from '../base/procedures.ts';
import { parseOptions } from '../signing/registry.ts';
import { writeSnippets } from '../snippets/write.ts';

/** The `snippets` part of the router: receiver code of a scheme. */
export function createSnippetHandlers(os: Procedures) {
  return {
    write: os.snippets.write.handler(({ input }) => {
      const options = parseOptions(input.scheme, input.options);
      const { items, unavailable } = writeSnippets(options, input.language === undefined ? snippetLanguages : [input.language]);
      return { items: [...items], unavailable: [...unavailable] };
    }),
  };
}
