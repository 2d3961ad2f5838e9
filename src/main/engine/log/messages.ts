import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { insertDelivery, type NewDelivery } from './deliveries.ts';
import { insertEndpoint } from '../endpoints/store.ts';
import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import type { EndpointRow, MessageRow } from '../store/schema.ts';

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

/** Whether a message with this id was accepted. */
export function isMessageKnown(reader: Pick<Database, 'values'>, id: string): boolean {
  return reader.values<[number]>('SELECT 1 FROM messages WHERE id = ?', [id]).length > 0;
}

/** Where a message came from: the capture that it brings, and the relay that forwarded it; null for what there is none of. */
export interface MessageOrigin {
  readonly sourceCaptureId: string | null;
  readonly relayId: string | null;
  readonly headHash: Uint8Array | null;
}

export function originOf(reader: Pick<Database, 'raw'>, messageId: string): MessageOrigin {
  const sql = 'SELECT source_capture_id AS sourceCaptureId, relay_id AS relayId, head_hash AS headHash FROM messages WHERE id = ?';
  return reader.raw<MessageOrigin>(sql, [messageId])[0] ?? { sourceCaptureId: null, relayId: null, headHash: null };
}

/** The deliveries of a message in the order they were made. */
export function deliveriesOf(database: Pick<Database, 'sql'>, reader: Pick<Reader, 'all'>, messageId: string): readonly MessageDelivery[] {
  const rows = reader.all(
    database.sql.selectFrom('deliveries').select(['id', 'endpoint_id', 'status']).where('message_id', '=', messageId).orderBy('seq'),
  );
  return rows.map((row) => ({ id: row.id, endpointId: row.endpoint_id, status: row.status as DeliveryStatus }));
}

/** A message with everything that accepting it writes to disk. */
export interface AcceptedMessage {
  readonly message: Omit<MessageRow, 'seq' | 'body_hash' | 'head_hash' | 'relay_id'>;
  /** The exact body, when the sender gave one. */
  readonly givenBody: Uint8Array | null;
  /** Method and headers as `packHead` writes them, when the sender gave them. */
  readonly givenHead: Uint8Array | null;
  /** Whether the sender chose the id, so that the message may have been accepted before. */
  readonly isIdGiven: boolean;
  /** The one-off target of this message, if it has one. */
  readonly oneOff: Omit<EndpointRow, 'seq'> | null;
  /** A delivery without a body is one whose template failed. */
  readonly deliveries: readonly { readonly row: Omit<NewDelivery, 'body_hash' | 'head_hash'>; readonly body: Uint8Array | null }[];
}

const messageSql =
  'INSERT INTO messages (id, event_type, data_json, body_hash, head_hash, source_capture_id, relay_id, is_batch, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';

/** Adds a message. Written by hand because it is on the path of every event. */
export function insertMessage(writer: Writer, row: Omit<MessageRow, 'seq'>): void {
  writer.runRaw(messageSql, [
    row.id,
    row.event_type,
    row.data_json,
    row.body_hash,
    row.head_hash,
    row.source_capture_id,
    row.relay_id,
    row.is_batch,
    row.created_at_ms,
  ]);
}

/** A message that was accepted before under the same id, and how it compares to the new one. */
export interface KnownMessage {
  readonly type: string;
  /** Both what it is and whether it is of several events. */
  readonly hasSameData: boolean;
  readonly hasSameBody: boolean;
  readonly hasSameHead: boolean;
  readonly deliveries: readonly MessageDelivery[];
}

/** Adds a message with its deliveries; returns the message accepted before under its id, or null. */
export function insertAccepted(
  writer: Writer,
  { message, givenBody, givenHead, isIdGiven, oneOff, deliveries }: AcceptedMessage,
): KnownMessage | null {
  const known = isIdGiven ? findMessage(writer, writer, message.id) : undefined;
  if (known !== undefined)
    return {
      type: known.event_type,
      hasSameData: known.data_json === message.data_json && known.is_batch === message.is_batch,
      hasSameBody: isSameBody(writer, known.body_hash, givenBody),
      hasSameHead: isSameBody(writer, known.head_hash, givenHead),
      deliveries: deliveriesOf(writer, writer, message.id),
    };
  const putBody = eachOnce(writer.putBody);
  const bodyHash = givenBody === null ? null : putBody(givenBody);
  const headHash = givenHead === null ? null : writer.putBody(givenHead);
  insertMessage(writer, { ...message, body_hash: bodyHash, head_hash: headHash, relay_id: null });
  if (oneOff !== null) insertEndpoint(writer, writer, oneOff);
  for (const { row, body } of deliveries)
    insertDelivery(writer, { ...row, body_hash: body === null ? null : putBody(body), head_hash: headHash });
  return null;
}

export const acceptWrite = hotWrite('accept', insertAccepted);

/** Endpoints without a template share one body, which is hashed once. */
function eachOnce(putBody: Writer['putBody']): Writer['putBody'] {
  let last: { readonly body: Uint8Array; readonly hash: Uint8Array } | null = null;
  return (body) => {
    if (last?.body !== body) last = { body, hash: putBody(body) };
    return last.hash;
  };
}

function isSameBody(writer: Writer, stored: Uint8Array | null, given: Uint8Array | null): boolean {
  if (stored === null || given === null) return stored === given;
  return writer.values('SELECT 1 FROM bodies WHERE hash = ? AND bytes = ?', [stored, given]).length > 0;
}
