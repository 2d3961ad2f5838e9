import type { DecodedBody } from '#shared/contract/bodies.ts';
import type { BodyComparison, ComparedResult, JsonChange } from '#shared/contract/comparing.ts';
import type { ComparedSide } from '#shared/contract/comparisons.ts';
import type { CaptureSummary } from '#shared/contract/captures.ts';
import type { Attempt, DeliverySummary } from '#shared/contract/deliveries.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { askedChoice } from '#shared/compared-choice.ts';
import { invalid } from '../../base/refusal.ts';
import { timeText, type ToolAnswer } from '../answer.ts';
import { bodyPiece } from '../body-window.ts';
import { headerLines, shownChange } from '../header-lines.ts';
import type { ToolSet } from '../tool-context.ts';

type Looking =
  | 'list_endpoints'
  | 'list_bins'
  | 'list_profiles'
  | 'list_deliveries'
  | 'get_delivery'
  | 'list_captures'
  | 'get_capture'
  | 'diff';

/** Tools that read what is there. */
export const looking: ToolSet<Looking> = {
  list_endpoints: async ({ client }, { cursor, limit }) => {
    const { items, next } = await client.endpoints.list({ limit, ...given({ cursor }) });
    return listed('endpoint', next, items, (each) => ({
      id: each.id,
      name: each.name,
      url: each.url,
      events: each.events,
      scheme: each.signing?.scheme ?? null,
      profile: each.profile,
      authId: each.authId,
      isActive: each.isActive,
      health: each.health,
      lastOutcome: each.lastDelivery?.outcomeCode ?? null,
    }));
  },
  list_bins: async ({ client }, { cursor, limit }) => {
    const { items, next } = await client.bins.list({ limit, ...given({ cursor }) });
    return listed('bin', next, items, (each) => ({
      id: each.id,
      name: each.name,
      url: each.url,
      scheme: each.signing?.scheme ?? null,
      answer: { status: each.response.status, delayMs: each.response.delayMs, sequence: each.answers.sequence?.steps ?? null },
      rules: each.answers.rules.length,
      captures: each.captureCount,
      lastCapture: timeText(each.lastCaptureAtMs),
    }));
  },
  list_profiles: async ({ client }, { query, cursor, limit }) => {
    const { items, next } = await client.profiles.list({ limit, ...given({ q: query, cursor }) });
    return listed('profile', next, items, (each) => ({ id: each.id, name: each.name, scheme: each.scheme, eventTypes: each.eventTypes }));
  },
  list_deliveries: async ({ client }, { endpoint_id, event_type, message_id, ...rest }) => {
    const asked = { ...given({ endpointId: endpoint_id, eventType: event_type, messageId: message_id }), ...given(rest) };
    const { items, next, warnings } = await client.deliveries.list(asked);
    return listed('delivery', next, items, deliveryFacts, warnings);
  },
  get_delivery: async ({ client, mask }, { delivery_id, attempt: wanted, body, ...window }) => {
    const { attempts, ...delivery } = await client.deliveries.get({ id: delivery_id, bodies: false });
    const shown = wanted === undefined ? attempts.at(-1) : attempts.find(({ number }) => number === wanted);
    if (shown === undefined && wanted !== undefined)
      throw invalid('attempt', `There is no attempt ${wanted}: this delivery has ${attempts.length}.`);
    const size = body === 'request' ? shown?.request?.bodyBytes : shown?.response?.bodyBytes;
    const piece =
      shown === undefined || size === undefined || shown.endedAtMs === null
        ? null
        : bodyPiece(
            body === 'request' ? 'Body of the request' : 'Body of the answer',
            cutIf(
              await client.deliveries.decoded({ id: shown.id, of: body }),
              body === 'answer' && shown.response?.isBodyTruncated === true,
            ),
            window,
            mask,
          );
    return {
      said: [
        `Delivery ${delivery.id}: ${delivery.status}, ${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}.`,
        ...(shown === undefined ? [] : [`Attempt ${shown.number} of ${attempts.length} (${shown.id}) is told in full.`]),
        ...(piece === null ? [] : [piece.said]),
      ],
      facts: {
        ...deliveryFacts(delivery),
        sourceCaptureId: delivery.sourceCaptureId,
        attempts: attempts.map(({ number, outcome, startedAtMs, timings }) => ({
          number,
          at: timeText(startedAtMs),
          outcome: outcome === null ? 'under way' : outcome.message,
          totalMs: timings?.totalMs,
        })),
        ...(shown === undefined ? {} : { attempt: attemptFacts(shown) }),
      },
      texts: piece?.texts ?? [],
    };
  },
  list_captures: async ({ client }, { bin_id, event_type, after_id, ...rest }) => {
    const asked = { ...given({ binId: bin_id, eventType: event_type, afterId: after_id }), ...given(rest) };
    const { items, next, warnings } = await client.captures.list(asked);
    return listed('capture', next, items, (each) => ({ ...captureFacts(each), eventType: each.eventType }), warnings);
  },
  get_capture: async ({ client, mask }, { capture_id, ...window }) => {
    const capture = await client.captures.get({ id: capture_id });
    const decoded = await client.captures.decoded({ id: capture_id });
    const piece = bodyPiece('Body', cutIf(decoded, capture.isBodyTruncated), window, mask);
    return {
      said: [`Capture ${capture.id}: verdict ${capture.verdict ?? 'none'}.`, piece.said],
      facts: {
        ...captureFacts(capture),
        url: capture.arrival.url,
        headers: headerLines(capture.headers),
        trailers: headerLines(capture.trailers),
        verification: verificationFacts(capture.verification),
        answered: { status: capture.response.status, by: capture.answeredBy, fault: capture.response.fault?.kind },
        timings: capture.timings,
        deliveryId: capture.deliveryId,
        source: capture.source?.message,
      },
      texts: piece.texts,
    };
  },
  diff: async ({ client }, { before, after, ignore }) => {
    const { result, request, response, timing, connection, ...sides } = await client.comparing.compare({
      before: askedChoice(before),
      after: askedChoice(after),
      ignore,
    });
    return {
      said: [saidOf[result], ...request.notCompared, ...response.notCompared],
      facts: {
        result,
        before: shortSide(sides.before),
        after: shortSide(sides.after),
        request: {
          result: request.result,
          line: request.line,
          headers: request.headers.map(shownChange),
          isReordered: request.isReordered,
          body: bodyFacts(request.body),
          leftOut: request.leftOut,
        },
        response: {
          result: response.result,
          before: response.before,
          after: response.after,
          headers: response.headers.map(shownChange),
          body: response.body === null ? null : bodyFacts(response.body),
          notes: response.notes,
          leftOut: response.leftOut,
        },
        timing: { summary: timing.summary, phases: timing.phases },
        connection: { summary: connection.summary },
      },
    };
  },
};

/** What came out of a comparison. */
const saidOf = {
  same: 'Neither the requests nor their answers differ.',
  different: 'They differ.',
  'not compared': 'Nothing is known to differ, but not all could be compared.',
} as const satisfies Record<ComparedResult, string>;

/** What one of the two is. */
function shortSide({ name, id, atMs, status, outcome }: ComparedSide) {
  return { name, id, at: timeText(atMs), status, outcome: outcome?.message };
}

/** A comparison of bodies without what could be used to guess at them. */
function bodyFacts({ beforeSha256, afterSha256, firstDifference: _first, rewrites, changes, ...body }: BodyComparison) {
  return {
    ...body,
    isSameSha256: beforeSha256 === afterSha256,
    rewrites: rewrites.map(({ kind }) => kind),
    changes: changes.map(wholeChange),
  };
}

/**
 * A value that differs, unless it is too long to be told whole: of one that is cut, a secret could be left in part. Where bytes first
 * differ is not told either, since that would say how far a guess is right.
 */
function wholeChange({ before, after, ...change }: JsonChange) {
  const whole = (value: string | null) => (value?.endsWith('…') === true ? '[long]' : value);
  const path = change.path.includes('…') ? '[long]' : change.path;
  return { ...change, path, before: whole(before), after: whole(after), note: null };
}

/** A decoded body, which counts as cut where what was kept of it is not whole. */
function cutIf(body: DecodedBody, isTruncated: boolean): DecodedBody {
  return { ...body, isCut: body.isCut || isTruncated };
}

/** A row of the log. */
export function deliveryFacts(each: DeliverySummary) {
  return {
    id: each.id,
    status: each.status,
    eventType: each.eventType,
    endpoint: each.endpointName,
    endpointId: each.endpointId,
    messageId: each.messageId,
    url: each.url,
    isTest: each.isTest,
    attempts: `${each.attemptCount} of ${each.maxAttempts}`,
    lastOutcome: each.lastOutcome?.message,
    endReason: each.endReason,
    nextAttempt: timeText(each.nextAttemptAtMs),
    made: timeText(each.createdAtMs),
  };
}

/** A row of the captures. */
export function captureFacts(each: CaptureSummary) {
  return {
    id: each.id,
    binId: each.binId,
    at: timeText(each.receivedAtMs),
    method: each.method,
    target: each.target,
    contentType: each.contentType,
    bodyBytes: each.bodyBytes,
    isBodyTruncated: each.isBodyTruncated,
    verdict: each.verdict,
    answered: each.status,
    messageId: each.messageId,
    sameMessageAs: each.sameMessageAsId,
    note: each.note,
  };
}

/** What a verification found. */
export function verificationFacts(verification: Verification | null) {
  if (verification === null) return null;
  const { verdict, reason, message, scheme, checks, timestampAgeSeconds, receivedSignatures, expectedSignatures, next, libraryNote } =
    verification;
  return {
    verdict,
    reason,
    message,
    scheme,
    checks: checks.map((check) => `${check.name} ${check.result}: ${checkText(check)}`),
    timestampAgeSeconds,
    ...(verdict === 'valid' ? {} : { receivedSignatures, expectedSignatures }),
    next,
    libraryNote,
  };
}

/** What a check says. Of a secret that can be used, what else is said is about the secret, such as that it is easy to guess. */
function checkText({ name, result, message }: Verification['checks'][number]): string {
  return name === 'secret' && result === 'passed' ? message.replace(/(?<= can be used\.) .*$/s, '') : message;
}

function attemptFacts({ id, outcome, request, response, redirects, steps, timings, connection }: Attempt) {
  return {
    id,
    outcome,
    request:
      request === null
        ? null
        : { line: `${request.method} ${request.url}`, headers: headerLines(request.headers), bodyBytes: request.bodyBytes },
    answer:
      response === null
        ? null
        : { status: response.status, reason: response.reason, headers: headerLines(response.headers), bodyBytes: response.bodyBytes },
    redirects: redirects.map(({ status, location }) => `${status} to ${location}`),
    steps: steps.map(({ message }) => message),
    timings,
    remoteAddress: connection?.remoteAddress,
  };
}

const plurals = { endpoint: 'endpoints', bin: 'bins', profile: 'profiles', delivery: 'deliveries', capture: 'captures' } as const;

function listed<Item>(
  noun: keyof typeof plurals,
  next: string | null,
  items: readonly Item[],
  factsOf: (item: Item) => object,
  warnings: readonly { readonly message: string }[] = [],
): ToolAnswer {
  const count = `${items.length} ${items.length === 1 ? noun : plurals[noun]}`;
  const said = next === null ? `${count}.` : `${count}; there are more: call again with cursor ${JSON.stringify(next)}.`;
  const facts = [...items.map(factsOf), ...warnings.map(({ message }) => ({ warning: message }))];
  return { said: [said], ...(facts.length === 0 ? {} : { facts }) };
}

/** The fields that have a value. */
export function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
