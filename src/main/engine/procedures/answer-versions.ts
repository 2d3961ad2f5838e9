import type { TemplateVersion, WholeTemplateVersion } from '#shared/contract/template-versions.ts';
import { notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { findVersion, listVersions, type VersionHead } from '../template-versions/store.ts';

/** Something whose template has versions, with the template as it is now. */
export interface Versioned {
  readonly id: string;
  readonly template: string | null;
  readonly updatedAtMs: number;
}

/** The versions as answers have them, newest first: always at least the one that is there. */
export function answerVersions(database: Database, of: Versioned): TemplateVersion[] {
  const heads = listVersions(database, of.id);
  return (heads.length === 0 ? [onlyVersion(of)] : heads).map((head, index) => ({ ...head, isCurrent: index === 0 }));
}

/** One version with its text. Throws a Refusal NOT_FOUND. */
export function wholeVersion(database: Database, of: Versioned, number: number): WholeTemplateVersion {
  const heads = answerVersions(database, of);
  const head = heads.find((each) => each.number === number);
  const found = findVersion(database, of.id, number);
  // Where none is kept yet, the one that is there counts as the first.
  const template = found === undefined ? of.template : found.source;
  if (head === undefined) throw notFound('template version', String(number));
  return { ...head, template };
}

function onlyVersion({ template, updatedAtMs }: Versioned): VersionHead {
  return { number: 1, cause: 'kept', restoredFrom: null, madeBy: null, madeAtMs: updatedAtMs, characters: template?.length ?? null };
}
