import { isUtf8 } from 'node:buffer';
import { endpointInput, type EndpointPatch } from '#shared/contract/endpoints.ts';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import { sentUrl } from '#shared/curl-command.ts';
import { activeSecrets, withPatch, type EndpointConfig } from '../endpoints/config.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { EventNames } from '../events/name-book.ts';
import type { SchemaChecker } from '../events/schema-checker.ts';
import { wireHeaders } from '../http/wire-headers.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { bytesOf } from '../base/given-bytes.ts';
import { dataOf } from '../base/given-data.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { invalid } from '../base/refusal.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { filledPatch, hasEventType } from '../profiles/fill.ts';
import { schemeOf } from '../signing/registry.ts';
import { assertSignable } from '../signing/usable-secret.ts';
import { assertKnownAuth, type AuthBook } from '../auth/book.ts';
import type { Authenticator } from '../request/authenticator.ts';
import type { Builder } from '../request/builder.ts';
import { resolveTarget } from '../request/resolve-target.ts';
import { shownHeaders } from '../request/shown-headers.ts';
import { maskUrlSecrets } from '../request/url-secrets.ts';
import type { OutcomeCode } from '#shared/contract/outcome.ts';
import type { AttemptFacts } from '../templates/attempt-scope.ts';
import { toEvidence } from '../request/signature-record.ts';
import type { RenderedEvent, Renderer } from '../templates/renderer.ts';
import type { Bodies } from '../messages/bodies.ts';
import { dataAtHand } from '../messages/new-message.ts';
import { checkedData } from '../messages/checked-data.ts';
import { bodyWarning, repeatedNameWarning, unknownTypeWarning } from '../messages/event-warnings.ts';
import { authWarnings, headerWarnings, secretWarnings } from '../request/target-warnings.ts';

export interface PreviewDeps {
  readonly eventNames: Pick<EventNames, 'has' | 'first'>;
  readonly schemas: Pick<SchemaChecker, 'ofData' | 'hasSchema'>;
  readonly clock: Clock;
  readonly endpoints: EndpointBook;
  readonly profiles: Pick<ProfileBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly environments: Pick<EnvironmentBook, 'chosenId' | 'variablesOf'>;
  readonly authenticator: Pick<Authenticator, 'of'>;
  readonly bodies: Pick<Bodies, 'make'>;
  readonly builder: Builder;
  readonly renderer: Pick<Renderer, 'problemOf' | 'trace'>;
}

const tokenWarning = {
  code: 'TOKEN_FETCHED_LATER',
  message: 'The access token is fetched when this is sent, so its Authorization header is not shown.',
};

/** A larger body is returned as bytes only. */
const textLimitBytes = 1_048_576;

/** Shows the exact request without sending it, built by the same functions that send. */
export function createPreviewHandlers(os: Procedures, deps: PreviewDeps) {
  return {
    render: os.preview.render.handler(async ({ input }): Promise<PreparedRequest> => {
      const nowMs = input.atMs ?? deps.clock.now();
      const facts = factsOf(input, nowMs);
      const draft = draftOf(deps, input.endpointId, input.draft ?? {}, nowMs);
      assertKnownAuth(deps.auths, draft.authId, 'draft.authId');
      const variables = deps.environments.variablesOf(deps.environments.chosenId(input.environment, 'environment'));
      const target = deps.authenticator.of(resolveTarget(draft, variables));
      const event = {
        id: input.event.id ?? 'msg_preview',
        type: input.event.type,
        nowMs,
        variables,
        ...(draft.bodyPerAttempt ? { attempt: { facts, atMs: nowMs } } : {}),
      };
      const data = dataOf(input.event, 'event.');
      const dataJson = jsonTextOf(data);
      const given = input.event.bodyBase64 === undefined ? null : bytesOf(input.event.bodyBase64);
      const body = await deps.bodies.make(target, { ...event, dataJson, isBatch: input.event.isBatch, ...dataAtHand(data) }, given);
      const traced = input.withOrigin && given === null ? { ...event, dataJson, isBatch: input.event.isBatch } : null;
      const { secrets, source } = secretsFor(
        target,
        target.isSignedByAuth ? 'auth' : input.draft?.secret === undefined ? 'endpoint' : 'draft',
        nowMs,
      );
      const bodyProblem = given === null ? await deps.renderer.problemOf(target, body) : null;
      const built = await deps.builder.build(target, {
        id: event.id,
        body,
        nowMs,
        secrets,
        deliveryId: 'dlv_preview',
        ...facts,
        eventType: event.type,
        head: input.head ?? null,
      });
      const signature = toEvidence(target, built);
      const written = built.request.body;
      const shown = shownHeaders(wireHeaders(built.request), target, built);
      const bodyText = written.byteLength <= textLimitBytes && isUtf8(written) ? Buffer.from(written).toString('utf8') : null;
      const url = maskUrlSecrets(built.request.url, target.urlSecrets);
      const curlUrl = maskUrlSecrets(sentUrl(built.request.url), target.urlSecrets);
      const masked = input.head === undefined ? ('everything' as const) : ('fingerprints' as const);
      const repeated = { method: built.request.method, url: curlUrl, headers: shown, masked };
      const { text: curl, body: afterCurl } = await deps.builder.code('curl', { ...repeated, body: written });
      const code = input.as === undefined ? null : await deps.builder.code(input.as, { ...repeated, body: afterCurl });
      const sent = code?.body ?? afterCurl;
      return {
        method: built.request.method,
        url,
        headers: shown.map(([name, value]) => [name, value]),
        bodyBase64: base64ForAnswer(sent),
        bodyBytes: sent.byteLength,
        bodyText,
        signature,
        secretSource: source,
        curl,
        origin: traced === null ? null : await originOf(deps.renderer, target, traced, bodyText),
        code: input.as === undefined || code === null ? null : { as: input.as, text: code.text, notes: [...code.notes] },
        warnings: [
          ...unknownTypeWarning(
            deps.eventNames,
            event.type,
            () => input.head !== undefined || hasEventType(deps.profiles, target, event.type),
          ),
          ...(given === null ? repeatedNameWarning(data) : []),
          ...(input.event.bodyBase64 === undefined
            ? await checkedData(deps.schemas, event.type, { dataJson, isBatch: input.event.isBatch })
            : []),
          ...bodyWarning(bodyProblem),
          ...authWarnings(draft, target),
          ...(target.needsToken ? [tokenWarning] : []),
          ...(input.head === undefined ? headerWarnings(draft, built.signed?.headers ?? []) : []),
          ...(source === 'placeholder' || source === 'auth' ? [] : secretWarnings(target, secrets)),
          ...(source === 'placeholder'
            ? [
                {
                  code: 'SECRET_PLACEHOLDER',
                  message:
                    'There is no secret yet, so this signature is made with a stand-in. The real one comes when the endpoint is saved.',
                },
              ]
            : []),
        ],
      };
    }),
  };
}

/** Where the body came from; null where a second rendering makes another one, such as with a random value. */
async function originOf(
  renderer: Pick<Renderer, 'trace'>,
  target: EndpointConfig,
  event: RenderedEvent,
  bodyText: string | null,
): Promise<PreparedRequest['origin']> {
  if (bodyText === null) return null;
  const traced = await renderer.trace(target, event);
  return traced?.text === bodyText ? traced.parts.map((part) => ({ ...part })) : null;
}

/** The attempt that is shown; from the second on, one came before. */
function factsOf({ attempt, lastOutcome }: { readonly attempt: number; readonly lastOutcome: OutcomeCode }, nowMs: number): AttemptFacts {
  const lastStatus = lastOutcome === 'http_status' ? 500 : null;
  const past = attempt === 1 ? null : { redelivery: 0, lastOutcome, lastStatus, firstAttemptAtMs: nowMs };
  return { attemptId: 'att_preview', attempt, retry: attempt - 1, past };
}

function draftOf(
  { endpoints, profiles }: Pick<PreviewDeps, 'endpoints' | 'profiles'>,
  endpointId: string | undefined,
  given: EndpointPatch,
  nowMs: number,
): EndpointConfig {
  const saved = endpointId === undefined ? null : endpoints.get(endpointId);
  const draft = filledPatch(profiles, given, saved);
  if (saved !== null) return withPatch(saved, draft, nowMs);
  if (draft.url === undefined) throw invalid('draft.url', 'Choose an endpoint, or give the URL to send to.');
  const { secret: _, secretHeaders: __, template: ___, ...defaults } = endpointInput.parse({ name: draft.name ?? 'Draft', url: draft.url });
  const blank: EndpointConfig = {
    ...defaults,
    id: 'ep_draft',
    secretHeaders: {},
    secrets: [],
    template: null,
    profileBase: null,
    creator: '',
    isOneOff: true,
    relayId: null,
    testOf: null,
    copyOf: null,
    isDeleted: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  return withPatch(blank, draft, nowMs);
}

/** The secrets to sign with; a placeholder of zero bytes when there is none yet. */
function secretsFor(
  target: EndpointConfig,
  from: 'endpoint' | 'draft' | 'auth',
  nowMs: number,
): { readonly secrets: readonly string[]; readonly source: PreparedRequest['secretSource'] } {
  if (target.signing === null) return { secrets: [], source: 'none' };
  const secrets = activeSecrets(target, nowMs);
  if (secrets.length === 0)
    return { secrets: [schemeOf(target.signing.scheme).makeSecret(new Uint8Array(32), target.signing)], source: 'placeholder' };
  for (const secret of secrets) assertSignable(secret, target.signing, '');
  return { secrets, source: from };
}
