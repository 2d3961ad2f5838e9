import type { CaptureFilter } from '#shared/contract/capture-filter.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { GivenBytes, HeaderField, Warning } from '#shared/contract/common.ts';
import { endpointInput, streamDefaults, type EndpointInput, type streamFields } from '#shared/contract/endpoints.ts';
import { givenHead } from '#shared/contract/given-head.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import type { RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { callerOf, type Caller } from '../base/admission.ts';
import { bytesOf } from '../base/given-bytes.ts';
import type { GivenHead } from '../base/given-head.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound, Refusal } from '../base/refusal.ts';
import { assertKnownAuth, type AuthBook } from '../auth/book.ts';
import { partOf } from '../auth/config.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { findCapture } from '../capture/list.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import type { Messages } from '../messages/messages.ts';
import { listed } from '../signing/header-values.ts';
import type { Database, Writer } from '../store/database.ts';
import type { Vault } from '../base/ports.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { newConfig } from '../endpoints/new-config.ts';
import { literalUrl } from '../endpoints/literal-url.ts';
import { toRow } from '../endpoints/row.ts';
import { insertEndpoint } from '../endpoints/store.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import { openSource } from '../replays/open-source.ts';
import { previewOf } from '../replays/preview.ts';
import { knownCaptures } from './capture-list.ts';
import { toReplay } from './replays.ts';
import { assertSendable, startReplay, type ReplayDeps } from './start-replay.ts';

/** What a replay of one capture is asked to do. */
interface CaptureReplay {
  readonly id: string;
  readonly endpointId?: string | undefined;
  readonly url?: string | undefined;
  readonly as: 'received' | 'resigned';
  readonly withAuth: boolean;
  readonly authId?: string | undefined;
  readonly signing?: Signing | undefined;
  readonly secret?: string | undefined;
  readonly body?: string | undefined;
  readonly bodyBase64?: GivenBytes | undefined;
  readonly type?: string | undefined;
  readonly verifyTls: boolean;
  readonly retryPolicy?: RetryPolicyChoice | undefined;
}

/** Where to, and how it is signed there. */
type TargetAsked = Pick<
  CaptureReplay,
  'endpointId' | 'url' | 'as' | 'withAuth' | 'authId' | 'signing' | 'secret' | 'verifyTls' | 'retryPolicy'
>;

interface ManyCaptures extends TargetAsked {
  readonly filter: CaptureFilter;
}

interface ManyCapturesDeps extends ReplayDeps {
  readonly vault: Vault;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly policies: Pick<PolicyBook, 'find' | 'resolve'>;
  readonly auths: Pick<AuthBook, 'find'>;
}

interface CaptureReplayDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly endpoints: Pick<EndpointBook, 'get'>;
  readonly messages: Messages;
}

type StoredCapture = NonNullable<ReturnType<typeof findCapture>>;

/** Sends captured requests on as deliveries like any other. */
export function createCaptureReplayHandler(os: Procedures, deps: CaptureReplayDeps) {
  return os.captures.replay.handler(({ input, context }) => replayCapture(deps, input, callerOf(context)));
}

/** Rejects with a Refusal where something is missing for that. */
async function replayCapture(deps: CaptureReplayDeps, asked: CaptureReplay, caller: Caller): Promise<MessageAnswer> {
  const capture = findCapture(deps.database, asked.id);
  if (capture === undefined) throw notFound('capture', asked.id);
  assertOneTarget(deps, asked);
  const body = bodyOf(capture, asked);
  const { headers, leftOut } = headersToSendOn(JSON.parse(capture.headers_json) as HeaderField[]);
  const head = headOf({ method: capture.method, headers, isSigned: asked.as === 'resigned', isAuthenticated: isAuthenticated(asked) });
  const sent = {
    type: asked.type ?? eventTypeIn(headers, body.bytes),
    data: {},
    bodyBase64: ownBytes(body.bytes),
    head,
    sourceCaptureId: capture.id,
  };
  const answer =
    asked.url === undefined
      ? await deps.messages.accept({ ...sent, endpointIds: [asked.endpointId ?? ''] }, caller)
      : await deps.messages.accept(
          { ...sent, target: targetOf(deps, named(capture), asked, asked.url), hasOwnSigning: hasOwnSigning(asked) },
          caller,
        );
  return { ...answer, warnings: [...warningsOf(capture, asked, leftOut, body.isOther), ...answer.warnings] };
}

/** Sends many captured requests on, as a replay that is followed, paused and cancelled like the others. */
export function createManyCapturesHandlers(os: Procedures, deps: ManyCapturesDeps) {
  /** The replay's source, and the endpoint that is made for a URL. */
  const ready = (asked: ManyCaptures, creator: string) => {
    const { filter, as } = asked;
    assertOneTarget(deps, asked);
    const withAuth = isAuthenticated(asked);
    knownCaptures(deps, filter);
    if (asked.url === undefined)
      return { own: null, source: { kind: 'captures' as const, filter, endpointId: asked.endpointId ?? '', as, withAuth } };
    if (asked.retryPolicy !== undefined) assertKnownPolicy(deps.policies, asked.retryPolicy, 'retryPolicy');
    const input = targetOf(deps, { name: `Replay of captures to ${asked.url}`, binId: filter.binId ?? null }, asked, asked.url);
    const made = { id: deps.ids.next('ep'), creator, nowMs: deps.clock.now(), isOneOff: true };
    const { config: target } = newConfig({ ...input, ...streamDefaults }, made);
    const config = hasOwnSigning(asked) ? { ...target, hasOwnSigning: true } : target;
    return { own: config, source: { kind: 'captures' as const, filter, endpointId: config.id, as, withAuth } };
  };
  return {
    replayMany: os.captures.replayMany.handler(async ({ input: { ratePerSecond, ...asked }, context, signal }) => {
      const { own, source } = ready(asked, context.actor);
      if (own !== null) deps.endpoints.put(own);
      const write = (writer: Writer) => {
        if (own !== null) insertEndpoint(deps.database, writer, toRow(own, deps.vault));
      };
      return toReplay(
        deps,
        await startReplay(deps, { source, timestamp: 'now', ratePerSecond }, { creator: context.actor, signal, write }),
        null,
      );
    }),
    previewReplay: os.captures.previewReplay.handler(({ input, context, signal }) => {
      const { own, source } = ready(input, context.actor);
      if (own !== null) deps.endpoints.put(own);
      assertSendable(deps, source);
      return previewOf(openSource(deps, source), deps.endpoints, signal);
    }),
  };
}

/** Whether headers of an authentication are sent: of the endpoint's, or of the one that is named for a URL. */
function isAuthenticated({ withAuth, authId }: TargetAsked): boolean {
  return withAuth || authId !== undefined;
}

/** A scheme that is asked for is signed with, whatever the authentication that is named beside it signs with. */
function hasOwnSigning({ as, signing }: TargetAsked): boolean {
  return as === 'resigned' && signing !== undefined;
}

function assertOneTarget(
  { auths, endpoints }: Pick<CaptureReplayDeps, 'auths' | 'endpoints'>,
  { endpointId, url, signing, secret, retryPolicy, withAuth, authId }: TargetAsked,
): void {
  if (endpointId === undefined && url === undefined)
    throw invalid('url', 'Say where to: give an endpointId, or a url such as http://127.0.0.1:3000/webhooks.');
  if (authId !== undefined) assertKnownAuth(auths, authId, 'authId');
  if (endpointId === undefined) {
    if (withAuth && authId === undefined)
      throw invalid('withAuth', 'A URL has no authentication of its own: name one with authId, or give an endpointId.');
    return;
  }
  if (url !== undefined) throw invalid('url', 'Give either an endpointId or a url; replay the capture twice to reach both.');
  if (authId !== undefined) throw invalid('authId', 'An endpoint has its own authentication: give withAuth for it, or give a url.');
  if (withAuth && endpoints.get(endpointId).authId === null)
    throw invalid('withAuth', `${endpoints.get(endpointId).name} has no authentication: choose one for it first, or leave this out.`);
  const extra = signing !== undefined ? 'signing' : secret !== undefined ? 'secret' : null;
  if (retryPolicy !== undefined) throw invalid('retryPolicy', 'An endpoint has its own retry policy: leave this out, or give a url.');
  if (extra !== null) throw invalid(extra, `An endpoint signs with its own scheme and secret: leave ${extra} out, or give a url.`);
}

/** The body to send. Throws a Refusal for a captured one that is not whole. */
function bodyOf(capture: StoredCapture, { body, bodyBase64 }: CaptureReplay): { readonly bytes: Uint8Array; readonly isOther: boolean } {
  if (body !== undefined && bodyBase64 !== undefined) throw invalid('body', 'Give the body as text or in base64, not both.');
  const given = body !== undefined ? Buffer.from(body, 'utf8') : bodyBase64 !== undefined ? bytesOf(bodyBase64) : null;
  if (given !== null) return { bytes: given, isOther: Buffer.compare(given, capture.bytes) !== 0 };
  if (capture.is_body_truncated === 1)
    throw new Refusal(
      'CONFLICT',
      `Only the first ${capture.body_bytes} bytes of this body were received, so it cannot be sent as it was. Give a whole body.`,
      {
        issues: [{ path: 'body', message: 'The captured body is incomplete.' }],
      },
    );
  return { bytes: capture.bytes, isOther: false };
}

/** The head as the contract takes one. A request may have come with what cannot be sent, such as another method. */
function headOf(head: GivenHead): GivenHead {
  const parsed = givenHead.safeParse(head);
  if (parsed.success) return parsed.data;
  const isMethod = parsed.error.issues.some(({ path }) => path[0] === 'method');
  if (isMethod) throw invalid('id', `This capture is a ${head.method} request, which Hookyard does not send.`);
  throw invalid('id', `The headers of this capture cannot be sent again. ${parsed.error.issues[0]?.message ?? ''}`.trim());
}

function targetOf(
  { bins, auths }: Pick<CaptureReplayDeps, 'bins' | 'auths'>,
  { name, binId }: { readonly name: string; readonly binId: string | null },
  asked: TargetAsked,
  url: string,
): Omit<EndpointInput, keyof typeof streamFields> {
  const fields = {
    name: name.slice(0, 200),
    url: literalUrl(url),
    retryPolicy: asked.retryPolicy ?? 'none',
    verifyTls: asked.verifyTls,
    authId: asked.authId ?? null,
  };
  const auth = asked.authId === undefined ? undefined : auths.find(asked.authId);
  const isSignedByAuth = auth !== undefined && partOf(auth, 'signature') !== undefined && asked.signing === undefined;
  if (asked.as === 'received' || isSignedByAuth) return endpointInput.parse({ ...fields, signing: null });
  const bin = binId === null ? undefined : bins.find(binId);
  const signing = asked.signing ?? bin?.signing ?? null;
  if (signing === null) throw invalid('signing', 'Say how to sign: give a scheme, since the bin of this capture verifies none.');
  // The secret of the bin is for the scheme of the bin.
  const isOfBin = signing.scheme === bin?.signing?.scheme;
  const secret = asked.secret ?? (isOfBin ? bin.secrets[0] : undefined);
  if (secret === undefined)
    throw invalid('secret', 'Give the secret to sign with, since the bin of this capture has none for this scheme.');
  return endpointInput.parse({ ...fields, signing, secret });
}

function named({ method, target, bin_id: binId }: StoredCapture) {
  return { name: `Replay of ${method} ${target}`, binId };
}

function warningsOf(capture: StoredCapture, { as }: CaptureReplay, leftOut: readonly string[], isOtherBody: boolean): Warning[] {
  const trailers = (JSON.parse(capture.trailers_json) as Capture['trailers']).map(([name]) => name);
  return [
    ...(leftOut.length === 0
      ? []
      : [
          {
            code: 'HEADERS_LEFT_OUT',
            message: `Not sent as captured, since they are about one connection: ${listed(leftOut)}. Hookyard writes its own where they are needed.`,
          },
        ]),
    ...(trailers.length === 0
      ? []
      : [{ code: 'TRAILERS_LEFT_OUT', message: `The trailers of the capture are not sent: ${listed(trailers)}.` }]),
    ...(as === 'received' && isOtherBody
      ? [
          {
            code: 'BODY_CHANGED',
            message:
              'The body is another and the headers are those of the capture: a signature over the body no longer fits. Use "resigned" for a new one.',
            path: 'body',
          },
        ]
      : []),
  ];
}
