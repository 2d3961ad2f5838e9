import { z } from 'zod';
import { captureArrival } from '#shared/contract/captures.ts';
import { comparedPhase, type ComparedPhase, type ConnectionFact } from '#shared/contract/comparisons.ts';
import { connectionFacts, timings } from '#shared/contract/deliveries.ts';
import { outcome, type Outcome } from '#shared/contract/outcome.ts';
import type { JsonRecord } from '#shared/import/pasted.ts';
import { isRecord, readHeaders } from '#shared/import/request-record.ts';
import { decodeDeclaredBody } from '#shared/text/declared-body.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { attemptConnection, captureConnection, unknownConnection, type ComparedConnection } from './compare-connections.ts';
import type { ComparedResponse } from './compare-responses.ts';
import { attemptTimes, captureTimes, unknownTimes, type ComparedTimes } from './compare-timings.ts';

/** What a text tells of a request beside itself. */
export interface BesideRequest {
  readonly response: ComparedResponse;
  readonly times: ComparedTimes;
  readonly connection: ComparedConnection;
  readonly outcome: Outcome | null;
  /** When it began or arrived; null where that is not told. */
  readonly atMs: number | null;
}

const nothing: BesideRequest = {
  response: { kind: 'unknown' },
  times: unknownTimes,
  connection: unknownConnection,
  outcome: null,
  atMs: null,
};

/** Reads what stands beside a request in the objects of its JSON: of a HAR file, of what Hookyard writes, or of what other tools do. */
export function besideRequest(records: readonly JsonRecord[]): BesideRequest {
  const all = records.toReversed().reduce<JsonRecord>((outer, inner) => ({ ...outer, ...inner }), {});
  const atMs = timeIn(all);
  if ('startedDateTime' in all) return { ...nothing, ...ofHar(all), atMs };
  if ('binId' in all) return { ...nothing, ...ofCapture(all), atMs };
  if ('deliveryId' in all && 'startedAtMs' in all) return { ...nothing, ...ofAttempt(all), atMs };
  return { ...nothing, response: answerOf(all['response'] ?? all['res']), atMs };
}

/** An attempt as `deliveries show --json` and REST give it. */
function ofAttempt(attempt: JsonRecord): Partial<BesideRequest> {
  const ended = outcome.nullable().catch(null).parse(attempt['outcome']);
  const connection = connectionFacts.nullable().catch(null).parse(attempt['connection']);
  const times = timings.nullable().catch(null).parse(attempt['timings']);
  const answer = answerOf(attempt['response']);
  const response: ComparedResponse =
    answer.kind === 'answer'
      ? { ...answer, outcome: ended }
      : ended === null
        ? answer
        : { kind: 'none', code: ended.code, why: ended.message };
  return {
    response,
    outcome: ended,
    times: times === null ? unknownTimes : attemptTimes(times, connection?.isReused ?? false),
    connection: connection === null ? unknownConnection : attemptConnection(connection),
  };
}

const shownCapture = z.object({
  timings: z.object({ bodyMs: z.number(), totalMs: z.number().nullable() }),
  arrival: captureArrival,
  httpVersion: z.string(),
  remoteAddress: z.string(),
  source: z.unknown(),
});
const exportedCapture = z.object({ httpVersion: z.string(), remoteAddress: z.string(), url: z.string() });

/** A capture, as JSON Lines of an export or as `captures show --json` gives it. Of its answer the size of the body is kept. */
function ofCapture(capture: JsonRecord): Partial<BesideRequest> {
  const { answeredBy } = capture;
  const isUnanswered = isRecord(answeredBy) && answeredBy['kind'] === 'unanswered';
  const answer = answerOf(capture['response']);
  const response: ComparedResponse = isUnanswered
    ? { kind: 'none', code: 'unanswered', why: textOf(answeredBy['why']) }
    : answer.kind === 'answer'
      ? { ...answer, body: null }
      : answer;
  const shown = shownCapture.safeParse(capture);
  if (shown.success) {
    const { timings: times, source, ...way } = shown.data;
    return { response, times: captureTimes({ ...times, isBrought: isRecord(source) }), connection: captureConnection(way) };
  }
  const way = exportedCapture.safeParse(capture);
  if (!way.success) return { response };
  const facts: readonly (readonly [ConnectionFact, string])[] = [
    ['sender address', way.data.remoteAddress],
    ['http version', way.data.httpVersion],
    ['url', way.data.url],
  ];
  return { response, connection: { facts: new Map(facts), why: null } };
}

/** An entry of a HAR file; one that Hookyard wrote is of a capture. */
function ofHar(entry: JsonRecord): Partial<BesideRequest> {
  const { creator } = entry;
  const isOurs = isRecord(creator) && creator['name'] === 'Hookyard';
  const { response } = entry;
  const known = isRecord(response) ? harAnswer(response) : nothing.response;
  const address = textOf(entry['serverIPAddress']);
  return {
    response: isOurs && known.kind === 'answer' ? { ...known, body: null } : known,
    times: harTimes(entry, isOurs),
    connection: address === '' ? unknownConnection : { facts: new Map([['remote address', address]]), why: null },
  };
}

/** Status 0 stands for an answer that did not come. */
function harAnswer(response: JsonRecord): ComparedResponse {
  if (response['status'] === 0) {
    const error = textOf(response['_error']);
    const why = `The entry of the HAR file has status 0, so none came${error === '' ? '' : ` (${error.slice(0, 200)})`}.`;
    return { kind: 'none', code: error === '' ? null : `status 0: ${error}`, why };
  }
  const answer = answerOf(response);
  if (answer.kind !== 'answer') return answer;
  const content = isRecord(response['content']) ? response['content'] : {};
  const { text, encoding } = content;
  // What is kept in the file is unpacked already, so its size is that of `content`, and not the one that went over the wire.
  const headers = answer.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
  const held = typeof text !== 'string' ? 'none' : bytesOf(text, encoding === 'base64');
  const [size, sentBytes] = [sizeOf(content['size']), sizeOf(response['bodySize'])];
  // A body that went over the wire is not one of 0 bytes.
  const stated = (size ?? sentBytes) === 0 && (sentBytes ?? 0) > 0 ? null : (size ?? (sentBytes === 0 ? 0 : null));
  return { ...answer, ...bodyHeld(held, stated, headers, false) };
}

/** Phases of HAR by those of an attempt. `connect` holds the TLS handshake there. */
function harTimes({ time, timings: told }: JsonRecord, isOurs: boolean): ComparedTimes {
  const totalMs = msOf(time);
  if (totalMs === null) return unknownTimes;
  const phase = (name: string) => (isRecord(told) && !isOurs ? msOf(told[name]) : null);
  const [connect, tls, send, wait] = [phase('connect'), phase('ssl'), phase('send'), phase('wait')];
  const phases: Readonly<Record<string, number | null>> = {
    queued: phase('blocked'),
    dns: phase('dns'),
    connect: connect === null ? null : Math.max(0, connect - (tls ?? 0)),
    tls,
    wait: wait === null ? null : wait + (send ?? 0),
    download: phase('receive'),
  };
  const known = comparedPhase.options.flatMap((name): (readonly [ComparedPhase, number])[] => {
    const ms = phases[name] ?? null;
    return ms === null ? [] : [[name, ms]];
  });
  return { phases: new Map(known), totalMs, clauses: [] };
}

/** An answer in an object of any of the usual shapes; not known where there is none with a status. */
function answerOf(value: unknown): ComparedResponse {
  if (!isRecord(value)) return nothing.response;
  const status = ['status', 'statusCode', 'status_code'].map((name) => value[name]).find((one) => Number.isInteger(one));
  if (typeof status !== 'number') return nothing.response;
  const headers = value['headers'] === undefined ? [] : [...readHeaders(value['headers']).headers];
  const isCut = value['isBodyTruncated'] === true;
  const held = bytesIn(value);
  return {
    kind: 'answer',
    status,
    reason: ['reason', 'statusText', 'status_text'].map((name) => textOf(value[name])).find((text) => text !== '') ?? '',
    headers,
    ...bodyHeld(held, sizeOf(value['bodyBytes']), headers, isCut),
    ...(value['headers'] === undefined ? { tells: 'none' as const } : {}),
    outcome: null,
    fault: null,
  };
}

/** The bytes of a body in a text: `none` where it holds none, `broken` where they cannot be read. */
type Held = Uint8Array | 'none' | 'broken';

function bytesIn({ bodyBase64, body, isBase64Encoded }: JsonRecord): Held {
  if (typeof bodyBase64 === 'string') return bytesOf(bodyBase64, true);
  return typeof body === 'string' ? bytesOf(body, isBase64Encoded === true) : 'none';
}

function bytesOf(text: string, isBase64: boolean): Held {
  const decoded = decodeDeclaredBody(text, isBase64 ? 'base64' : 'text');
  return decoded.ok ? decoded.bytes : 'broken';
}

/** The body of an answer with its size: what the text holds, unless the text states another size. */
function bodyHeld(
  held: Held,
  stated: number | null,
  headers: ComparedBody['headers'],
  isCut: boolean,
): { readonly bodyBytes: number | null; readonly body: ComparedBody } {
  const known = (bytes: Uint8Array | null, size: number | null, why: string) => ({
    bodyBytes: size,
    body: { bytes, why, size, headers, isCut },
  });
  if (held === 'broken') return known(null, stated, 'is declared as base64 in the text, but is not');
  if (held === 'none') return known(stated === 0 ? new Uint8Array() : null, stated, 'is not in the text');
  if (stated === null || stated === held.byteLength || isCut) return known(held, stated ?? held.byteLength, 'is not in the text');
  // One of the two is wrong, so the size is not known either.
  return known(null, null, `has ${held.byteLength} bytes in the text, which states a size of ${stated}`);
}

function timeIn(record: JsonRecord): number | null {
  const ms = ['startedAtMs', 'receivedAtMs'].map((name) => record[name]).find((value) => Number.isSafeInteger(value));
  if (typeof ms === 'number') return ms;
  const texts = ['startedDateTime', 'receivedAt', '@timestamp', 'timestamp', 'time'].map((name) => record[name]);
  const parsed = texts.map((text) => (typeof text === 'string' ? Date.parse(text) : Number.NaN)).find((at) => !Number.isNaN(at));
  return parsed ?? null;
}

function sizeOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function msOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
