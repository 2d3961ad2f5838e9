import type { RequestMatch } from '#shared/contract/request-match.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import type { RelayRow } from '../store/schema.ts';
import type { AnswerConfig, RelayConfig, ShadowConfig, TargetConfig } from './config.ts';

type NewRow = Omit<RelayRow, 'seq'>;

/** Every relay, oldest first. */
export function allRelays(database: Database): readonly RelayConfig[] {
  return database.all(database.sql.selectFrom('relays').selectAll().orderBy('seq')).map(fromRow);
}

/** Ids of relays, newest first, before `beforeSeq`. */
export function listRelays(
  database: Database,
  query: { readonly binId: string | undefined; readonly beforeSeq: number; readonly limit: number },
): readonly { readonly seq: number; readonly id: string }[] {
  let select = database.sql.selectFrom('relays').select(['seq', 'id']).where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

export function insertRelay(writer: Writer, relay: RelayConfig): void {
  writer.run(writer.sql.insertInto('relays').values(toRow(relay)));
}

export function updateRelay(writer: Writer, relay: RelayConfig): void {
  const { id, ...change } = toRow(relay);
  writer.run(writer.sql.updateTable('relays').set(change).where('id', '=', id));
}

export function deleteRelay(writer: Writer, id: string): void {
  writer.run(writer.sql.deleteFrom('relays').where('id', '=', id));
}

function toRow(relay: RelayConfig): NewRow {
  return {
    id: relay.id,
    name: relay.name,
    bin_id: relay.binId,
    match_json: relay.match === null ? null : JSON.stringify(relay.match),
    targets_json: JSON.stringify(relay.targets),
    answer_json: relay.answer === null ? null : JSON.stringify(relay.answer),
    shadow_json: relay.shadow === null ? null : JSON.stringify(relay.shadow),
    is_active: Number(relay.isActive),
    creator: relay.creator,
    created_at_ms: relay.createdAtMs,
    updated_at_ms: relay.updatedAtMs,
  };
}

function fromRow(row: NewRow): RelayConfig {
  const json = <T>(text: string, column: 'match_json' | 'targets_json' | 'answer_json' | 'shadow_json') =>
    readJson<T>(text, { table: 'relays', column, row: row.id });
  return {
    id: row.id,
    name: row.name,
    binId: row.bin_id,
    match: row.match_json === null ? null : json<RequestMatch>(row.match_json, 'match_json'),
    targets: json<TargetConfig[]>(row.targets_json, 'targets_json'),
    answer: row.answer_json === null ? null : json<AnswerConfig>(row.answer_json, 'answer_json'),
    shadow: row.shadow_json === null ? null : json<ShadowConfig>(row.shadow_json, 'shadow_json'),
    isActive: row.is_active === 1,
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
