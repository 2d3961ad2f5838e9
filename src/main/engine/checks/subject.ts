import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { activeSecrets } from '../endpoints/config.ts';
import type { ExpectedAnswer } from '../handshakes/judge.ts';
import type { WireRequest } from '../http/sender.types.ts';
import type { AuthenticatedTarget } from '../request/authenticator.ts';
import { buildRequest } from '../request/build-request.ts';
import { schemeOf } from '../signing/registry.ts';
import type { Scheme } from '../signing/scheme.ts';
import type { SnippetRecipe } from '../snippets/recipe.ts';
import { snippetRecipeOf } from '../snippets/recipes.ts';
import { firstAttempt, type AttemptFacts } from '../templates/attempt-scope.ts';

/** An event of a check, rendered. */
export interface CheckEvent {
  readonly id: string;
  /** What headers name as the id of the delivery. */
  readonly deliveryId: string;
  readonly type: string;
  readonly body: Uint8Array;
}

/** The attempt that templates see: the first one of its delivery. */
export const checkAttempt: AttemptFacts = { ...firstAttempt, attemptId: 'att_check' };

/** What a request is made with in place of what is usual. */
export interface Change {
  readonly body?: Uint8Array;
  readonly id?: string;
  /** The time that it is signed as of, in epoch milliseconds; now when left out. */
  readonly atMs?: number;
  readonly secrets?: readonly string[];
  readonly method?: string;
}

/** How a scheme signs, as far as the cases ask. */
export interface SubjectScheme {
  readonly options: Signing;
  readonly scheme: Scheme;
  /** What receivers of it do; null where that is not known as data. */
  readonly recipe: SnippetRecipe | null;
  /** Whether the header carries the secret itself and covers nothing of the request. */
  readonly isToken: boolean;
  /** A usable secret that the receiver does not have. */
  readonly otherSecret: string;
  /** Null where none was given. */
  readonly previousSecret: string | null;
  /** How far the time may lie from the clock; null for no limit. */
  readonly toleranceSeconds: number | null;
}

/** A handshake of the receiver's system. */
export interface SubjectHandshake {
  readonly title: string;
  readonly request: WireRequest;
  readonly expected: ExpectedAnswer;
}

/** The receiver that is checked, as the cases see it. */
export interface Subject {
  readonly signed: SubjectScheme | null;
  /** Newest first. */
  readonly secrets: readonly string[];
  readonly contentType: string;
  /** Statuses that its system takes as success. */
  readonly successRule: string;
  /** How long its system waits for an answer. */
  readonly providerTimeoutMs: number;
  /** A fresh one of its system, or why there is none, in a sentence. */
  readonly handshake: () => SubjectHandshake | string;
  /** The time at which the case is planned. */
  readonly nowMs: number;
  /** Uniform in [0, 1), by the seed of the check. */
  readonly random: () => number;
  /** The request of an event as the system would send it, but for the change. */
  readonly build: (event: CheckEvent, change?: Change) => WireRequest;
  /** The verdict of a receiver with the secret, now; null where requests are not signed. */
  readonly verify: (request: WireRequest) => Verification | null;
}

/** What a subject is made from; `target` is the endpoint with its authentication. */
export interface SubjectFacts {
  readonly target: AuthenticatedTarget;
  readonly signed: SubjectScheme | null;
  readonly handshake: Subject['handshake'];
  readonly providerTimeoutMs: number;
  readonly nowMs: number;
  readonly random: () => number;
}

export function subjectOf({ target, signed, handshake, providerTimeoutMs, nowMs, random }: SubjectFacts): Subject {
  const secrets = activeSecrets(target, nowMs);
  // A receiver of a scheme with key pairs has the public half.
  const known = signed === null ? [] : secrets.map((secret) => signed.scheme.publicKeyOf?.(secret, signed.options) ?? secret);
  return {
    signed,
    secrets,
    contentType: target.contentType,
    successRule: target.successRule,
    providerTimeoutMs,
    handshake,
    nowMs,
    random,
    build: (event, change = {}) => {
      const method = change.method ?? target.method;
      // Endpoints have fewer methods by the contract; this copy is in no list.
      const own = { ...target, method: method as AuthenticatedTarget['method'] };
      const { request } = buildRequest(own, {
        id: change.id ?? event.id,
        body: method === 'GET' || method === 'HEAD' ? new Uint8Array() : (change.body ?? event.body),
        nowMs: change.atMs ?? nowMs,
        secrets: change.secrets ?? secrets,
        deliveryId: event.deliveryId,
        eventType: event.type,
        ...checkAttempt,
      });
      return request;
    },
    verify: ({ method, url, headers, body }) =>
      signed === null
        ? null
        : signed.scheme.verify({ options: signed.options, secrets: known, nowMs, method, url, headers: headers as HeaderField[], body }),
  };
}

/** What the cases ask of a scheme. `random32` makes the wrong secret. */
export function subjectScheme(options: Signing, previousSecret: string | null, random32: Uint8Array): SubjectScheme {
  const scheme = schemeOf(options.scheme);
  const found = snippetRecipeOf(options);
  const recipe = 'unavailable' in found ? null : found;
  const asked = 'toleranceSeconds' in options ? options.toleranceSeconds : undefined;
  return {
    options,
    scheme,
    recipe,
    isToken: recipe?.proof.kind === 'token',
    otherSecret: scheme.makeSecret(random32, options),
    previousSecret,
    toleranceSeconds: asked ?? recipe?.time?.toleranceSeconds ?? scheme.info.toleranceSeconds,
  };
}
