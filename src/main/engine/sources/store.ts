import type { SourceGap, SourceKind } from '#shared/contract/sources.ts';
import type { Log, Vault } from '../base/ports.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import type { SourceRow } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import type { SourceConfig } from './config.ts';

/** Every source, oldest first. One whose URL another key sealed is left out, with a warning in the log. */
export function allSources(database: Database, vault: Vault, log: Pick<Log, 'warn'>): readonly SourceConfig[] {
  return database.all(database.sql.selectFrom('sources').selectAll().orderBy('seq')).flatMap((row) => {
    try {
      return [fromRow(row, vault)];
    } catch {
      log.warn({ sourceId: row.id }, 'The URL of a source was sealed with another key; remove the source and add it again');
      return [];
    }
  });
}

/** Ids of sources before `beforeSeq`, newest first. */
export function listSources(
  database: Database,
  query: { readonly binId: string | undefined; readonly beforeSeq: number; readonly limit: number },
): readonly { readonly seq: number; readonly id: string }[] {
  let select = database.sql.selectFrom('sources').select(['seq', 'id']).where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

export function insertSource(writer: Writer, source: SourceConfig, vault: Vault): void {
  writer.run(writer.sql.insertInto('sources').values(toRow(source, vault)));
}

export function updateSource(writer: Writer, source: SourceConfig, vault: Vault): void {
  const { id, ...change } = toRow(source, vault);
  writer.run(writer.sql.updateTable('sources').set(change).where('id', '=', id));
}

/** Notes what was missed. */
export function updateGaps(writer: Writer, { id, gaps, gapCount }: Pick<SourceConfig, 'id' | 'gaps' | 'gapCount'>): void {
  writer.run(
    writer.sql
      .updateTable('sources')
      .set({ gaps_json: JSON.stringify(gaps), gap_count: gapCount })
      .where('id', '=', id),
  );
}

export function deleteSource(writer: Writer, id: string): void {
  writer.run(writer.sql.deleteFrom('sources').where('id', '=', id));
}

function toRow(source: SourceConfig, vault: Vault): Omit<SourceRow, 'seq'> {
  return {
    id: source.id,
    bin_id: source.binId,
    kind: source.kind,
    name: source.name,
    url_sealed: sealJson(vault, source.url),
    verifies_tls: Number(source.verifyTls),
    is_active: Number(source.isActive),
    gaps_json: JSON.stringify(source.gaps),
    gap_count: source.gapCount,
    creator: source.creator,
    created_at_ms: source.createdAtMs,
    updated_at_ms: source.updatedAtMs,
  };
}

function fromRow(row: SourceRow | (Omit<SourceRow, 'seq'> & { seq: number }), vault: Vault): SourceConfig {
  return {
    id: row.id,
    binId: row.bin_id,
    kind: row.kind as SourceKind,
    name: row.name,
    url: openJson<string>(vault, row.url_sealed),
    verifyTls: row.verifies_tls === 1,
    isActive: row.is_active === 1,
    gaps: readJson<SourceGap[]>(row.gaps_json, { table: 'sources', column: 'gaps_json', row: row.id }),
    gapCount: row.gap_count,
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
