import type { Database, Reader, Writer } from '../store/database.ts';
import type { StreamKeyRow } from '../store/schema.ts';

/** Every key. */
export function allStreamKeys(database: Reader): readonly Omit<StreamKeyRow, 'seq'>[] {
  return database.all(database.sql.selectFrom('stream_keys').selectAll().orderBy('seq'));
}

/** Ids of keys before `beforeSeq`, newest first. */
export function listStreamKeys(
  database: Database,
  query: { readonly binId: string | undefined; readonly beforeSeq: number; readonly limit: number },
): readonly { readonly seq: number; readonly id: string }[] {
  let select = database.sql.selectFrom('stream_keys').select(['seq', 'id']).where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

export function insertStreamKey(writer: Writer, row: Omit<StreamKeyRow, 'seq'>): void {
  writer.run(writer.sql.insertInto('stream_keys').values(row));
}

export function deleteStreamKey(writer: Writer, id: string): void {
  writer.run(writer.sql.deleteFrom('stream_keys').where('id', '=', id));
}

export function noteStreamKeyUsed(writer: Writer, id: string, atMs: number): void {
  writer.run(writer.sql.updateTable('stream_keys').set({ used_at_ms: atMs }).where('id', '=', id));
}
