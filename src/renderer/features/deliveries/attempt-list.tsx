import { durationText } from '#shared/duration-text.ts';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import { useSettings } from '../../stores/session.tsx';
import { exactText } from '../../base/time-format.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { hostOf, outcomePhrase } from './sentence.ts';
import styles from './delivery-detail.module.css';

/** A delivery and which of its attempts is looked at. */
export interface AttemptsProps {
  readonly delivery: DeliveryDetail;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
}

const triggerWords = { schedule: '', redelivery: 'redelivery', manual: 'by hand' } as const;

/** The attempts of a delivery, the newest first. */
export function AttemptList({ delivery, selectedId, onSelect }: AttemptsProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  const host = hostOf(delivery.url);
  return (
    <ol className={styles['attempts']} aria-label="Attempts">
      {delivery.attempts.toReversed().map((attempt) => (
        <li key={attempt.id}>
          <button
            type="button"
            aria-pressed={attempt.id === selectedId}
            title={exactText(attempt.startedAtMs, isUtc)}
            onClick={() => onSelect(attempt.id)}
          >
            <span className={styles['number']}>{attempt.number}</span>
            <StatusBadge
              state={attempt.outcome === null ? 'sending' : attempt.outcome.code === 'ok' ? 'delivered' : 'failed'}
              plain
              word=""
            />
            <span className="truncate">{attempt.outcome === null ? 'Under way' : outcomePhrase(attempt.outcome, host)}</span>
            <span className={styles['trigger']}>{triggerWords[attempt.trigger]}</span>
            <span className={styles['duration']}>{attempt.timings === null ? '' : durationText(attempt.timings.totalMs)}</span>
            <span className={styles['age']}>
              <TimeText atMs={attempt.startedAtMs} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
