import type { AnswerDifference } from '#shared/contract/relays.ts';
import { compareAnswers, type AnswersDifference, type ComparedAnswer } from '../comparing/compare-answers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { targetOf } from '../comparing/target.ts';
import { lastAnswerTo, relayedMessages, type AnsweredAttempt, type RelayedMessage } from '../log/answered-attempts.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import type { ShadowConfig } from './config.ts';
import { messageIdOf } from './message-id.ts';

/** Which differences are asked for. */
export interface DifferencesOrder {
  readonly relayId: string;
  readonly shadow: ShadowConfig;
  readonly beforeSeq: number;
  readonly limit: number;
}

/** A page of differences, with where the next one begins; null at the end. */
export interface DifferencesPage {
  readonly items: readonly AnswerDifference[];
  readonly compared: number;
  readonly waiting: number;
  readonly nextBeforeSeq: number | null;
}

/** One call looks at this many captures, and begins no further one after this time. */
const [lookedCaptures, lookedMs] = [200, 2000];
/** Messages that are read at once. */
const readAtOnce = 500;
/** A relay of many targets has many messages for each capture. */
const lookedMessages = 4000;
const [listedHeaders, listedChanges] = [50, 20];

/** Captures that a target and its shadow answered differently, newest first. */
export const differencesSearch = search(
  'differences',
  async (reader: Reader, { relayId, shadow, beforeSeq, limit }: DifferencesOrder): Promise<DifferencesPage> => {
    const items: AnswerDifference[] = [];
    const until = performance.now() + lookedMs;
    const seen = { compared: 0, waiting: 0, messages: 0 };
    const page = (nextBeforeSeq: number | null): DifferencesPage => ({
      items,
      compared: seen.compared,
      waiting: seen.waiting,
      nextBeforeSeq,
    });
    for (let fromSeq = beforeSeq; ;) {
      const messages = relayedMessages(reader, { relayId, beforeSeq: fromSeq, limit: readAtOnce });
      for (const message of messages) {
        const isFull = items.length === limit || seen.compared + seen.waiting === lookedCaptures;
        if (isFull || seen.messages === lookedMessages || performance.now() > until) return page(message.seq + 1);
        seen.messages += 1;
        if (message.id !== messageIdOf(relayId, shadow.ofId, message.captureId)) continue;
        const before = lastAnswerTo(reader, message.id);
        const after = lastAnswerTo(reader, messageIdOf(relayId, shadow.targetId, message.captureId));
        if (before === undefined || after === undefined) {
          seen.waiting += 1;
          continue;
        }
        seen.compared += 1;
        const difference = await differenceOf(reader, shadow, message, before, after);
        if (difference !== null) items.push(difference);
      }
      const last = messages.at(-1);
      if (last === undefined || messages.length < readAtOnce) return page(null);
      fromSeq = last.seq;
    }
  },
  'shadows',
);

async function differenceOf(
  reader: Reader,
  { ignore, toleranceMs }: ShadowConfig,
  { captureId, createdAtMs }: RelayedMessage,
  before: AnsweredAttempt,
  after: AnsweredAttempt,
): Promise<AnswerDifference | null> {
  const [one, other] = [answerOf(reader, before), answerOf(reader, after)];
  const answers = one === null || other === null ? null : await compareAnswers(one, other, ignore);
  const isOtherOutcome = before.status !== after.status || (before.status === null && before.outcomeCode !== after.outcomeCode);
  const apartMs = before.durationMs === null || after.durationMs === null ? 0 : after.durationMs - before.durationMs;
  const differs: AnswerDifference['differs'] = [
    ...(isOtherOutcome ? ['outcome' as const] : []),
    ...((answers?.headers.length ?? 0) > 0 ? ['headers' as const] : []),
    ...(answers?.isOtherBody === true ? ['body' as const] : []),
    ...(Math.abs(apartMs) > toleranceMs ? ['time' as const] : []),
  ];
  if (differs.length === 0) return null;
  return {
    captureId,
    atMs: createdAtMs,
    method: before.method,
    path: targetOf(before.url),
    before: sideOf(before),
    after: sideOf(after),
    differs,
    summary: summaryOf({ before, after, differs, answers, apartMs }),
    headers: (answers?.headers ?? []).slice(0, listedHeaders),
    body: answers === null ? null : { ...answers.body, changes: answers.body.changes.slice(0, listedChanges) },
    leftOut: answers?.leftOut ?? 0,
    leftOutHeaders: (answers?.leftOutHeaders ?? []).slice(0, listedHeaders),
  };
}

/** Null where no answer came. */
function answerOf(reader: Reader, { status, headersJson, bodyHash, bodyBytes, isTruncated }: AnsweredAttempt): ComparedAnswer | null {
  if (status === null || headersJson === null) return null;
  const kept = bodyHash === null ? null : readBody(reader, bodyHash);
  return {
    status,
    headers: JSON.parse(headersJson) as HeaderField[],
    bytes: kept ?? (bodyBytes === 0 ? new Uint8Array() : null),
    size: bodyBytes,
    isCut: isTruncated === 1,
  };
}

function sideOf({ deliveryId, id, outcomeCode, status, durationMs, bodyBytes }: AnsweredAttempt): AnswerDifference['before'] {
  return { deliveryId, attemptId: id, outcomeCode, status, durationMs, bodyBytes };
}

interface Differing {
  readonly before: AnsweredAttempt;
  readonly after: AnsweredAttempt;
  readonly differs: AnswerDifference['differs'];
  readonly answers: AnswersDifference | null;
  readonly apartMs: number;
}

/** What differs in a sentence, such as `200 became 500; the body differs in 2 values of its JSON.` */
function summaryOf({ before, after, differs, answers, apartMs }: Differing): string {
  const named = ({ status, outcomeCode }: AnsweredAttempt) => (status === null ? `no answer (${outcomeCode})` : String(status));
  const headers = answers?.headers.length ?? 0;
  const parts = differs.map((kind) => {
    switch (kind) {
      case 'outcome':
        return `${named(before)} became ${named(after)}`;
      case 'headers':
        return headers === 1 ? `the header ${answers?.headers[0]?.name ?? ''} differs` : `${headers} headers differ`;
      case 'body':
        return bodyText(answers);
      case 'time':
        return `the shadow was ${Math.round(Math.abs(apartMs))} ms ${apartMs > 0 ? 'slower' : 'faster'}`;
    }
  });
  return `${capitalised(parts.join('; '))}.`;
}

function bodyText(answers: AnswersDifference | null): string {
  const { changeCount = 0, changes = [], firstDifference = null } = answers?.body ?? {};
  if (changeCount === 1) return `the body differs at ${changes[0]?.path ?? '$'}`;
  if (changeCount > 1) return `the body differs in ${changeCount} values of its JSON, first at ${changes[0]?.path ?? '$'}`;
  return `the body differs from byte ${firstDifference?.offset ?? 0} on`;
}
