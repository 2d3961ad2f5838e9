import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Database, Writer } from '../store/database.ts';
import type { MessageRow } from '../store/schema.ts';

export interface MessageDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly status: DeliveryStatus;
}

type Reader = Pick<Database, 'all' | 'first'>;

export function findMessage(
  database: Pick<Database, 'sql'>,
  reader: Pick<Reader, 'first'>,
  id: string,
): Omit<MessageRow, 'seq'> | undefined {
  return reader.first(database.sql.selectFrom('messages').selectAll().where('id', '=', id));
}

/** The deliveries of a message in the order they were made. */
export function deliveriesOf(database: Pick<Database, 'sql'>, reader: Pick<Reader, 'all'>, messageId: string): readonly MessageDelivery[] {
  const rows = reader.all(
    database.sql.selectFrom('deliveries').select(['id', 'endpoint_id', 'status']).where('message_id', '=', messageId).orderBy('seq'),
  );
  return rows.map((row) => ({ id: row.id, endpointId: row.endpoint_id, status: row.status as DeliveryStatus }));
}

const messageSql = 'INSERT INTO messages (id, event_type, data_json, body_hash, created_at_ms) VALUES (?, ?, ?, ?, ?)';

/** Adds a message. Written by hand because it is on the path of every event. */
export function insertMessage(writer: Writer, row: Omit<MessageRow, 'seq'>): void {
  writer.runRaw(messageSql, [row.id, row.event_type, row.data_json, row.body_hash, row.created_at_ms]);
}

export function readBody(database: Pick<Database, 'sql'>, reader: Pick<Reader, 'first'>, hash: Uint8Array): Uint8Array {
  const row = reader.first(database.sql.selectFrom('bodies').select('bytes').where('hash', '=', hash));
  if (row === undefined) throw new Error('A body that the log refers to is missing from the data file.');
  return row.bytes;
}
