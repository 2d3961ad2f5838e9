import { isMap, isNode, isScalar, isSeq, visit, YAMLMap, YAMLSeq, type Document } from 'yaml';
import { isExactNumber } from '../events/import/document-value.ts';

/** A value that is no map, list, text, number, true, false or null, such as a set or a date. */
export interface OddValue {
  readonly offset: number;
  /** The tag that makes it one; null where the version of YAML does. */
  readonly tag: string | null;
}

/** Values of a document of which a project would lose something, since it has no place for their kind. */
export function oddValues(document: Document): readonly OddValue[] {
  const found: OddValue[] = [];
  visit(document, (_key, node) => {
    if (!isNode(node) || !isOdd(node)) return;
    found.push({ offset: node.range?.[0] ?? 0, tag: 'tag' in node && typeof node.tag === 'string' ? node.tag : null });
  });
  return found;
}

function isOdd(node: unknown): boolean {
  // The classes of sets and ordered maps are built on these two.
  if (isMap(node)) return node.constructor !== YAMLMap;
  if (isSeq(node)) return node.constructor !== YAMLSeq;
  return isScalar(node) && typeof node.value === 'object' && node.value !== null && !isExactNumber(node.value);
}

/** What to do about one. */
export function oddValueText({ tag }: OddValue): string {
  const name = tag?.replace(/^tag:yaml\.org,2002:/, '!!');
  return name === undefined
    ? 'This version of YAML reads a date here: put it into quotes.'
    : `The tag ${name} makes something of this that a project does not have: leave the tag out, and write a map, a list or a text.`;
}
