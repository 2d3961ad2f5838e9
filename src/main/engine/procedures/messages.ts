import { toldJsonOf } from '#shared/contract/json.ts';
import type { Procedures } from '../base/procedures.ts';
import { notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import type { Messages } from '../messages/messages.ts';
import { readBody } from '../store/bodies.ts';
import { deliveriesOf, findMessage } from '../log/messages.ts';

/** Sending events and reading them back. */
export function createMessageHandlers(
  os: Procedures,
  { database, messages }: { readonly database: Database; readonly messages: Messages },
) {
  return {
    send: os.messages.send.handler(({ input, context }) => messages.accept(input, context.actor)),
    get: os.messages.get.handler(({ input }) => {
      const row = findMessage(database, database, input.id);
      if (row === undefined) throw notFound('message', input.id);
      return {
        id: row.id,
        type: row.event_type,
        data: toldJsonOf(row.data_json),
        bodyBase64: row.body_hash === null ? null : Buffer.from(readBody(database, row.body_hash)).toString('base64'),
        createdAtMs: row.created_at_ms,
        deliveries: deliveriesOf(database, database, row.id).map((delivery) => ({ ...delivery })),
      };
    }),
  };
}
