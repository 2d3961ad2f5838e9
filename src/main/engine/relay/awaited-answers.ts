import type { RelaySkipReason } from '#shared/contract/relay-verdicts.ts';
import { captureSkipWords } from '#shared/relay-words.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Clock, Ids } from '../base/ports.ts';
import type { ExpectedAnswer, TargetAnswers, TargetResult } from '../capture/target-answers.ts';
import type { AwaitedAttempts } from '../dispatch/awaited-attempts.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { SendResult } from '../http/sender.types.ts';
import type { RelayBook } from './book.ts';
import type { RelayConfig } from './config.ts';
import { messageIdOf } from './message-id.ts';
import type { PlannedCapture } from './plan.ts';
import { targetLabel } from './target-label.ts';

export interface AwaitedAnswersDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly relays: Pick<RelayBook, 'ofBin'>;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  /** What keeps a delivery to an endpoint from being sent. */
  readonly holdOn: Dispatcher['holdOn'];
}

/** Senders that wait for the answers of targets: from the capture of their request until the first attempt of its delivery ended. */
export interface AwaitedAnswers extends TargetAnswers, AwaitedAttempts {
  /** A capture goes on, or not, as this relay planned it. */
  readonly planned: (captureId: string, planned: PlannedCapture) => void;
}

/** A longer answer is not passed on. */
const answerLimitBytes = 1_048_576;
/** More than connections of the listener; with HTTP/2 there could be more requests than those. */
const mostWaiting = 10_000;

interface Waiter {
  /** What the target is called. */
  readonly label: string;
  readonly messageId: string;
  readonly settle: (result: TargetResult) => void;
}

export function createAwaitedAnswers({ clock, ids, relays, endpoints, holdOn }: AwaitedAnswersDeps): AwaitedAnswers {
  const byCapture = new Map<string, Waiter>();
  const byMessage = new Map<string, Waiter>();

  const expected = (relay: RelayConfig, target: string, captureId: string, result: Promise<TargetResult>, giveUp: () => void) => ({
    captureId,
    target,
    relay: relay.name,
    otherwise: relay.answer?.otherwise ?? ('bin' as const),
    result,
    giveUp,
  });

  return {
    expect: (binId, given): ExpectedAnswer | null => {
      const relay = relays.ofBin(binId).find(({ answer }) => answer !== null);
      const target = relay?.targets.find(({ endpointId }) => endpointId === relay.answer?.targetId);
      if (relay?.answer == null || target === undefined) return null;
      const captureId = given ?? ids.next('cap');
      const label = targetLabel(endpoints, target);
      const atOnce = (result: TargetResult) => expected(relay, label, captureId, Promise.resolve(result), () => undefined);
      if (!relay.isActive) return atOnce(none('relay paused', 'was not asked', 'The relay is paused.'));
      if (byCapture.size >= mostWaiting) return atOnce(none('too many wait', 'was not waited for', `${mostWaiting} senders wait already.`));
      const { withinMs } = relay.answer;
      const { promise, resolve } = Promise.withResolvers<TargetResult>();
      const messageId = messageIdOf(relay.id, target.endpointId, captureId);
      const settle = (result: TargetResult) => {
        cancel();
        byCapture.delete(captureId);
        byMessage.delete(messageId);
        resolve(result);
      };
      const cancel = clock.at(clock.now() + withinMs, () =>
        settle(none(`${label} was late`, `gave no answer within ${withinMs / 1000} s`)),
      );
      const waiter = { label, messageId, settle };
      byCapture.set(captureId, waiter);
      byMessage.set(messageId, waiter);
      return expected(relay, label, captureId, promise, () => settle({ kind: 'given-up' }));
    },
    planned: (captureId, { forwards, skips }) => {
      const waiter = byCapture.get(captureId);
      if (waiter === undefined) return;
      const forward = forwards.find(({ messageId }) => messageId === waiter.messageId);
      if (forward === undefined) return waiter.settle(notForwarded(skips[0] as RelaySkipReason | undefined));
      const hold = holdOn(forward.endpointId, clock.now());
      if (hold?.by === 'disabled') return waiter.settle(none('target disabled', 'was not asked', 'The endpoint is disabled.'));
      if (hold?.by === 'circuit')
        return waiter.settle(none('target paused', 'was not asked', 'Its circuit is open, since it failed several times.'));
    },
    wantedBytes: (messageId) => (byMessage.has(messageId) ? answerLimitBytes : 0),
    ended: (messageId, outcome, result) => {
      const waiter = byMessage.get(messageId);
      if (waiter === undefined) return;
      waiter.settle(resultOf(waiter, outcome, result));
    },
  };
}

function none(label: string, clause: string, detail: string | null = null): TargetResult {
  return { kind: 'none', label, clause, detail };
}

/** Outcomes of attempts whose answer came whole, whatever it says. */
const whole: ReadonlySet<Outcome['code']> = new Set(['ok', 'http_status', 'redirect']);

function resultOf({ label }: Waiter, { code, message }: Outcome, result: Pick<SendResult, 'response' | 'timings'> | null): TargetResult {
  const response = result?.response ?? null;
  if (result === null || response === null || !whole.has(code)) return none(`${label} failed`, 'gave no whole answer', message);
  const { status, headers, body, bodyBytes, timings } = { ...response, timings: result.timings };
  // What is kept may be more than is passed on.
  if (bodyBytes > Math.min(answerLimitBytes, body.byteLength))
    return none(`answer of ${label} too large`, `answered with ${bodyBytes} bytes, and at most ${answerLimitBytes} are passed on`);
  if (status > 599) return none(`${label} failed`, `answered with the status ${status}, which HTTP does not have`);
  return { kind: 'answered', response: { status, headers, body }, tookMs: timings.totalMs };
}

function notForwarded(reason: RelaySkipReason | undefined): TargetResult {
  if (reason === undefined || reason === 'unmatched') return { kind: 'not-asked', why: 'no filter matched' };
  return none('not forwarded', 'was not asked', captureSkipWords[reason]);
}
