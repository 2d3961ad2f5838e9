import { useNow } from '../../stores/session.tsx';
import { RetryTimeline, type TimelineAttempt } from '../../ui/retry-timeline.tsx';
import { hostOf, outcomePhrase } from './sentence.ts';
import type { AttemptsProps } from './attempt-list.tsx';
import styles from './delivery-detail.module.css';

/** The attempts of a delivery over time, with the one that is due; nothing for a single one. */
export function DeliveryTimeline({ delivery, selectedId, onSelect }: AttemptsProps) {
  const nowMs = useNow();
  const { nextAttemptAtMs } = delivery;
  const host = hostOf(delivery.url);
  const made = delivery.attempts.map((attempt): TimelineAttempt => ({
    key: attempt.id,
    label: String(attempt.number),
    title: `Attempt ${attempt.number}: ${attempt.outcome === null ? 'under way' : outcomePhrase(attempt.outcome, host)}`,
    kind:
      attempt.outcome === null
        ? 'running'
        : attempt.outcome.code === 'ok'
          ? 'good'
          : delivery.status === 'exhausted' && attempt === delivery.attempts.at(-1)
            ? 'bad'
            : 'trouble',
    atMs: attempt.startedAtMs,
    durationMs: (attempt.endedAtMs ?? nowMs) - attempt.startedAtMs,
  }));
  const next: readonly TimelineAttempt[] =
    nextAttemptAtMs === null || delivery.isInFlight
      ? []
      : [
          {
            key: 'next',
            label: String(delivery.attemptCount + 1),
            title: `Attempt ${delivery.attemptCount + 1} is due`,
            kind: 'next',
            atMs: Math.max(nowMs, nextAttemptAtMs),
            durationMs: 0,
          },
        ];
  if (made.length + next.length < 2) return null;
  return (
    <div className={styles['timeline']}>
      <RetryTimeline
        label="Attempts over time"
        attempts={[...made, ...next]}
        nowMs={next.length > 0 ? nowMs : null}
        selectedKey={selectedId}
        onSelect={onSelect}
      />
    </div>
  );
}
