import type { ImportedPart } from '#shared/contract/event-import.ts';
import { sampleColumns, type WholeRow } from '../store.ts';
import type { FoundType } from './found-type.ts';
import type { ImportedRow } from '../writes.ts';

/** The row of a found event type. */
export function rowOf(type: FoundType): ImportedRow {
  return {
    name: type.name,
    title: type.title,
    description: type.description,
    group_name: type.group,
    ...sampleColumns(type.samples),
    schema_json: type.schemaJson,
    source: type.source,
  };
}

/** In what a found event type differs from the one in the catalogue. */
export function changesBetween(found: ImportedRow, kept: WholeRow): ImportedPart[] {
  const parts: readonly (readonly [ImportedPart, keyof ImportedRow])[] = [
    ['title', 'title'],
    ['description', 'description'],
    ['group', 'group_name'],
    ['schema', 'schema_json'],
    ['samples', 'samples_json'],
  ];
  return parts.filter(([, column]) => found[column] !== kept[column]).map(([part]) => part);
}

/** Whether an import would undo what somebody wrote by hand. */
export function isByHand({ source, is_edited }: Pick<WholeRow, 'source' | 'is_edited'>): boolean {
  return source === null || is_edited === 1;
}
