import { createHash } from 'node:crypto';
import type { CaptureArrival } from '#shared/contract/captures.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchTexts, readMatch } from '#shared/match-text.ts';
import { firstHeaderValues, headerValue } from '#shared/text/headers.ts';
import type { Background } from '../../background/background.ts';
import { eventTypeIn, jsonAnswers, jsonOf } from '../matching/capture-facts.ts';
import { matchesOf, smallBodyBytes, type RequestFacts } from '../matching/match-all.ts';
import { textAt } from '../matching/json-place.ts';
import { matches } from '../matching/match.ts';
import { bytesOf, type ReceivedBody } from '../body-store.ts';
import { pathBehindBin } from '../request-target.ts';
import type { ReadyRule } from './config.ts';

/** A request that is to be answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly target: string;
  /** Whether its bin was named by its path or its host. */
  readonly by: CaptureArrival['by'];
  readonly headers: readonly HeaderField[];
  readonly body: ReceivedBody;
  readonly remoteAddress: string;
  readonly receivedAtMs: number;
}

/** What answering needs to know of a request. */
export interface AnswerFacts {
  readonly request: AnsweredRequest;
  readonly matched: RequestFacts;
  /** Its JSON; undefined for what is none, and for a large body. */
  readonly json: unknown;
  /** Its body where it is small, else null. */
  readonly small: Uint8Array | null;
  /** Which rules it meets, in their order, whatever their counts. */
  readonly met: readonly boolean[];
  /** False where rules ask for JSON of a body that is too large, or takes too long, to be read for it. */
  readonly isRead: boolean;
}

/** Gathers it; what takes long is looked at in a thread. */
export async function answerFacts(
  background: Pick<Background, 'run'>,
  rules: readonly Pick<ReadyRule, 'match'>[],
  request: AnsweredRequest,
  verdict: string | null,
): Promise<AnswerFacts> {
  const { method, headers, body, target, by } = request;
  const small = 'bytes' in body && body.size <= smallBodyBytes ? body.bytes : null;
  const json = small === null || small.byteLength === 0 ? undefined : jsonOf(small);
  const matched = { method, ...pathBehindBin(target, by), headers, eventType: eventTypeIn(headers, small), verdict };
  const filters = rules.map(({ match }) => match);
  const given = { body: small, bytes: body.size, read: () => bytesOf(body) };
  const met = await matchesOf(background, filters, matched, given);
  if (met !== null) return { request, matched, json, small, met, isRead: true };
  // Rules that do not ask for its JSON answer it all the same.
  const others = await matchesOf(background, filters.map(withoutJson), matched, given);
  const asksJson = (index: number) => (filters[index]?.json?.length ?? 0) > 0;
  return { request, matched, json, small, met: (others ?? []).map((isMet, index) => isMet && !asksJson(index)), isRead: false };
}

function withoutJson(match: RequestMatch | null): RequestMatch | null {
  if (match === null) return null;
  const { json, ...rest } = match;
  return rest;
}

/** The first condition of a rule that a request does not meet, as it is written. */
export function unmetText(match: RequestMatch | null, { matched, small, isRead }: AnswerFacts): string {
  const hasJson = small === null ? () => false : jsonAnswers(small);
  const parts = matchTexts(match).map((text) => ({ text, match: onlyOf(text) }));
  const unmet = parts.find((part) => !matches(part.match, { ...matched, hasJson }));
  if (unmet === undefined) return `It does not meet ${parts.map(({ text }) => text).join(' and ')}.`;
  return `${!isRead && unmet.text.startsWith('json.') ? 'Its body is too large to look for' : 'It does not meet'} ${unmet.text}.`;
}

function onlyOf(text: string): RequestMatch | null {
  const read = readMatch([text]);
  return 'match' in read ? read.match : null;
}

/** Headers that carry the id of a message, the same over its retries. */
const messageIdHeaders = [
  'webhook-id',
  'svix-id',
  'ce-id',
  'x-github-delivery',
  'x-gitlab-event-uuid',
  'x-shopify-webhook-id',
  'twitch-eventsub-message-id',
  'x-wc-webhook-delivery-id',
  'linear-delivery',
  'idempotency-key',
];
/** Members at the top of a JSON body that hold it. */
export const messageIdMembers: readonly string[] = ['id', 'event_id', 'eventId', 'message_id', 'messageId', 'uuid'];

/** A longer value is kept by its hash. */
const longestValue = 120;

/** What a request has at a key, by which it is counted; empty where it has nothing there, and where nothing is counted by. */
export function keyValue(key: string, facts: AnswerFacts): string {
  const value = valueAt(key, facts);
  return value.length <= longestValue ? value : `sha256:${hashOf(value)}`;
}

function valueAt(key: string, { request, matched, json, small }: AnswerFacts): string {
  const dot = key.indexOf('.');
  const rest = key.slice(dot + 1);
  switch (dot === -1 ? key : key.slice(0, dot)) {
    case 'path':
      return matched.path;
    case 'header':
      return headerValue(request.headers, rest) ?? '';
    case 'query':
      return new URLSearchParams(matched.query).get(rest) ?? '';
    case 'json':
      return textAt(json, rest) ?? '';
    case 'message':
      return messageIdOf(request.headers, json) ?? (small === null ? '' : `sha256:${hashOf(small)}`);
    default:
      return '';
  }
}

function messageIdOf(headers: readonly HeaderField[], json: unknown): string | null {
  const first = firstHeaderValues(headers);
  const given = [...messageIdHeaders.map((name) => first.get(name)), ...messageIdMembers.map((name) => textAt(json, name) ?? undefined)];
  return given.find((value) => value !== undefined && value !== '') ?? null;
}

function hashOf(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 32);
}
