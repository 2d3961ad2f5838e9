import type { SchemaDraft } from '@cfworker/json-schema';

/** The draft that a schema is written in: 2020-12 where it names none. */
export function draftOf({ $schema = '' }: { readonly $schema?: unknown }): SchemaDraft {
  const named = typeof $schema === 'string' ? $schema : '';
  if (named.includes('draft-04')) return '4';
  if (named.includes('draft-06') || named.includes('draft-07')) return '7';
  return named.includes('2019-09') ? '2019-09' : '2020-12';
}
