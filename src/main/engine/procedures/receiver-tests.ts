import { setImmediate as nextTurn } from 'node:timers/promises';
import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { JsonText, jsonTextOf, asTextFromCharacters } from '#shared/contract/json.ts';
import { withMember } from '#shared/json/exact.ts';
import type { PlannedSend, ReceiverTest } from '#shared/contract/receiver-tests.ts';
import type { Changes } from '../base/changes.ts';
import { newDelivery } from '../log/deliveries.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { toRow } from '../endpoints/row.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import type { Bodies } from '../messages/bodies.ts';
import { insertAccepted } from '../log/messages.ts';
import type { PolicyBook } from '../policies/book.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { dataOf, type DataFields } from '../base/given-data.ts';
import { invalid } from '../base/refusal.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { assertResolvable } from '../request/resolve-target.ts';
import type { Variables } from '../templates/variables.ts';
import { expectedOf, messageCountOf, planReceiverTest } from '../receiver-tests/plan.ts';

export interface ReceiverTestDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly endpoints: EndpointBook;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly bodies: Pick<Bodies, 'make'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Wakes the dispatcher: deliveries of these endpoints are due. */
  readonly onDue: (endpointIds: readonly string[], dueAtMs: number) => void;
}

interface Asked {
  readonly endpointId: string;
  readonly type: string;
  readonly data: unknown;
  readonly test: ReceiverTest;
  readonly seed?: number | undefined;
}

/** A message of a test, rendered. */
interface TestMessage {
  readonly id: string;
  readonly dataJson: string;
  readonly body: Uint8Array;
  readonly createdAtMs: number;
}

const seeds = 2 ** 32;

/** Sends to one endpoint what an at-least-once sender may send: duplicates, out of order, late, in bursts. */
export function createReceiverTestHandlers(os: Procedures, deps: ReceiverTestDeps) {
  const { database, clock, ids, changes, settings, endpoints, policies } = deps;
  const plan = (asked: Asked): { readonly seed: number; readonly endpoint: EndpointConfig; readonly sends: readonly PlannedSend[] } => {
    const endpoint = endpoints.getOwn(asked.endpointId);
    const seed = asked.seed ?? Math.floor(deps.random() * seeds);
    return { seed, endpoint, sends: planReceiverTest(asked.test, seed) };
  };

  const run = async (asked: Asked, actor: string) => {
    const environmentId = deps.environments.activeId();
    const variables = deps.environments.variablesOf(environmentId);
    const { seed, endpoint: tested, sends } = plan(asked);
    const nowMs = clock.now();
    const endpoint = testCopy(tested, { id: ids.next('ep'), creator: actor, nowMs });
    assertResolvable(endpoint, variables);
    const messages = await makeMessages(asked, endpoint, variables, nowMs);
    const { timeScale } = settings.get();
    const made = sends.map((send) => ({
      ...send,
      messageId: messages[send.number - 1]?.id ?? '',
      deliveryId: ids.next('dlv'),
      dueAtMs: nowMs + Math.ceil(send.afterMs / timeScale),
    }));
    const isSignedAsMade = asked.test.kind === 'late' && asked.test.timestamp === 'original';
    // One write: half a test would prove nothing.
    await database.write((writer) => {
      for (const [index, message] of messages.entries())
        insertAccepted(writer, {
          message: {
            id: message.id,
            event_type: asked.type,
            data_json: message.dataJson,
            is_batch: 0,
            source_capture_id: null,
            created_at_ms: message.createdAtMs,
          },
          givenBody: null,
          givenHead: null,
          isIdGiven: false,
          oneOff: index === 0 ? toRow(endpoint, deps.vault) : null,
          deliveries: made
            .filter(({ number }) => number === index + 1)
            .map(({ deliveryId, dueAtMs }) => ({
              row: {
                ...newDelivery({
                  id: deliveryId,
                  messageId: message.id,
                  endpointId: endpoint.id,
                  eventType: asked.type,
                  problem: null,
                  maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
                  nowMs,
                  environmentId,
                  isTest: true,
                }),
                due_at_ms: dueAtMs,
                sign_at_ms: isSignedAsMade ? message.createdAtMs : null,
              },
              body: message.body,
            })),
        });
    });
    endpoints.put(endpoint);
    changes.publish(
      'messages',
      messages.map(({ id }) => id),
    );
    changes.publish(
      'deliveries',
      made.map(({ deliveryId }) => deliveryId),
    );
    deps.onDue([endpoint.id], Math.min(...made.map(({ dueAtMs }) => dueAtMs)));
    return { seed, sends: made, expects: expectedOf(asked.test) };
  };

  /** Messages as if made a millisecond apart, the last one now, so that their bodies show their order. */
  const makeMessages = async (
    asked: Asked,
    endpoint: EndpointConfig,
    variables: Variables,
    nowMs: number,
  ): Promise<readonly TestMessage[]> => {
    const count = messageCountOf(asked.test);
    // Real time: the receiver's clock knows nothing of the time scale.
    const madeMs = asked.test.kind === 'late' ? nowMs - asked.test.delayMs : nowMs;
    const messages: TestMessage[] = [];
    for (let index = 0; index < count; index += 1) {
      const dataJson = jsonTextOf(numbered(asked, index + 1));
      const id = ids.next('msg');
      const createdAtMs = madeMs - (count - 1 - index);
      const body = await deps.bodies.make(endpoint, { id, type: asked.type, dataJson, variables, nowMs: createdAtMs });
      messages.push({ id, dataJson, body, createdAtMs });
      await nextTurn();
    }
    return messages;
  };

  return {
    plan: os.receiverTests.plan.handler(({ input }) => {
      const { seed, sends } = plan(askedOf(input));
      numbered(askedOf(input), 1);
      return { seed, sends: sends.map((send) => ({ ...send })), expects: expectedOf(input.test) };
    }),
    run: os.receiverTests.run.handler(({ input, context }) => run(askedOf(input), context.actor)),
  };
}

function askedOf<T extends DataFields>(input: T): T & { readonly data: unknown } {
  return { ...input, data: dataOf(input) };
}

/** The data of one message of a test. Throws a Refusal when it cannot hold a number. */
function numbered({ test, data }: Pick<Asked, 'test' | 'data'>, number: number): unknown {
  const field = test.kind === 'outOfOrder' || test.kind === 'burst' ? test.numberField : null;
  if (data instanceof JsonText && data.text.length >= asTextFromCharacters && messageCountOf(test) > 1)
    throw invalid('data', 'This test makes several messages of its data, so it takes less than 64 KiB of it: use a smaller event.');
  if (field === null) return data;
  const notAnObject = () =>
    invalid('data', 'The messages are numbered in their data, so it must be a JSON object. Use one, or set numberField to null.');
  if (data instanceof JsonText) {
    if (!data.text.startsWith('{')) throw notAnObject();
    return new JsonText(withMember(data.text, field, String(number)), data.repeats);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw notAnObject();
  return { ...data, [field]: number };
}
