import type { Background } from '../background/background.ts';
import { dataOf } from '../base/given-data.ts';
import { unpackHead } from '../base/given-head.ts';
import { callerOf } from '../base/admission.ts';
import type { Procedures } from '../base/procedures.ts';
import { notFound } from '../base/refusal.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import type { Database } from '../store/database.ts';
import type { AuthBook } from '../auth/book.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { nobodyGot } from '../messages/audience.ts';
import type { Messages } from '../messages/messages.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { filledEndpoint } from '../profiles/fill.ts';
import { withoutUnusedSigning } from '../request/authenticator.ts';
import type { Searcher } from '../store/searcher.ts';
import { withoutDeliverySearch } from '../log/without-delivery.ts';
import { readBody } from '../store/bodies.ts';
import { deliveriesOf, findMessage } from '../log/messages.ts';
import { answerData } from './answer-data.ts';

export interface MessageHandlerDeps {
  readonly database: Database;
  readonly messages: Messages;
  readonly endpoints: Pick<EndpointBook, 'listed'>;
  readonly profiles: Pick<ProfileBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly environments: Pick<EnvironmentBook, 'chosenId'>;
  readonly searcher: Pick<Searcher, 'look'>;
  readonly background: Pick<Background, 'run'>;
}

/** Sending events and reading them back. */
export function createMessageHandlers(
  os: Procedures,
  { database, messages, endpoints, profiles, auths, environments, searcher, background }: MessageHandlerDeps,
) {
  return {
    send: os.messages.send.handler(({ input: { environment, ...input }, context }) => {
      const environmentId = environments.chosenId(environment, 'environment');
      const target =
        input.target === undefined
          ? undefined
          : withoutUnusedSigning(auths, filledEndpoint(profiles, input.target), input.target, 'target.authId');
      return messages.accept({ ...input, data: dataOf(input), target, environmentId }, callerOf(context));
    }),
    withoutDelivery: os.messages.withoutDelivery.handler(async ({ input }) => {
      const { items, total } = await searcher.look(withoutDeliverySearch, input);
      const listed = endpoints.listed();
      const told = items.map((message) => {
        const { why, endpoints: about } = nobodyGot(message.type, listed);
        return { ...message, why, endpoints: [...about] };
      });
      return { items: told, total };
    }),
    get: os.messages.get.handler(async ({ input }) => {
      const row = findMessage(database, database, input.id);
      if (row === undefined) throw notFound('message', input.id);
      return {
        id: row.id,
        type: row.event_type,
        ...(await answerData(background, row.data_json)),
        isBatch: row.is_batch === 1,
        bodyBase64: row.body_hash === null ? null : base64ForAnswer(readBody(database, row.body_hash)),
        head: row.head_hash === null ? null : headOf(readBody(database, row.head_hash)),
        sourceCaptureId: row.source_capture_id,
        createdAtMs: row.created_at_ms,
        deliveries: deliveriesOf(database, database, row.id).map((delivery) => ({ ...delivery })),
      };
    }),
  };
}

function headOf(bytes: Uint8Array) {
  const { method, headers, isSigned, isAuthenticated = false, target = null } = unpackHead(bytes);
  return { method, headers: headers.map(([name, value]): [string, string] => [name, value]), isSigned, isAuthenticated, target };
}
