import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { streamDefaults, type EndpointInput } from '#shared/contract/endpoints.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import type { Warning } from '#shared/contract/common.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import type { Caller } from '../base/admission.ts';
import type { Changes } from '../base/changes.ts';
import { assertWithinReach } from '../request/within-reach.ts';
import { newDelivery } from '../log/deliveries.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { bytesOf } from '../base/given-bytes.ts';
import { newConfig } from '../endpoints/new-config.ts';
import { toRow } from '../endpoints/row.ts';
import type { EventNames } from '../events/name-book.ts';
import type { SchemaChecker } from '../events/schema-checker.ts';
import { assertFits, checkedData } from './checked-data.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { hasEventType } from '../profiles/fill.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import { packHead } from '../base/given-head.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import { nobodyGets } from './audience.ts';
import { repeatedNameWarning, unknownTypeWarning } from './event-warnings.ts';
import { assertSameMessage } from '../log/same-message.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { resolveTarget } from '../request/resolve-target.ts';
import { targetWarnings } from '../request/target-warnings.ts';
import { acceptWrite, type AcceptedMessage, type KnownMessage } from '../log/messages.ts';
import { targetDifferences } from '../log/target-differences.ts';
import type { Database } from '../store/database.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Renderer } from '../templates/renderer.ts';
import type { Bodies } from './bodies.ts';
import { dataAtHand, type MessageEvent, type NewMessage } from './new-message.ts';
import { planDelivery, type Planned } from './plan-delivery.ts';
import { assertBatch, assertVariables, chooseTargets, isStillMeant } from './targets.ts';

export interface MessageDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly eventNames: Pick<EventNames, 'has' | 'first'>;
  readonly schemas: Pick<SchemaChecker, 'ofData' | 'hasSchema' | 'isRefusing'>;
  readonly policies: Pick<PolicyBook, 'find' | 'resolve'>;
  readonly profiles: Pick<ProfileBook, 'find'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly renderer: Pick<Renderer, 'check' | 'problemOf'>;
  readonly authenticator: Pick<Authenticator, 'of'>;
  readonly bodies: Bodies;
  /** Wakes the dispatcher: deliveries of these endpoints are due. */
  readonly onDue: (endpointIds: readonly string[], dueAtMs: number) => void;
}

/** A message with what the caller left open filled in. */
interface Completed {
  readonly message: NewMessage;
  readonly event: MessageEvent;
  /** The target of this message alone, which is in no list; null where it goes to endpoints. */
  readonly oneOff: EndpointConfig | null;
  readonly environmentId: string | null;
  readonly reach: Caller['reach'];
}

/** Accepts messages: makes the deliveries and resolves only once everything is on disk. */
export function createMessages(deps: MessageDeps) {
  const { database, clock, ids, changes, endpoints, policies, bodies } = deps;

  const accept = async (message: NewMessage, caller: Caller): Promise<MessageAnswer> => {
    const completed = await complete(message, caller);
    const { event, oneOff } = completed;
    const targets = chooseTargets(endpoints, message, oneOff);
    await assertWithinReach(caller.reach, targets, event.variables);
    const planned = await planAll(completed, targets);
    const warnings = warningsOn(completed, targets);

    // The data is checked while the message is written, unless it may be refused. If a body was given, the data is not sent.
    const checked = event.givenBody === null ? checkedData(deps.schemas, event.type, event) : [];
    if (event.givenBody === null && deps.schemas.isRefusing(event.type)) assertFits(await checked);

    // In the same turn as the write is queued, which then comes before that of a deletion, or not at all.
    message.unsaved?.assertCurrent();
    const known = await database.hot(acceptWrite, writeOf(completed, planned));
    if (known !== null) {
      const answer = answerKnown(completed, known);
      return { ...answer, warnings: [...warnings, ...(await checked)] };
    }
    const answer = announce(completed, planned);
    return { ...answer, warnings: [...warnings, ...(await checked), ...warningsOnDeliveries(event.type, planned)] };
  };

  /** Throws a Refusal for what could not be sent to anybody. */
  const complete = async (message: NewMessage, { actor, reach }: Caller): Promise<Completed> => {
    const nowMs = clock.now();
    const id = message.id ?? ids.next('msg');
    const dataJson = jsonTextOf(message.data);
    const givenBody = message.bodyBase64 === undefined ? null : bytesOf(message.bodyBase64);
    bodies.assertWithinLimit(givenBody?.byteLength ?? Buffer.byteLength(dataJson));
    const oneOff = oneOffOf(message, actor, nowMs);
    const environmentId = message.environmentId === undefined ? deps.environments.activeId() : message.environmentId;
    const variables = deps.environments.variablesOf(environmentId);
    const hasHead = message.head !== undefined;
    const isBatch = message.isBatch === true;
    if (isBatch) assertBatch(message);
    // Only this target is meant, so one that nothing can be sent to is refused and not recorded.
    if (oneOff !== null) assertVariables(oneOff, { variables, hasHead });
    if (oneOff !== null) await deps.renderer.check(oneOff.template);
    const event = { id, type: message.type, dataJson, isBatch, ...dataAtHand(message.data), givenBody, hasHead, variables, nowMs };
    return { message, event, oneOff, environmentId, reach };
  };

  const oneOffOf = ({ target, testOf, hasOwnSigning }: NewMessage, creator: string, nowMs: number): EndpointConfig | null => {
    if (target === undefined) return testOf ?? null;
    assertKnownPolicy(policies, target.retryPolicy, 'target.retryPolicy');
    const { config } = newConfig({ ...target, ...streamDefaults }, { id: ids.next('ep'), creator, nowMs, isOneOff: true });
    return hasOwnSigning === true ? { ...config, hasOwnSigning } : config;
  };

  const planAll = async ({ message, event, oneOff }: Completed, targets: readonly EndpointConfig[]): Promise<readonly Planned[]> => {
    const rendered = await Promise.all(targets.map((endpoint) => planDelivery(deps, ids.next('dlv'), endpoint, event)));
    return rendered.filter(
      ({ endpoint }) => endpoint === oneOff || endpoint === message.unsaved?.endpoint || isStillMeant(endpoints, message, endpoint),
    );
  };

  const warningsOn = ({ message, event, oneOff }: Completed, targets: readonly EndpointConfig[]): readonly Warning[] => {
    // What a request from elsewhere calls its event was not chosen by anybody here.
    const isNamedElsewhere = () => event.hasHead || targets.some((target) => hasEventType(deps.profiles, target, event.type));
    return [
      ...unknownTypeWarning(deps.eventNames, event.type, isNamedElsewhere),
      ...(event.givenBody === null ? repeatedNameWarning(message.data) : []),
      // Of an endpoint in the list, this was said when it was saved.
      ...(oneOff === null ? [] : targetWarnings(oneOff, deps.authenticator.of(resolveTarget(oneOff, event.variables)), event.nowMs)),
    ];
  };

  const warningsOnDeliveries = (type: string, planned: readonly Planned[]): readonly Warning[] => [
    ...(planned.length === 0 ? [nobodyGets(type, endpoints.listed())] : []),
    ...planned.flatMap(({ remarks }) => remarks),
    ...planned.flatMap(({ endpoint, problem }) =>
      problem === null
        ? []
        : [{ code: problem.reason ?? 'TEMPLATE_INVALID', message: `Nothing was sent to ${endpoint.name}. ${problem.message}` }],
    ),
  ];

  const writeOf = (completed: Completed, planned: readonly Planned[]): AcceptedMessage => {
    const { message, event } = completed;
    const made = writtenAlong(completed);
    return {
      message: {
        id: event.id,
        event_type: event.type,
        data_json: event.dataJson,
        source_capture_id: message.sourceCaptureId ?? null,
        is_batch: Number(event.isBatch),
        created_at_ms: event.nowMs,
      },
      givenBody: event.givenBody === null ? null : ownBytes(event.givenBody),
      givenHead: message.head === undefined ? null : packHead(message.head),
      isIdGiven: message.id !== undefined,
      oneOff: made === null ? null : toRow(made, deps.vault),
      deliveries: planned.map((delivery) => ({
        row: deliveryRow(completed, delivery),
        body: delivery.body === null ? null : ownBytes(delivery.body),
      })),
    };
  };

  const deliveryRow = ({ message, event, environmentId, reach }: Completed, { id, endpoint, problem }: Planned) =>
    newDelivery({
      id,
      messageId: event.id,
      endpointId: endpoint.id,
      eventType: event.type,
      problem,
      maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
      environmentId,
      nowMs: event.nowMs,
      isTest: message.isTest === true || message.testOf !== undefined,
      isWithinLoopback: reach === 'loopback',
    });

  /** The answer for a message that was accepted before. Throws a Refusal CONFLICT where this is another one. */
  const answerKnown = ({ message, event, oneOff }: Completed, known: KnownMessage): Omit<MessageAnswer, 'warnings'> => {
    // One-off targets get a new id each time, so they are compared by URL.
    const places = oneOff === null ? (message.endpointIds ?? null) : [oneOff.url];
    const placeOf = (endpointId: string) => (oneOff === null ? endpointId : (endpoints.find(endpointId)?.url ?? endpointId));
    const storedPlaces = known.deliveries.map(({ endpointId }) => placeOf(endpointId));
    const ofTarget = message.target === undefined || oneOff === null ? [] : differencesOf(oneOff, message.target, known);
    assertSameMessage(event.id, known, storedPlaces, { type: event.type, places, ofTarget });
    return { id: event.id, deliveries: known.deliveries.map((delivery) => ({ ...delivery })), isDuplicate: true };
  };

  /** How a message's own target differs from those of the same URL that it went to; none where one of them is the same. */
  const differencesOf = (oneOff: EndpointConfig, { secret }: Pick<EndpointInput, 'secret'>, { deliveries }: KnownMessage) => {
    const known = deliveries.flatMap(({ endpointId }) => endpoints.find(endpointId) ?? []).filter(({ url }) => url === oneOff.url);
    const differences = known.map((endpoint) => targetDifferences(endpoint, oneOff, secret !== undefined));
    return differences.toSorted((one, other) => one.length - other.length)[0] ?? [];
  };

  /** Tells everybody of a message that is on disk. */
  const announce = (completed: Completed, planned: readonly Planned[]): Omit<MessageAnswer, 'warnings'> => {
    const { id, nowMs } = completed.event;
    const made = writtenAlong(completed);
    if (made !== null) endpoints.put(made);
    changes.publish('messages', [id]);
    changes.publish(
      'deliveries',
      planned.map((delivery) => delivery.id),
    );
    deps.onDue(
      planned.filter(({ body }) => body !== null).map(({ endpoint }) => endpoint.id),
      nowMs,
    );
    const deliveries = planned.map(({ id: deliveryId, endpoint, body }) => ({
      id: deliveryId,
      endpointId: endpoint.testOf ?? endpoint.id,
      status: body === null ? ('exhausted' as const) : ('pending' as const),
    }));
    return { id, deliveries, isDuplicate: false };
  };

  return { accept };
}
export type Messages = ReturnType<typeof createMessages>;

/** The endpoint that is written together with the message. */
function writtenAlong({ message, oneOff }: Completed): EndpointConfig | null {
  return oneOff ?? message.unsaved?.endpoint ?? null;
}
