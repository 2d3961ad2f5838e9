import type { AnsweredBy } from '#shared/contract/bin-answers.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerValue, isHeaderName, isHeaderValue, isSameHeader } from '#shared/text/headers.ts';
import type { Clock } from '../base/ports.ts';
import { replyFor, sentenceAnswer, type Reply } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Peer } from './peer.ts';
import type { Recorder } from './recorder.ts';
import { send } from './send.ts';
import type { ExpectedAnswer, TargetResponse, TargetResult } from './target-answers.ts';

/** Bytes of answers that senders have not taken yet. */
export interface AnswerRoom {
  /** False where there is no room for as many. */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

/** Thousands of usual answers; a sender that takes none holds one of them. */
const answerRoomBytes = 67_108_864;

export function createAnswerRoom(limitBytes = answerRoomBytes): AnswerRoom {
  let held = 0;
  return {
    take: (bytes) => {
      if (held + bytes > limitBytes) return false;
      held += bytes;
      return true;
    },
    give: (bytes) => {
      held -= bytes;
    },
  };
}

interface ByTargetDeps {
  readonly clock: Clock;
  readonly recorder: Pick<Recorder, 'answeredBy'>;
  readonly answerRoom: AnswerRoom;
}

/** A captured request whose sender waits. */
interface WaitingRequest {
  readonly peer: Peer;
  readonly connection: Connection;
  readonly expected: ExpectedAnswer;
  /** The answer of the bin itself. */
  readonly own: Reply;
  /** When the request began, by the monotonic clock. */
  readonly startedMs: number;
}

/** What a capture says until its answer is known, and if the process ends before. */
export function notAnsweredYet({ target, relay }: ExpectedAnswer): AnsweredBy {
  const why = `${target} is asked, through the relay ${relay}, and what it answers is not here yet. Should Hookyard have ended meanwhile, the sender got no answer.`;
  return { kind: 'unanswered', label: 'no answer yet', ruleId: null, why };
}

/** Waits for what the target answers, passes it on, and notes who answered. */
export async function answerByTarget(deps: ByTargetDeps, request: WaitingRequest): Promise<void> {
  const { clock, recorder, answerRoom } = deps;
  const { peer, connection, expected, startedMs } = request;
  const unfollow = connection.onGone(expected.giveUp);
  if (connection.gone() !== null) expected.giveUp();
  const result = await expected.result;
  unfollow();
  const { reply, by } = answerTo(request, hasRoom(answerRoom, result) ? result : noRoom, clock.now());
  const isLeft = connection.gone() === 'sender-left' || !(await connection.wait(clock, reply.delayMs));
  let isOver = false;
  const over = (totalMs: number | null, given: AnsweredBy) => {
    if (isOver) return;
    isOver = true;
    if (by.kind === 'target') answerRoom.give(reply.body.byteLength);
    recorder.answeredBy(expected.captureId, totalMs, reply, given);
  };
  if (isLeft) {
    over(null, notAnswered(expected));
    return peer.cut();
  }
  peer.onSent(() => over(performance.now() - startedMs, by));
  peer.onUnsent(() => over(null, by));
  return await send(clock, reply, peer, connection);
}

function hasRoom(room: AnswerRoom, result: TargetResult): boolean {
  return result.kind !== 'answered' || room.take(result.response.body.byteLength);
}

const noRoom: TargetResult = {
  kind: 'none',
  label: 'no room',
  clause: 'answered, but more answers are on their way to senders than there is room for',
  detail: null,
};

function notAnswered({ target }: ExpectedAnswer): AnsweredBy {
  const why = `The sender left, or Hookyard stopped, before there was an answer of ${target} or one in its place.`;
  return { kind: 'unanswered', label: 'sender left', ruleId: null, why };
}

/** The answer of the target, or what comes in its place, with who gave it. */
function answerTo(
  { peer, expected, own }: Pick<WaitingRequest, 'peer' | 'expected' | 'own'>,
  result: TargetResult,
  nowMs: number,
): { readonly reply: Reply; readonly by: AnsweredBy } {
  const { target, relay, otherwise } = expected;
  const inPlace = (label: string, clause: string, detail: string | null) => {
    const who = otherwise === 'bin' ? 'the bin answered' : `${otherwise} was answered`;
    const why = `${target} ${clause}, so ${who}.${detail === null ? '' : ` ${detail}`}`;
    const reply = otherwise === 'bin' ? own : replyFor(sentenceAnswer(otherwise, noAnswerText, { isLast: false }), peer.method, nowMs);
    return { reply, by: { kind: 'fallback' as const, label, ruleId: null, why } };
  };
  switch (result.kind) {
    case 'answered': {
      const why = `The target ${target} of the relay ${relay} answered in ${Math.round(result.tookMs)} ms.`;
      return { reply: targetReply(result.response, peer.method, nowMs), by: { kind: 'target', label: target, ruleId: null, why } };
    }
    case 'none':
      return inPlace(result.label, result.clause, result.detail);
    case 'given-up':
      return inPlace('Hookyard stopped', 'had not answered when Hookyard stopped', null);
    case 'not-asked': {
      const why = `The bin's own answer, since the request does not go on to ${target}: ${result.why}.`;
      return { reply: own, by: { kind: 'own', label: 'own answer', ruleId: null, why } };
    }
  }
}

const noAnswerText = 'The request was received and kept, but where it goes on to gave no answer.';

/**
 * The answer of a target as it is passed on: status, headers and bytes, but for headers about one connection and those that cannot be
 * written. The length is that of the body, or for an answer without one what the target says of it.
 */
function targetReply({ status, headers, body }: TargetResponse, method: string, nowMs: number): Reply {
  const kept = headersToSendOn(headers).headers.filter(([name, value]) => isHeaderName(name) && isHeaderValue(value));
  const reply = replyFor({ status, headers: kept, body, delayMs: 0, isLast: false, fault: null }, method, nowMs);
  if (method !== 'HEAD' && status !== 304) return reply;
  const declared = headerValue(headers, 'content-length') ?? '';
  const others = reply.headers.filter(([name]) => !isSameHeader(name, 'content-length'));
  return { ...reply, headers: /^\d+$/.test(declared) ? [...others, ['Content-Length', declared]] : others };
}
