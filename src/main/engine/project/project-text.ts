import { Document, isScalar, visit, type ScalarTag } from 'yaml';
import { projectSchemaFile } from '#shared/contract/project-file.ts';
import { task } from '../background/background.ts';
import { isExactNumber } from '../events/import/document-value.ts';
import { readJson } from '../events/import/read-text.ts';
import { itemsOf } from './kinds/kind.ts';
import type { Fields } from './read-project.ts';

/** Writes a project, which may be large, as YAML: event types with their samples as text, all else as it is. */
export const projectTextTask = task<Fields, string>('projectText', (whole) => {
  const types = Object.entries((whole['eventTypes'] ?? {}) as Fields).map(([name, entry]) => [name, withSampleData(entry as Fields)]);
  return yamlOf('eventTypes' in whole ? { ...whole, eventTypes: Object.fromEntries(types) } : whole);
});

/** Samples as data, where YAML keeps all that their text says; otherwise they stay text. */
function withSampleData(entry: Fields): Fields {
  if (!('samples' in entry)) return entry;
  const samples = itemsOf(entry['samples']).map(({ name, dataText }) => {
    const text = String(dataText);
    const data = readJson(text);
    const isPlain = JSON.stringify(data) === text && !text.includes('"__proto__":');
    return isPlain ? { name, data } : { name, dataText };
  });
  return { ...entry, samples };
}

/** Numbers with all of their digits. */
const exactNumberTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isExactNumber,
  // It is for writing only.
  test: /(?!)/,
  resolve: (text) => text,
  stringify: ({ value }) => (isExactNumber(value) ? value.rawJSON : String(value)),
};

/** How projects are written. */
export const yamlStyle = { lineWidth: 0, blockQuote: 'literal' } as const;

/** Whether a text has characters that would not come back from a plain or a block text. */
function isUnusual(text: string): boolean {
  return !text.isWellFormed() || /[\p{Cc}\u2028\u2029\ufeff]/u.test(text.replaceAll(/[\n\t]/g, ''));
}

/** The first line of a project's file, by which editors find its JSON Schema. */
export const schemaLine = `# yaml-language-server: $schema=./${projectSchemaFile}`;

function yamlOf(whole: Fields): string {
  return `${schemaLine}\n# Written by "hookyard export --project"; "hookyard apply" makes a workspace like this.\n${plainYaml(whole)}`;
}

/** A value in YAML, in the style in which projects are written. */
export function plainYaml(whole: Fields): string {
  const document = new Document(whole, { customTags: (tags) => [exactNumberTag, ...tags], aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (key, node) => {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      if (isUnusual(node.value)) node.type = 'QUOTE_DOUBLE';
      // Without quotes, it takes over the names of another object.
      else if (key === 'key' && node.value === '<<') node.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString(yamlStyle);
}
