import { randomBytes } from 'node:crypto';
import { commonHandshakes } from '#shared/handshakes/common.ts';
import type { Handshake, HandshakeInfo, HandshakeResult } from '#shared/contract/handshakes.ts';
import { isFinal, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { callerOf, type Caller } from '../base/admission.ts';
import type { Changes } from '../base/changes.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Clock, Ids } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import { judgeHandshake } from '../handshakes/judge.ts';
import { handshakeSecret, planHandshake } from '../handshakes/plan.ts';
import { handshakeScope, templatesOf } from '../handshakes/templates.ts';
import { attemptsOf, findDelivery } from '../log/deliveries.ts';
import type { Messages } from '../messages/messages.ts';
import type { ProfileBook } from '../profiles/book.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { resolveTarget } from '../request/resolve-target.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import { toAttempt } from './delivery-view.ts';

export interface HandshakeDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Pick<Changes, 'follow'>;
  readonly endpoints: Pick<EndpointBook, 'get' | 'getOwn'>;
  readonly profiles: Pick<ProfileBook, 'find'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly authenticator: Pick<Authenticator, 'of'>;
  readonly messages: Pick<Messages, 'accept'>;
}

const nothing = new Uint8Array();

/** Handshakes of systems: what they ask an address before they send there. */
export function createHandshakeHandlers(os: Procedures, deps: HandshakeDeps) {
  const { database, clock } = deps;
  const ofProfile = (profile: string | null): readonly Handshake[] =>
    profile === null ? [] : (deps.profiles.find(profile)?.handshakes ?? []);
  const known = (profile: string | null) => [...ofProfile(profile), ...commonHandshakes];

  /** Rejects when the call is given up; the test in the log goes on. */
  const ended = async (deliveryId: string, signal: AbortSignal | undefined): Promise<void> => {
    for await (const _ of deps.changes.follow(signal)) {
      const row = findDelivery(database, deliveryId);
      if (row === undefined) throw notFound('delivery', deliveryId);
      if (row.in_flight_attempt_id === null && row.due_at_ms === null && isFinal(row.status as DeliveryStatus)) return;
    }
    signal?.throwIfAborted();
  };

  const perform = async (
    { id, handshake: wanted, verifyToken }: { readonly id: string; readonly handshake?: string | undefined; readonly verifyToken: string },
    caller: Caller,
    signal: AbortSignal | undefined,
  ): Promise<HandshakeResult> => {
    const config = deps.endpoints.getOwn(id);
    const handshake = chosen(known(config.profile), ofProfile(config.profile)[0], wanted);
    const environmentId = deps.environments.activeId();
    const ready = deps.authenticator.of(resolveTarget(config, deps.environments.variablesOf(environmentId)));
    const nowMs = clock.now();
    const scope = handshakeScope({ random: randomBytes(16), secret: handshakeSecret(ready, nowMs), verifyToken, nowMs });
    const { target, body, expected } = planHandshake(handshake, config, ready, scope);
    const testOf = testCopy(target, { id: deps.ids.next('ep'), creator: caller.actor, nowMs });
    const { deliveries } = await deps.messages.accept(
      { type: handshake.eventType, data: {}, bodyBase64: ownBytes(body), testOf, environmentId },
      caller,
    );
    const deliveryId = deliveries[0]?.id ?? '';
    await ended(deliveryId, signal);
    const row = attemptsOf(database, deliveryId).at(-1);
    if (row === undefined) throw notFound('delivery', deliveryId);
    const bodyOf = (hash: Uint8Array | null) => (hash === null ? nothing : readBody(database, hash));
    const attempt = toAttempt(row, true, bodyOf);
    const checks = judgeHandshake(expected, {
      outcome: attempt.outcome ?? { code: 'unknown', message: 'It is not known how the attempt ended.', status: null },
      headers: attempt.response?.headers ?? [],
      body: bodyOf(row.response_body_hash),
      isTruncated: attempt.response?.isBodyTruncated ?? false,
    });
    const failed = checks.find(({ isMet }) => !isMet);
    return {
      id: handshake.id,
      title: handshake.title,
      isPassed: failed === undefined,
      message: failed?.message ?? `The answer is as ${handshake.title} expects it.`,
      checks: [...checks],
      deliveryId,
      attempt,
    };
  };

  return {
    list: os.handshakes.list.handler(({ input }) => {
      const { profile } = deps.endpoints.get(input.id);
      const own = ofProfile(profile);
      return { items: known(profile).map((handshake) => infoOf(handshake, own.includes(handshake))) };
    }),
    perform: os.handshakes.perform.handler(({ input, context, signal }) => perform(input, callerOf(context), signal)),
  };
}

function chosen(known: readonly Handshake[], first: Handshake | undefined, wanted: string | undefined): Handshake {
  const found = wanted === undefined ? first : known.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const ids = known.map(({ id }) => id).join(', ');
  throw invalid(
    'handshake',
    wanted === undefined
      ? `The endpoint has no profile with a handshake: choose one of ${ids}.`
      : `There is no handshake ${wanted}: choose one of ${ids}.`,
  );
}

function infoOf(handshake: Handshake, isOfProfile: boolean): HandshakeInfo {
  const { id, title, summary } = handshake;
  return { id, title, summary, isOfProfile, usesVerifyToken: templatesOf(handshake).some(([, source]) => source.includes('verifyToken')) };
}
