import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { streamDefaults, type EndpointInput, type streamFields } from '#shared/contract/endpoints.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import type { GivenBytes, Warning } from '#shared/contract/common.ts';
import { JsonText, jsonTextOf } from '#shared/contract/json.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Caller } from '../base/admission.ts';
import type { Changes } from '../base/changes.ts';
import { plainOutcome, templateOutcome } from '../http/outcome.ts';
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
import { checkedData } from './checked-data.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { hasEventType } from '../profiles/fill.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import { packHead, type GivenHead } from '../base/given-head.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import { conflict, invalid, Refusal } from '../base/refusal.ts';
import { nobodyGets } from './audience.ts';
import { bodyWarning, repeatedNameWarning, unknownTypeWarning } from './event-warnings.ts';
import { assertSameMessage } from '../log/same-message.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { assertResolvable, resolveTarget } from '../request/resolve-target.ts';
import { targetWarnings } from '../request/target-warnings.ts';
import { acceptWrite, type KnownMessage } from '../log/messages.ts';
import { targetDifferences } from '../log/target-differences.ts';
import type { Database } from '../store/database.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { RenderedEvent, Renderer } from '../templates/renderer.ts';
import type { Bodies } from './bodies.ts';

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

export interface NewMessage {
  readonly type: string;
  readonly data: unknown;
  /** Whether the data is a list of the data of several events, which go in one request. */
  readonly isBatch?: boolean | undefined;
  readonly id?: string | undefined;
  readonly bodyBase64?: GivenBytes | undefined;
  readonly endpointIds?: readonly string[] | undefined;
  /** The message is a test of this configuration, which is used for nothing else. */
  readonly testOf?: EndpointConfig | undefined;
  /** Whether it is a test; its endpoints are in no list then, so that nothing follows from it for those that are. */
  readonly isTest?: boolean | undefined;
  /** One of `endpointIds` that is written along with the message, and may be so: a message that is refused leaves nothing of it. */
  readonly unsaved?: { readonly endpoint: EndpointConfig; readonly assertCurrent: () => void } | undefined;
  readonly target?: Omit<EndpointInput, keyof typeof streamFields> | undefined;
  /** Whether the target signs as it says, whatever its authentication signs with. */
  readonly hasOwnSigning?: boolean | undefined;
  /** Method and headers to send in place of those that the endpoint's fields make. */
  readonly head?: GivenHead | undefined;
  /** The capture that this is a replay of. */
  readonly sourceCaptureId?: string | undefined;
  /** The environment that variables are from: null for none, the active one where it is left out. */
  readonly environmentId?: string | null | undefined;
}

/** A delivery to be made: its endpoint, and the body or why there is none. */
interface Planned {
  readonly id: string;
  readonly endpoint: EndpointConfig;
  readonly body: Uint8Array | null;
  readonly problem: Outcome | null;
  /** Remarks on the body. */
  readonly remarks: readonly Warning[];
}

/** Accepts messages: makes the deliveries and resolves only once everything is on disk. */
export function createMessages(deps: MessageDeps) {
  const { database, clock, ids, changes, endpoints, policies, bodies } = deps;

  /** How a message's own target differs from those of the same URL that it went to; none where one of them is the same. */
  const differencesOf = (oneOff: EndpointConfig, { secret }: Pick<EndpointInput, 'secret'>, { deliveries }: KnownMessage) => {
    const known = deliveries.flatMap(({ endpointId }) => endpoints.find(endpointId) ?? []).filter(({ url }) => url === oneOff.url);
    const differences = known.map((endpoint) => targetDifferences(endpoint, oneOff, secret !== undefined));
    return differences.toSorted((one, other) => one.length - other.length)[0] ?? [];
  };

  const accept = async (message: NewMessage, { actor, reach }: Caller): Promise<MessageAnswer> => {
    const nowMs = clock.now();
    const id = message.id ?? ids.next('msg');
    const dataJson = jsonTextOf(message.data);
    const givenBody = message.bodyBase64 === undefined ? null : bytesOf(message.bodyBase64);
    bodies.assertWithinLimit(givenBody?.byteLength ?? Buffer.byteLength(dataJson));
    if (message.target !== undefined) assertKnownPolicy(policies, message.target.retryPolicy, 'target.retryPolicy');
    const oneOff =
      message.target === undefined
        ? (message.testOf ?? null)
        : {
            ...newConfig({ ...message.target, ...streamDefaults }, { id: ids.next('ep'), creator: actor, nowMs, isOneOff: true }).config,
            ...(message.hasOwnSigning === true ? { hasOwnSigning: true } : {}),
          };
    const environmentId = message.environmentId === undefined ? deps.environments.activeId() : message.environmentId;
    const variables = deps.environments.variablesOf(environmentId);
    const hasHead = message.head !== undefined;
    const isBatch = message.isBatch === true;
    if (isBatch) assertBatch(message);
    // Only this target is meant, so one that nothing can be sent to is refused and not recorded.
    if (oneOff !== null) assertVariables(oneOff, variables, hasHead);
    if (oneOff !== null) await deps.renderer.check(oneOff.template);
    const event = { id, type: message.type, dataJson, isBatch, ...dataAtHand(message.data), givenBody, hasHead, variables, nowMs };
    const targets = chooseTargets(endpoints, message, oneOff);
    await assertWithinReach(reach, targets, variables);
    const rendered = await Promise.all(targets.map((endpoint) => plan(deps, ids.next('dlv'), endpoint, event)));
    const planned = rendered.filter(
      ({ endpoint }) => endpoint === oneOff || endpoint === message.unsaved?.endpoint || isStillMeant(endpoints, message, endpoint),
    );

    const warnings = [
      // What a request from elsewhere calls its event was not chosen by anybody here.
      ...unknownTypeWarning(
        deps.eventNames,
        message.type,
        () => hasHead || targets.some((target) => hasEventType(deps.profiles, target, message.type)),
      ),
      ...(givenBody === null ? repeatedNameWarning(message.data) : []),
      // Of an endpoint in the list, this was said when it was saved.
      ...(oneOff === null ? [] : targetWarnings(oneOff, deps.authenticator.of(resolveTarget(oneOff, variables)), nowMs)),
    ];

    // The data is checked while the message is written, unless it may be refused. If a body was given, the data is not sent.
    const checked = givenBody === null ? checkedData(deps.schemas, message.type, { dataJson, isBatch }) : [];
    if (givenBody === null && deps.schemas.isRefusing(message.type)) assertFits(await checked);

    // In the same turn as the write is queued, which then comes before that of a deletion, or not at all.
    message.unsaved?.assertCurrent();
    const made = oneOff ?? message.unsaved?.endpoint ?? null;
    const existing = await database.hot(acceptWrite, {
      message: {
        id,
        event_type: message.type,
        data_json: dataJson,
        source_capture_id: message.sourceCaptureId ?? null,
        is_batch: Number(isBatch),
        created_at_ms: nowMs,
      },
      givenBody: givenBody === null ? null : ownBytes(givenBody),
      givenHead: message.head === undefined ? null : packHead(message.head),
      isIdGiven: message.id !== undefined,
      oneOff: made === null ? null : toRow(made, deps.vault),
      deliveries: planned.map((delivery) => ({
        row: rowOf(delivery, {
          messageId: id,
          type: message.type,
          maxAttempts: maxAttemptsOf(policies.resolve(delivery.endpoint.retryPolicy)),
          environmentId,
          nowMs,
          isTest: message.isTest === true || message.testOf !== undefined,
          isWithinLoopback: reach === 'loopback',
        }),
        body: delivery.body === null ? null : ownBytes(delivery.body),
      })),
    });

    if (existing !== null) {
      // One-off targets get a new id each time, so they are compared by URL.
      const places = oneOff === null ? (message.endpointIds ?? null) : [oneOff.url];
      const placeOf = (endpointId: string) => (oneOff === null ? endpointId : (endpoints.find(endpointId)?.url ?? endpointId));
      assertSameMessage(
        id,
        existing,
        existing.deliveries.map(({ endpointId }) => placeOf(endpointId)),
        {
          type: message.type,
          places,
          ofTarget: message.target === undefined || oneOff === null ? [] : differencesOf(oneOff, message.target, existing),
        },
      );
      return {
        id,
        deliveries: existing.deliveries.map((delivery) => ({ ...delivery })),
        isDuplicate: true,
        warnings: [...warnings, ...(await checked)],
      };
    }
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
    return {
      id,
      deliveries: planned.map((delivery) => ({
        id: delivery.id,
        endpointId: delivery.endpoint.testOf ?? delivery.endpoint.id,
        status: delivery.body === null ? 'exhausted' : 'pending',
      })),
      isDuplicate: false,
      warnings: [
        ...warnings,
        ...(await checked),
        ...(planned.length === 0 ? [nobodyGets(message.type, endpoints.listed())] : []),
        ...planned.flatMap(({ remarks }) => remarks),
        ...planned.flatMap(({ endpoint, problem }) =>
          problem === null
            ? []
            : [{ code: problem.reason ?? 'TEMPLATE_INVALID', message: `Nothing was sent to ${endpoint.name}. ${problem.message}` }],
        ),
      ],
    };
  };

  return { accept };
}
export type Messages = ReturnType<typeof createMessages>;

function chooseTargets(endpoints: EndpointBook, message: NewMessage, oneOff: EndpointConfig | null): readonly EndpointConfig[] {
  if (oneOff !== null) {
    if (message.endpointIds !== undefined)
      throw invalid('target', 'Give either endpointIds or a target; send the event twice to reach both.');
    return [oneOff];
  }
  if (message.endpointIds === undefined) return endpoints.listeningTo(message.type);
  const { unsaved, isTest } = message;
  // A run has copies of its own.
  const named = (id: string) => (isTest === true ? endpoints.get(id) : endpoints.getOwn(id));
  return [...new Set(message.endpointIds)].map((id) => assertActive(unsaved?.endpoint.id === id ? unsaved.endpoint : named(id)));
}

/** A batch goes to targets that take one, so that nobody gets an event less without a word. Throws a Refusal. */
function assertBatch({ endpointIds, target, testOf, bodyBase64 }: NewMessage): void {
  if (endpointIds === undefined && target === undefined && testOf === undefined)
    throw invalid(
      'endpointIds',
      'Name the endpoints that a batch goes to, or give a target: those that take one event each cannot get it.',
    );
  if (bodyBase64 !== undefined)
    throw invalid('isBatch', 'A body that is given goes out as it is: leave isBatch out, or give the data of the events.');
}

/** Throws a Refusal for data that breaks its schema, with each place. */
function assertFits(warnings: readonly Warning[]): void {
  const broken = warnings.find(({ code }) => code === 'SCHEMA_BROKEN');
  if (broken === undefined) return;
  throw new Refusal('INPUT_INVALID', broken.message, { issues: broken.issues ?? [{ path: 'data', message: broken.message }] });
}

/** The data as a value, if it was given as one. */
export function dataAtHand(data: unknown): Pick<RenderedEvent, 'data'> {
  return data instanceof JsonText ? {} : { data };
}

/** Sending by hand to a disabled endpoint would wait without notice, so it is refused. */
export function assertActive(endpoint: EndpointConfig): EndpointConfig {
  if (endpoint.isActive) return endpoint;
  const message = `${endpoint.name} is disabled. Enable it first, then send again.`;
  throw conflict('isActive', message);
}

interface Event extends RenderedEvent {
  readonly givenBody: Uint8Array | null;
  /** Whether the message brings its headers along, so that those of the endpoint are not sent. */
  readonly hasHead: boolean;
}

/** Throws a Refusal INPUT_INVALID where a request to the endpoint could not be made for want of a variable. */
function assertVariables(endpoint: EndpointConfig, variables: RenderedEvent['variables'], hasHead: boolean): void {
  if (hasHead) resolveTarget(endpoint, variables);
  else assertResolvable(endpoint, variables);
}

/**
 * Whether a target is there after its body was rendered, which may have taken a while: what is written behind the deletion of an
 * endpoint would wait for ever. Throws a Refusal NOT_FOUND where the message names it.
 */
function isStillMeant(endpoints: EndpointBook, message: NewMessage, { id }: EndpointConfig): boolean {
  if (message.endpointIds === undefined) return endpoints.findListed(id) !== undefined;
  return endpoints.get(id).id === id;
}

/** The body is rendered once and is the same for all attempts, as with real providers. */
async function plan(
  { bodies, renderer }: Pick<MessageDeps, 'bodies' | 'renderer'>,
  id: string,
  endpoint: EndpointConfig,
  event: Event,
): Promise<Planned> {
  try {
    assertVariables(endpoint, event.variables, event.hasHead);
    const body = await bodies.make(endpoint, event, event.givenBody);
    const remarks = event.givenBody === null ? bodyWarning(await renderer.problemOf(endpoint, body)) : [];
    return { id, endpoint, body, problem: null, remarks };
  } catch (error) {
    // A batch that cannot be made is refused whole: its endpoints were named.
    if (!(error instanceof Refusal) || event.isBatch === true) throw error;
    // One endpoint's template must not keep the others from their message: the failure is recorded as this delivery's.
    return {
      id,
      endpoint,
      body: null,
      remarks: [],
      // What is not about the body is about the URL or a header.
      problem:
        error.code === 'INPUT_INVALID' ? plainOutcome('policy', error.message, error.code) : templateOutcome(error.message, error.code),
    };
  }
}

function rowOf(
  planned: Planned,
  message: {
    readonly messageId: string;
    readonly type: string;
    readonly maxAttempts: number;
    readonly environmentId: string | null;
    readonly nowMs: number;
    readonly isTest: boolean;
    readonly isWithinLoopback: boolean;
  },
) {
  return newDelivery({
    id: planned.id,
    messageId: message.messageId,
    endpointId: planned.endpoint.id,
    eventType: message.type,
    problem: planned.problem,
    maxAttempts: message.maxAttempts,
    environmentId: message.environmentId,
    nowMs: message.nowMs,
    isTest: message.isTest,
    isWithinLoopback: message.isWithinLoopback,
  });
}
