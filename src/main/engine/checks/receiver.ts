import { randomBytes } from 'node:crypto';
import type { CaseOutcome } from '#shared/contract/checks.ts';
import { commonHandshakes } from '#shared/handshakes/common.ts';
import type { Handshake } from '#shared/contract/handshakes.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import type { Caller } from '../base/admission.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import { invalid } from '../base/refusal.ts';
import { seededRandom } from '#shared/seeded-random.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { planHandshake, handshakeSecret } from '../handshakes/plan.ts';
import { handshakeScope, templatesOf } from '../handshakes/templates.ts';
import type { ProxyChoice } from '../http/proxy-route.ts';
import type { Bodies } from '../messages/bodies.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { buildRequest } from '../request/build-request.ts';
import { assertResolvable, resolveTarget } from '../request/resolve-target.ts';
import { maskUrlSecrets } from '../request/url-secrets.ts';
import { assertWithinReach } from '../request/within-reach.ts';
import type { Database } from '../store/database.ts';
import type { AnyCase } from './case.ts';
import { createEffectCounter } from './effects.ts';
import type { RunPorts } from './run.ts';
import { sendLogged, type CheckTarget } from './send.ts';
import { createAnswerCleaner } from './without-secrets.ts';
import { sendInOwnWay } from './send-paced.ts';
import type { VariantSource } from './variants/variant-source.ts';
import { checkAttempt, subjectOf, subjectScheme, type CheckEvent, type Subject, type SubjectHandshake } from './subject.ts';

export interface ReceiverDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly endpoints: Pick<EndpointBook, 'put'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly authenticator: Pick<Authenticator, 'ready' | 'of'>;
  readonly bodies: Pick<Bodies, 'make'>;
  readonly dispatcher: Pick<Dispatcher, 'abort' | 'notify'>;
  readonly proxy: { readonly routeFor: ProxyChoice };
}

/** What is sent to a receiver, and how. */
export interface CheckedReceiver {
  /** The endpoint, or one made for a URL. */
  readonly config: EndpointConfig;
  /** The profile of the endpoint; null where it has none, or one that is not there any more. */
  readonly profile: { readonly name: string; readonly handshakes: readonly Handshake[] } | null;
  readonly event: { readonly type: string; readonly data: unknown };
  readonly previousSecret: string | null;
  readonly verifyToken: string | null;
  readonly effectBinId: string | null;
  readonly seed: number;
  readonly requestTimeoutMs: number;
  readonly isWhole: boolean;
  /** What variants of the event are made of. */
  readonly variants: VariantSource;
  readonly cases: readonly AnyCase[];
  readonly caller: Caller;
}

/** A receiver to which requests of a check can be made. */
export interface ReadyReceiver {
  /** As its requests have it, without the secrets in it. */
  readonly url: string;
  /** As its requests have it. */
  readonly signing: EndpointConfig['signing'];
  /** Takes its secrets out of what it answered. */
  readonly clean: (outcome: CaseOutcome) => CaseOutcome;
  readonly ports: (signal: AbortSignal) => Omit<RunPorts, 'signal' | 'onCase' | 'now' | 'mostWaitMs' | 'onWaiting'>;
}

/** How long one request may take to fetch an access token for it. */
const tokenMs = 10_000;

/** Makes a receiver ready: resolves its URL, its authentication and its scheme. Rejects with a Refusal where that cannot be done. */
export async function readyReceiver(deps: ReceiverDeps, checked: CheckedReceiver): Promise<ReadyReceiver> {
  const { clock, ids, environments, authenticator } = deps;
  const environmentId = environments.activeId();
  const variables = environments.variablesOf(environmentId);
  const config: EndpointConfig = {
    ...testCopy(checked.config, { id: ids.next('ep'), creator: checked.caller.actor, nowMs: clock.now() }),
    timeoutMs: checked.requestTimeoutMs,
    redirects: 'refuse',
    // A receiver that is checked gets each request once, with the body that was signed.
    bodyPerAttempt: false,
    retryHeaders: {},
  };
  const isWithinLoopback = checked.caller.reach === 'loopback';
  await assertWithinReach(checked.caller.reach, [config], variables);
  const { target: ready, problem } = await authenticator.ready(assertResolvable(config, variables), tokenMs);
  if (problem !== null) throw invalid(checked.config.isOneOff ? 'target' : 'endpointId', problem.message);
  const signed = ready.signing === null ? null : subjectScheme(ready.signing, checked.previousSecret, bytesBy(seededRandom(checked.seed)));
  const handshake = handshakeMaker(deps, checked, config, environmentId);
  const subject = (random: () => number): Subject =>
    subjectOf({ target: ready, signed, handshake, providerTimeoutMs: checked.config.timeoutMs, nowMs: clock.now(), random });
  const newEvent = async (dataJson?: string): Promise<CheckEvent> => {
    const id = ids.next('msg');
    const { type, data } = checked.event;
    const body = await deps.bodies.make(config, { id, type, dataJson: dataJson ?? jsonTextOf(data), variables, nowMs: clock.now() });
    return { id, deliveryId: ids.next('dlv'), type, body };
  };
  assertNoHiddenFields(ready, await newEvent(), clock.now());
  const target: CheckTarget = { config, ready, eventType: checked.event.type, environmentId, isWithinLoopback, isStored: false };
  return {
    url: maskUrlSecrets(ready.url, ready.urlSecrets),
    signing: ready.signing,
    clean: createAnswerCleaner([
      ...ready.secrets.map(({ secret }) => secret),
      ...Object.values(ready.secretHeaders),
      ...ready.urlSecrets.map(({ value }) => value),
      checked.previousSecret,
      checked.verifyToken,
    ]),
    ports: (signal) => {
      deps.endpoints.put(config);
      return {
        cases: checked.cases,
        seed: checked.seed,
        isWhole: checked.isWhole,
        newEvent,
        variants: checked.variants,
        subject,
        effects: checked.effectBinId === null ? null : createEffectCounter(deps.database, checked.effectBinId, signal),
        send: (sending) => sendLogged(deps, target, sending, signal),
        sendInOwnWay: ({ request, wire }) =>
          sendInOwnWay(request, wire ?? { framing: 'length', pieces: 1, gapMs: 0, cut: null }, ready, {
            timeoutMs: checked.requestTimeoutMs,
            way: { proxy: isWithinLoopback ? null : deps.proxy.routeFor(new URL(request.url)), isWithinLoopback },
            signal,
          }),
      };
    },
  };
}

/** A check keeps its requests as they were sent, so no secret variable may stand in a header that is not sealed. */
function assertNoHiddenFields(
  ready: Parameters<typeof buildRequest>[0] & { readonly secrets: EndpointConfig['secrets'] },
  event: CheckEvent,
  nowMs: number,
): void {
  const built = buildRequest(ready, {
    id: event.id,
    body: event.body,
    nowMs,
    secrets: ready.secrets.map(({ secret }) => secret),
    deliveryId: event.deliveryId,
    eventType: event.type,
    ...checkAttempt,
  });
  const [hidden] = built.hiddenFields;
  if (hidden !== undefined)
    throw invalid(
      'endpointId',
      `The header ${hidden.name} holds a secret variable, which a check would keep in clear: make it a secret header first.`,
    );
}

function handshakeMaker(
  { clock, environments, authenticator }: Pick<ReceiverDeps, 'clock' | 'environments' | 'authenticator'>,
  { profile, verifyToken }: Pick<CheckedReceiver, 'profile' | 'verifyToken'>,
  config: EndpointConfig,
  environmentId: string | null,
): () => SubjectHandshake | string {
  const known = (profile?.handshakes ?? []).filter((each) => !commonHandshakes.includes(each));
  return () => {
    const [handshake] = known;
    if (handshake === undefined) return withoutHandshake(config.profile, profile?.name);
    const needsToken = templatesOf(handshake).some(([, source]) => source.includes('verifyToken'));
    if (needsToken && verifyToken === null)
      return `${handshake.title} needs the verify token that the receiver expects: give it to the check.`;
    const nowMs = clock.now();
    const variables = environments.variablesOf(environmentId);
    const ready = authenticator.of(resolveTarget(config, variables));
    const scope = handshakeScope({ random: randomBytes(16), secret: handshakeSecret(ready, nowMs), verifyToken: verifyToken ?? '', nowMs });
    const { target, body, expected } = planHandshake(handshake, config, ready, scope);
    const resolved = authenticator.of(resolveTarget(target, variables));
    const { request } = buildRequest(resolved, {
      id: 'msg_handshake',
      body,
      nowMs,
      secrets: resolved.secrets.map(({ secret }) => secret),
      deliveryId: 'dlv_handshake',
      eventType: handshake.eventType,
      ...checkAttempt,
    });
    return { title: handshake.title, request, expected };
  };
}

/** Why there is no handshake. `name` is that of the profile, where it is known. */
function withoutHandshake(profileId: string | null, name: string | undefined): string {
  if (profileId === null) return 'No profile is chosen, so whether the provider has a handshake is not known.';
  return name === undefined
    ? `The profile ${profileId} of the endpoint is not there any more, so its handshake is not known.`
    : `The profile ${name} has no handshake.`;
}

function bytesBy(random: () => number): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256));
}
